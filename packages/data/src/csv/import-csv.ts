import type { BarColumns, CalendarName } from "@tradepulse/core";
import { breathe } from "../breathe.ts";
import { type BadBar, type BarCounts, checkBars } from "../quality/check-bars.ts";
import type { Finding } from "../quality/finding.ts";
import { refuse } from "../refuse.ts";
import { inferCalendar } from "../time/calendar.ts";
import { inferInterval, intervalName, US_PER_MONTH } from "../time/interval.ts";
import { isMonthEnd, type Stamp, stampBars } from "../time/stamp.ts";
import type { ZoneRules } from "../time/zone-rules.ts";
import { importTimes, type TimeOptions, timeFormOf } from "./import-times.ts";
import { type CsvLayout, type LayoutOptions, layoutOf } from "./layout.ts";
import { type CsvHead, HEAD_BYTES, readHead } from "./read-head.ts";
import { columnText, locateRow, refuseRow } from "./row-problem.ts";
import { type ScannedColumns, type ScanOptions, scanFile, timeText } from "./scan-file.ts";

export interface CsvImportOptions extends LayoutOptions, TimeOptions, ScanOptions {
  /** Length of a bar in microseconds; the commonest difference between neighbours when absent. */
  readonly intervalUs?: number;
  /** Which instant of a bar its time names; `open` when absent, except for months, where it must be said. */
  readonly stamp?: Stamp;
  /** When the market is open; told from the bars when absent. */
  readonly calendar?: CalendarName;
}

/** The bars of one instrument of a file, prices as written. */
export interface ImportedSeries {
  /** Name of a column of wide closes; `undefined` where the file is about one instrument. */
  readonly name: string | undefined;
  readonly columns: BarColumns;
  readonly calendar: CalendarName;
  /** A bound for the digits after the point of its prices. */
  readonly priceDigits: number;
  readonly counts: BarCounts;
  /** Cells that the file leaves empty, in a file of wide closes. */
  readonly missingCells: number;
}

export interface CsvImport {
  readonly kind: CsvLayout["kind"];
  readonly intervalUs: number;
  readonly stamp: Stamp;
  readonly zone: ZoneRules | undefined;
  readonly series: readonly ImportedSeries[];
  readonly findings: readonly Finding[];
  readonly size: number;
  readonly modifiedMs: number;
}

/**
 * Reads a CSV file of bars into columns: understands its columns and times, refuses what is not a bar, and says what it
 * took for granted. Throws a FailureError with a `TP_DATA_` code that names file, line, column and value.
 */
export async function importCsv(path: string, options: CsvImportOptions = {}): Promise<CsvImport> {
  const head = await readHead(path);
  try {
    const layout = layoutOf(head, options);
    const firstCells = layout.hasHeader ? head.sampleRows[0] : head.firstRow;
    if (firstCells === undefined && head.size > HEAD_BYTES) {
      refuse(
        "TP_DATA_ROW_LENGTH",
        `Cannot load "${path}": no row ends within the first ${HEAD_BYTES / 1_024} KB, rows of prices do`,
        [["line", layout.hasHeader ? "2" : "1"]],
        "check that the lines of the file end with a line feed",
      );
    }
    if (firstCells === undefined) {
      refuse(
        "TP_DATA_NO_ROWS",
        `Cannot load "${path}": there is a header line and no row below it`,
        [["line", "1"]],
        "download or export it again",
      );
    }
    const firstTime = timeText(layout, firstCells);
    const form = await timeFormOf(head, layout, firstTime, options);
    const scanned = await scanFile(head, layout, form, firstTime, options);
    await breathe(options.signal);
    const times = await importTimes(head, layout, form, scanned, options);
    const intervalUs = intervalOf(head, times.timeUs, options);
    const stamp = await stampOf(head, layout, times.timeUs, intervalUs, times.zone, options);
    const calendar = options.calendar ?? inferCalendar(times.timeUs, intervalUs, times.zone);
    const series = await (layout.kind === "wide closes" ? wideSeries : oneSeries)(head, layout, scanned, times.timeUs, calendar);
    await breathe(options.signal);
    const closeUs = new Float64Array(new SharedArrayBuffer(times.timeUs.length * 8));
    stampBars(times.timeUs, closeUs, intervalUs, stamp, times.zone);
    await refuseChanged(head);
    return {
      kind: layout.kind,
      intervalUs,
      stamp,
      zone: times.zone,
      series: series.map((one) => withTimes(one, times.timeUs, closeUs)),
      findings: [...layout.findings, ...times.findings],
      size: head.size,
      modifiedMs: head.modifiedMs,
    };
  } finally {
    await head.file.close();
  }
}

function intervalOf(head: CsvHead, timeUs: Float64Array, options: CsvImportOptions): number {
  const intervalUs = options.intervalUs ?? inferInterval(timeUs);
  if (intervalUs !== undefined) return intervalUs;
  return refuse(
    "TP_DATA_INTERVAL",
    `Cannot load "${head.path}": it has one row, which does not show the interval of its bars`,
    [],
    "say it with --interval, for example --interval 1d",
  );
}

async function stampOf(
  head: CsvHead,
  layout: CsvLayout,
  timeUs: Float64Array,
  intervalUs: number,
  zone: ZoneRules | undefined,
  options: CsvImportOptions,
): Promise<Stamp> {
  const { stamp } = options;
  if (intervalUs !== US_PER_MONTH) {
    if (stamp !== "month-end") return stamp ?? "open";
    return refuse(
      "TP_DATA_STAMP",
      `Cannot load "${head.path}": --stamp month-end is for bars of months, these last ${intervalName(intervalUs)}`,
      [],
      "leave out --stamp, or say open or close",
    );
  }
  if (stamp === undefined) {
    const { cells } = await locateRow(head, layout, 0);
    return refuse(
      "TP_DATA_STAMP",
      `Cannot load "${head.path}": its bars last a month, and a date such as ${timeText(layout, cells)} does not say whether it names the first or the last moment of one`,
      [],
      "say it with --stamp month-end, open or close",
    );
  }
  const local = (at: number): number => at + (zone?.offsetAt(at) ?? 0);
  const strange = stamp === "month-end" ? timeUs.findIndex((at) => !isMonthEnd(local(at))) : -1;
  if (strange >= 0) {
    const { fileOffset, cells } = await locateRow(head, layout, strange);
    await refuseRow(head, layout, fileOffset, {
      code: "TP_DATA_STAMP",
      state: "a date is not the end of a month, with --stamp month-end each must be",
      field: layout.timeField,
      value: timeText(layout, cells),
      next: "say --stamp open or --stamp close",
    });
  }
  return stamp;
}

type Untimed = Omit<ImportedSeries, "columns"> & {
  readonly prices: Omit<BarColumns, "openUs" | "closeUs" | "length">;
  readonly rows?: readonly number[];
};

async function oneSeries(
  head: CsvHead,
  layout: CsvLayout,
  scanned: ScannedColumns,
  _timeUs: Float64Array,
  calendar: CalendarName,
): Promise<Untimed[]> {
  const [open, high, low, close] = layout.priceFields.map((field) => scanned.fields.get(field)!) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const volume = layout.volumeField === undefined ? undefined : scanned.fields.get(layout.volumeField)!;
  const counts = checkBars({ open, high, low, close, volume });
  if ("problem" in counts) await refuseBar(head, layout, counts, counts.row);
  // Zero in every bar is what a source writes that does not know.
  const volumeKnown = volume !== undefined && (counts as BarCounts).zeroVolume < volume.length;
  return [
    {
      name: undefined,
      calendar,
      priceDigits: Math.max(...layout.priceFields.map((field) => scanned.fractionDigits[field]!)),
      counts: counts as BarCounts,
      missingCells: 0,
      prices: {
        open,
        high,
        low,
        close,
        volume: volume ?? new Float64Array(new SharedArrayBuffer(close.length * 8)),
        volumeKnown,
      },
    },
  ];
}

/** One series per column; rows in which its cell is empty are left out. */
async function wideSeries(
  head: CsvHead,
  layout: CsvLayout,
  scanned: ScannedColumns,
  timeUs: Float64Array,
  calendar: CalendarName,
): Promise<Untimed[]> {
  const series: Untimed[] = [];
  for (const [i, field] of layout.priceFields.entries()) {
    const all = scanned.fields.get(field)!;
    const rows: number[] = [];
    for (let row = 0; row < all.length; row += 1) if (!Number.isNaN(all[row]!)) rows.push(row);
    if (rows.length === 0) {
      refuse(
        "TP_DATA_NO_ROWS",
        `Cannot load "${head.path}": column "${layout.instrumentNames[i]!}" has no value`,
        [["column", layout.instrumentNames[i]!]],
        "remove the column",
      );
    }
    const close = rows.length === all.length ? all : gather(all, rows);
    const counts = checkBars({ open: close, high: close, low: close, close, volume: undefined });
    if ("problem" in counts) await refuseBar(head, { ...layout, priceFields: [field, field, field, field] }, counts, rows[counts.row]!);
    series.push({
      name: layout.instrumentNames[i]!,
      calendar,
      priceDigits: scanned.fractionDigits[field]!,
      counts: counts as BarCounts,
      missingCells: timeUs.length - rows.length,
      prices: {
        open: close,
        high: close,
        low: close,
        close,
        volume: new Float64Array(new SharedArrayBuffer(close.length * 8)),
        volumeKnown: false,
      },
      ...(rows.length === all.length ? {} : { rows }),
    });
  }
  return series;
}

function gather(column: Float64Array, rows: readonly number[]): Float64Array {
  const out = new Float64Array(new SharedArrayBuffer(rows.length * 8));
  for (let i = 0; i < rows.length; i += 1) out[i] = column[rows[i]!]!;
  return out;
}

function withTimes(untimed: Untimed, openUs: Float64Array, closeUs: Float64Array): ImportedSeries {
  const { prices, rows, ...series } = untimed;
  const columns = {
    length: prices.close.length,
    openUs: rows === undefined ? openUs : gather(openUs, rows),
    closeUs: rows === undefined ? closeUs : gather(closeUs, rows),
    ...prices,
  };
  return { ...series, columns };
}

async function refuseBar(head: CsvHead, layout: CsvLayout, bad: BadBar, row: number): Promise<never> {
  const { fileOffset, cells } = await locateRow(head, layout, row);
  const parts = ["open", "high", "low", "close"] as const;
  const field = bad.part === "volume" ? layout.volumeField! : layout.priceFields[parts.indexOf(bad.part)]!;
  const value = cells[field] ?? "";
  if (bad.problem === "high-below-low") {
    const low = layout.priceFields[2]!;
    return await refuseRow(head, layout, fileOffset, {
      code: "TP_DATA_HIGH_LOW",
      state: "a high is below the low of its bar, it must be at or above",
      field,
      value,
      details: [[columnText(layout, low), cells[low] ?? ""]],
      next: "correct or remove the row; columns may be in another order than their names",
    });
  }
  return await refuseRow(head, layout, fileOffset, {
    code: "TP_DATA_NOT_POSITIVE",
    state:
      bad.problem === "negative-volume" ? "a volume is below 0, 0 or more is allowed" : "a price is 0 or below, prices above 0 are allowed",
    field,
    value,
    next: "correct or remove the row",
  });
}

async function refuseChanged(head: CsvHead): Promise<void> {
  const now = await head.file.stat();
  if (now.size === head.size && now.mtimeMs === head.modifiedMs) return;
  refuse("TP_DATA_CHANGED", `Cannot load "${head.path}": it changed while it was read`, [], "load it again when nobody writes to it");
}
