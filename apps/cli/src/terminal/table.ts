import { cutText, padText, textWidth } from "./wrap-text.ts";

export interface TableColumn {
  readonly title: string;
  readonly align?: "start" | "end";
  /** Columns with higher numbers are left out first where the terminal is narrow; 0 (the default) stays. */
  readonly rank?: number;
  /** May be cut down to this width. */
  readonly least?: number;
}

const GAP = 2;

/**
 * Rows under titles, at most `width` columns wide: first the columns of the highest rank are left out, then the ones that allow
 * it are cut. Titles are printed as they are.
 */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[], width: number): string[] {
  let shown = columns.map((_, i) => i);
  const natural = columns.map((column, i) => Math.max(textWidth(column.title), ...rows.map((row) => textWidth(row[i] ?? ""))));
  const widths = [...natural];
  const total = (): number => shown.reduce((sum, i) => sum + widths[i]!, GAP * (shown.length - 1));
  for (let rank = Math.max(0, ...columns.map((column) => column.rank ?? 0)); rank > 0 && total() > width; rank -= 1) {
    shown = shown.filter((i) => (columns[i]!.rank ?? 0) < rank);
  }
  for (const i of shown.toSorted((a, b) => widths[b]! - widths[a]!)) {
    const least = columns[i]!.least;
    if (least !== undefined) widths[i] = Math.max(Math.min(least, natural[i]!), natural[i]! - Math.max(0, total() - width));
  }
  const line = (cells: readonly string[]): string =>
    shown
      .map((i) => padText(cutText(cells[i] ?? "", widths[i]!), widths[i]!, columns[i]!.align))
      .join(" ".repeat(GAP))
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}
