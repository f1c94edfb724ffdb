import { stripVTControlCharacters } from "node:util";

/** Columns that a text takes, colours not counted. */
export function textWidth(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Breaks a text at spaces into lines of at most `width` columns; a longer word, such as a path, stays whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Like {@link wrapText}, with `first` before the first line and spaces of the same width before the others. */
export function hangingText(first: string, text: string, width: number): string {
  const indent = textWidth(first);
  return wrapText(text, Math.max(10, width - indent))
    .map((line, i) => (i === 0 ? first : " ".repeat(indent)) + line)
    .join("\n");
}

/** Pads on the right (`start`) or on the left (`end`), colours not counted. */
export function padText(text: string, width: number, align: "start" | "end" = "start"): string {
  const space = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "start" ? text + space : space + text;
}

/** Cuts a text to `width` columns; a text that was cut ends in two dots. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const plain = stripVTControlCharacters(text);
  return width <= 2 ? plain.slice(0, width) : `${plain.slice(0, width - 2)}..`;
}
