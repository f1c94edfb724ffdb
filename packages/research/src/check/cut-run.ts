import { allocateBarColumns, type BarColumns, resample, sliceBarColumns, type TimeUs } from "@tradepulse/core";
import type { BoundInput, BoundRun } from "../run/bind-inputs.ts";

/** Rows after a cut that a shuffle keeps: more would cost time and show nothing new. */
const SHUFFLED_ROWS = 4_096;

/** The run with no bar that closes after `timeUs`. */
export function cutAfter(run: BoundRun, timeUs: TimeUs): BoundRun {
  return withColumns(run, ({ columns }) => sliceBarColumns(columns, 0, rowsUntil(columns, timeUs)));
}

/** The run with the bars after `timeUs` in another order: their times stay, what happened in them is dealt anew. */
export function shuffleAfter(run: BoundRun, timeUs: TimeUs, random: (below: number) => number): BoundRun {
  return withColumns(run, ({ columns }) => {
    const from = rowsUntil(columns, timeUs);
    return shuffled(columns, from, Math.min(columns.length, from + SHUFFLED_ROWS), random);
  });
}

/** The run with only `rows` bars of history before the range, of each input with data of its own. */
export function withHistory(run: BoundRun, rows: number): BoundRun {
  const cut = withColumns(run, ({ columns, warmupBars }) => sliceBarColumns(columns, Math.max(0, warmupBars - rows), columns.length));
  return { ...cut, inputs: cut.inputs.map((input) => ({ ...input, warmupBars: Math.min(input.warmupBars, rows) })) };
}

function withColumns(run: BoundRun, change: (input: BoundInput) => BarColumns): BoundRun {
  const changed = new Map(run.inputs.filter(({ of }) => of === undefined).map((input) => [input.name, change(input)]));
  const inputs = run.inputs.map((input) => ({
    ...input,
    columns: input.of === undefined ? changed.get(input.name)! : resample(changed.get(input.of)!, input.intervalUs),
  }));
  return { ...run, inputs };
}

function rowsUntil({ closeUs, length }: BarColumns, timeUs: TimeUs): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (closeUs[middle]! <= timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function shuffled(columns: BarColumns, from: number, to: number, random: (below: number) => number): BarColumns {
  const out = allocateBarColumns(to, columns.volumeKnown);
  const order = Array.from({ length: to - from }, (_, k) => from + k);
  for (let k = order.length - 1; k > 0; k -= 1) {
    const other = random(k + 1);
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  out.openUs.set(columns.openUs.subarray(0, to));
  out.closeUs.set(columns.closeUs.subarray(0, to));
  for (const part of ["open", "high", "low", "close", "volume"] as const) {
    out[part].set(columns[part].subarray(0, from));
    order.forEach((row, k) => {
      out[part][from + k] = columns[part][row]!;
    });
  }
  return out;
}
