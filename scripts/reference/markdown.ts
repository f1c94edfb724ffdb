/** Says in the page itself where it comes from, so that nobody corrects it by hand. */
export function generatedFrom(source: string): string {
  return `<!-- Generated from ${source} by \`npm run reference\`. Change the source, not this page. -->`;
}

/** A table with a head. Cells are text; a pipe in them is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|").trim()).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** A page from its blocks, one empty line between them and a line end after the last. */
export function page(...blocks: readonly string[]): string {
  return `${blocks.join("\n\n")}\n`;
}
