/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A line a result: what was measured, the number, the goal, and whether it holds. */
export interface BenchRow {
  readonly goal: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string;
  readonly met: boolean | undefined;
  readonly note?: string;
}

/** Prints rows as an aligned table. */
export function printRows(rows: readonly BenchRow[]): void {
  for (const row of rows) {
    const mark = row.met === undefined ? " " : row.met ? "+" : "-";
    const value = Number.isInteger(row.value) ? String(row.value) : row.value.toPrecision(4);
    console.log(
      `${mark} ${row.goal.padEnd(5)} ${row.what.padEnd(58)} ${value.padStart(12)} ${row.unit.padEnd(14)} ${row.target.padEnd(16)} ${row.note ?? ""}`,
    );
  }
}
