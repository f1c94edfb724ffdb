/** The UTF-8 text of `bytes[from, to)`. */
export function decodeText(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8");
}

/**
 * The cells of one row, trimmed, quotes resolved (`""` inside quotes is one quote). `undefined` when a quote stays open
 * at the end of the row.
 */
export function splitRow(text: string, delimiter: string): string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === " ") at += 1;
    let cell = "";
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close < 0) return undefined;
        cell += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    const next = text.indexOf(delimiter, at);
    cell += text.slice(at, next < 0 ? undefined : next);
    cells.push(cell.trim());
    if (next < 0) return cells;
    at = next + 1;
  }
}
