import { formatTimeUs, sliceBarColumns, type TimeUs } from "@tradepulse/core";
import type { Dataset, DatasetInstrument, WholeDataset } from "./dataset.ts";
import { refuse, shown } from "./refuse.ts";
import { parseTimestamp } from "./time/parse-timestamp.ts";

/** Half open: bars that open at or after `from` and before `to`. Texts are dates or times in UTC unless they state a zone. */
export interface RangeOptions {
  readonly from?: string | TimeUs;
  readonly to?: string | TimeUs;
}

/** Reads both ends of a range; refuses what is no time, and a range without extent. */
export function readRange(options: RangeOptions): Dataset["range"] {
  const fromUs = readBound("from", options.from);
  const toUs = readBound("to", options.to);
  if (fromUs !== undefined && toUs !== undefined && fromUs >= toUs) {
    refuse(
      "TP_DATA_RANGE",
      `Cannot cut a range of time: --from ${formatTimeUs(fromUs)} is not before --to ${formatTimeUs(toUs)}`,
      [],
      "exchange or correct the two; --to itself is not part of the range",
    );
  }
  return { ...(fromUs === undefined ? {} : { fromUs }), ...(toUs === undefined ? {} : { toUs }) };
}

function readBound(name: "from" | "to", value: string | TimeUs | undefined): TimeUs | undefined {
  if (value === undefined || typeof value === "number") return value;
  const parsed = parseTimestamp(value.trim(), { kind: "iso" });
  if (parsed !== undefined) return parsed.timeUs;
  return refuse(
    "TP_DATA_RANGE",
    `Cannot cut a range of time: --${name} ${shown(value)} is no date or time`,
    [],
    `write it as in --${name} 2026-03-01 or --${name} 2026-03-01T09:30-05:00`,
  );
}

/** The bars before `to`, with the number of those that open before `from`. Refuses a range that holds no bar of any instrument. */
export function cutRange(whole: WholeDataset, range: Dataset["range"]): readonly DatasetInstrument[] {
  const cut = whole.instruments.map((one) => {
    const { columns } = one;
    const end = range.toUs === undefined ? columns.length : firstAtOrAfter(columns.openUs, range.toUs);
    const warmupBars = range.fromUs === undefined ? 0 : Math.min(end, firstAtOrAfter(columns.openUs, range.fromUs));
    return { ...one, warmupBars, columns: end === columns.length ? columns : sliceBarColumns(columns, 0, end) };
  });
  if (cut.every(({ columns, warmupBars }) => columns.length === warmupBars)) {
    const first = Math.min(...whole.instruments.map(({ columns }) => columns.openUs[0]!));
    const last = Math.max(...whole.instruments.map(({ columns }) => columns.openUs.at(-1)!));
    refuse(
      "TP_DATA_RANGE",
      `Cannot cut a range out of "${whole.name}": no bar opens from ${range.fromUs === undefined ? "its start" : formatTimeUs(range.fromUs)} to ${range.toUs === undefined ? "its end" : formatTimeUs(range.toUs)}`,
      [["bars", `${formatTimeUs(first)} to ${formatTimeUs(last)}`]],
      "choose --from and --to within the dataset",
    );
  }
  return cut;
}

function firstAtOrAfter(openUs: Float64Array, timeUs: TimeUs): number {
  let low = 0;
  let high = openUs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (openUs[middle]! < timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
