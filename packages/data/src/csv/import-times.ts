import { formatTimeUs, type TimeUs, US_PER_DAY, US_PER_SECOND } from "@tradepulse/core";
import { firstOutOfOrder } from "../quality/check-bars.ts";
import type { Finding } from "../quality/finding.ts";
import { refuse } from "../refuse.ts";
import {
  type DateOrder,
  detectTimeForm,
  EARLIEST_US,
  type EpochUnit,
  FIRST_YEAR,
  LAST_YEAR,
  LATEST_US,
  orderShownBy,
  type TimeForm,
} from "../time/parse-timestamp.ts";
import { isZoneName, ZoneRules } from "../time/zone-rules.ts";
import { readRowChunks } from "./chunk-reader.ts";
import type { CsvLayout } from "./layout.ts";
import type { CsvHead } from "./read-head.ts";
import { locateRow, refuseRow } from "./row-problem.ts";
import { decodeText, splitRow } from "./row-text.ts";
import { type ScannedColumns, timeText } from "./scan-file.ts";

export interface TimeOptions {
  /** IANA name of the zone that times without one are in; UTC when absent. */
  readonly timezone?: string;
  /** Unit of numeric times; told from their size when absent. */
  readonly timeUnit?: EpochUnit;
  /** Order of day and month in dates such as 03/04/2021; told from the dates when they show it. */
  readonly dateOrder?: DateOrder;
}

/** The form of a file's times, from its first row, or from the first date that shows the order of day and month. */
export async function timeFormOf(head: CsvHead, layout: CsvLayout, firstTime: string, options: TimeOptions): Promise<TimeForm> {
  const unit = options.timeUnit ?? layout.namedUnit;
  const form = detectTimeForm(firstTime, unit, options.dateOrder);
  if (form === "ambiguous") return { kind: "slash", order: await dateOrderOf(head, layout) };
  if (form !== undefined) return form;
  return await refuseRow(head, layout, layout.dataOffset, {
    code: "TP_DATA_TIME",
    state: `a time is ${firstTime === "" ? "missing" : unit === undefined ? "in no known form" : `no number, the unit is given as ${unit}`}`,
    field: layout.timeField,
    value: firstTime,
    next: "write times as 2026-03-01T00:04:00Z or as a number of seconds, milliseconds, microseconds or nanoseconds",
  });
}

async function dateOrderOf(head: CsvHead, layout: CsvLayout): Promise<DateOrder> {
  let example = "";
  for await (const { bytes, from, to } of readRowChunks(head.file, layout.dataOffset)) {
    for (let at = from; at < to; ) {
      const end = bytes.indexOf(10, at);
      const text = timeText(layout, splitRow(decodeText(bytes, at, end).trim(), head.delimiter) ?? []);
      if (example === "") example = text;
      const order = orderShownBy(text);
      if (order !== undefined) return order;
      at = end + 1;
    }
  }
  return await refuseRow(head, layout, layout.dataOffset, {
    code: "TP_DATA_DATE_ORDER",
    state: "no date of the file shows whether the day or the month comes first",
    field: layout.timeField,
    value: example,
    next: "say it with --date-order day-first or --date-order month-first",
  });
}

export interface ImportedTimes {
  /** UTC, rising. */
  readonly timeUs: Float64Array;
  /** The zone that days and months of the file are counted in; `undefined` for UTC. */
  readonly zone: ZoneRules | undefined;
  readonly findings: readonly Finding[];
}

/** Converts scanned times to UTC microseconds in place and refuses the first that cannot be, or is not after the one above. */
export async function importTimes(
  head: CsvHead,
  layout: CsvLayout,
  form: TimeForm,
  scanned: ScannedColumns,
  options: TimeOptions,
): Promise<ImportedTimes> {
  const { time } = scanned;
  if (options.timezone !== undefined && !isZoneName(options.timezone)) {
    refuse(
      "TP_DATA_TIME_ZONE",
      `Cannot load "${head.path}": time zone "${options.timezone}" is not known`,
      [],
      "give an IANA name such as America/New_York, or UTC",
    );
  }
  const strange = toMicroseconds(time, form.kind === "epoch" ? US_PER_UNIT[form.unit] : 1);
  if (strange >= 0) await refuseStrangeYear(head, layout, form, strange);
  // A unit too fine, or a column that counts rows, gives times just after 1970-01-01.
  if (form.kind === "epoch" && time.length > 0 && Math.abs(time[0]!) < 365 * US_PER_DAY) await refuseStartOfEpoch(head, layout, form.unit);
  const findings: Finding[] = [];
  const isLocal = !scanned.zoned && options.timezone !== undefined && options.timezone !== "UTC";
  if (!scanned.zoned && options.timezone === undefined) {
    findings.push({ code: "no-zone", severity: "note", text: `times state no zone: read as UTC; use --timezone if they are local` });
  }
  if (scanned.zoned && options.timezone !== undefined) {
    findings.push({
      code: "timezone-unused",
      severity: "note",
      text: `times state their zone: --timezone ${options.timezone} only says where a day ends`,
    });
  }
  let zone: ZoneRules | undefined;
  if (options.timezone !== undefined && options.timezone !== "UTC") {
    const [first, last] = rangeOf(time);
    zone = new ZoneRules(options.timezone, first, last + 40 * US_PER_DAY);
    if (isLocal) await toInstants(head, layout, time, zone, scanned.dateOnly);
  }
  await refuseDisorder(head, layout, time);
  return { timeUs: time, zone, findings };
}

/** Microseconds in a unit as the scan left it: nanoseconds have become microseconds already. */
const US_PER_UNIT: Readonly<Record<EpochUnit, number>> = { s: US_PER_SECOND, ms: 1_000, us: 1, ns: 1 };

/** Scales a column in place; the first row that lies outside the years allowed, -1 when none does. */
function toMicroseconds(time: Float64Array, scale: number): number {
  for (let row = 0; row < time.length; row += 1) {
    const at = Math.round(time[row]! * scale);
    if (!(at >= EARLIEST_US && at < LATEST_US)) return row;
    time[row] = at;
  }
  return -1;
}

async function refuseStrangeYear(head: CsvHead, layout: CsvLayout, form: TimeForm, row: number): Promise<never> {
  const { fileOffset, cells } = await locateRow(head, layout, row);
  const unit = form.kind === "epoch" ? `, read in ${UNIT_TEXT[form.unit]}` : "";
  return await refuseRow(head, layout, fileOffset, {
    code: "TP_DATA_TIME_UNIT",
    state: `a time lies outside the years ${FIRST_YEAR} to ${LAST_YEAR}${unit}`,
    field: layout.timeField,
    value: timeText(layout, cells),
    next: row === 0 ? "say the unit with --time-unit s, ms, us or ns" : "write all times in one unit; the rows before are in another",
  });
}

async function refuseStartOfEpoch(head: CsvHead, layout: CsvLayout, unit: EpochUnit): Promise<never> {
  const { fileOffset, cells } = await locateRow(head, layout, 0);
  return await refuseRow(head, layout, fileOffset, {
    code: "TP_DATA_TIME_UNIT",
    state: `the first time, read in ${UNIT_TEXT[unit]}, is in 1970: the unit is wrong or the column counts rows`,
    field: layout.timeField,
    value: timeText(layout, cells),
    next: "say the unit with --time-unit s, ms, us or ns, or name the column that holds the time: timestamp, datetime, date",
  });
}

const UNIT_TEXT: Readonly<Record<EpochUnit, string>> = { s: "seconds", ms: "milliseconds", us: "microseconds", ns: "nanoseconds" };

async function toInstants(head: CsvHead, layout: CsvLayout, time: Float64Array, zone: ZoneRules, dateOnly: boolean): Promise<void> {
  for (let row = 0; row < time.length; row += 1) {
    const local = time[row]!;
    if (dateOnly) {
      time[row] = zone.startOfDay(local);
      continue;
    }
    const reading = zone.toInstant(local);
    if (reading.kind === "instant") {
      time[row] = reading.timeUs;
      continue;
    }
    const { fileOffset, cells } = await locateRow(head, layout, row);
    await refuseRow(head, layout, fileOffset, {
      code: "TP_DATA_LOCAL_TIME",
      state: `a local time ${reading.kind === "missing" ? "does not exist" : "exists twice"} in ${zone.name}, where clocks went ${reading.kind === "missing" ? "forward over it" : "back over it"}`,
      field: layout.timeField,
      value: timeText(layout, cells),
      next: "write the times in UTC or with their offset, for example 2026-03-01T00:04:00-05:00",
    });
  }
}

function rangeOf(time: Float64Array): [first: TimeUs, last: TimeUs] {
  let first = Infinity;
  let last = -Infinity;
  for (const at of time) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  return [first, last];
}

async function refuseDisorder(head: CsvHead, layout: CsvLayout, time: Float64Array): Promise<void> {
  const row = firstOutOfOrder(time);
  if (row < 0) return;
  const { fileOffset, cells } = await locateRow(head, layout, row);
  const above = formatTimeUs(time[row - 1]!);
  const isDuplicate = time[row] === time[row - 1];
  const isReversed = time[0]! > time.at(-1)!;
  await refuseRow(head, layout, fileOffset, {
    code: isDuplicate ? "TP_DATA_DUPLICATE" : "TP_DATA_UNSORTED",
    state: isDuplicate
      ? "two rows have the same time, each bar has its own"
      : `a row is earlier than the row above it, ${isReversed ? "the newest comes first, " : ""}rising times are needed`,
    field: layout.timeField,
    value: timeText(layout, cells),
    details: [["above", above]],
    next: isDuplicate ? "remove one of the two rows, or split a file of several instruments" : "sort the file by time, oldest first",
  });
}
