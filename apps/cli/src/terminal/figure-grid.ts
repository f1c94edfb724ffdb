import { cutText, padText, textWidth } from "./wrap-text.ts";

/** A label and its value. */
export type GridItem = readonly [label: string, value: string];

const GAP = 4;
const INDENT = 2;
const MOST_COLUMNS = 3;

/**
 * Labels and values side by side in as many columns (one to three) as fit into `width`, read from top to bottom.
 * Values are aligned on the right of their column.
 */
export function figureGrid(items: readonly GridItem[], width: number): string[] {
  const room = Math.max(10, width - INDENT);
  for (let columns = MOST_COLUMNS; columns >= 1; columns -= 1) {
    const height = Math.ceil(items.length / columns);
    const groups = Array.from({ length: columns }, (_, c) => items.slice(c * height, (c + 1) * height)).filter((group) => group.length > 0);
    const widths = groups.map((group) => ({
      label: Math.max(...group.map(([label]) => textWidth(label))),
      value: Math.max(...group.map(([, value]) => textWidth(value))),
    }));
    const total = widths.reduce((sum, { label, value }) => sum + label + 2 + value, GAP * (groups.length - 1));
    if (total > room && columns > 1) continue;
    return Array.from({ length: height }, (_, row) =>
      groups
        .map((group, c) => gridCell(group[row], widths[c]!, room))
        .join(" ".repeat(GAP))
        .trimEnd(),
    ).map((line) => " ".repeat(INDENT) + line);
  }
  return [];
}

function gridCell(item: GridItem | undefined, width: { readonly label: number; readonly value: number }, room: number): string {
  if (item === undefined) return " ".repeat(width.label + 2 + width.value);
  const [label, value] = item;
  const shown = cutText(value, Math.max(8, room - width.label - 2));
  return `${padText(label, width.label)}  ${padText(shown, Math.min(width.value, Math.max(8, room - width.label - 2)), "end")}`;
}
