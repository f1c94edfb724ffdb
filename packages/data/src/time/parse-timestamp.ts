import { civilFromTimeUs, type TimeUs, timeUsFromCivil, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from "@tradepulse/core";

/** Unit of a numeric timestamp. */
export type EpochUnit = "s" | "ms" | "us" | "ns";

/** Order of day and month in dates such as `03/04/2021`. */
export type DateOrder = "day-first" | "month-first";

/** How a file writes its times. Inferred from the first row, then demanded of every row. */
export type TimeForm =
  | { readonly kind: "epoch"; readonly unit: EpochUnit }
  /** `20211004`, `20211004 09:30`, `20211004093000`. */
  | { readonly kind: "compact" }
  /** `2021-10-04`, `2021/10/04 09:30:00.25`, `2021-10-04T09:30Z`. */
  | { readonly kind: "iso" }
  /** `10/4/2021 9:30 AM`, `04.10.2021`. */
  | { readonly kind: "slash"; readonly order: DateOrder };

export interface ParsedTime {
  /** UTC where `zoned`, else the local reading taken as if it were UTC. */
  readonly timeUs: TimeUs;
  readonly zoned: boolean;
  readonly dateOnly: boolean;
}

/** Readings outside these years are refused: they mean a wrong unit, not an old market. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2200;
export const EARLIEST_US = timeUsFromCivil(FIRST_YEAR, 1, 1);
export const LATEST_US = timeUsFromCivil(LAST_YEAR + 1, 1, 1);

const EPOCH = /^[+-]?\d+(?:\.\d+)?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?$/;
const ISO =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/i;
const SLASH = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AP]M)?)?$/i;

/** The form of a timestamp; `undefined` when it is none we know, `"ambiguous"` for `03/04/2021` without an order. */
export function detectTimeForm(text: string, unit?: EpochUnit, order?: DateOrder): TimeForm | "ambiguous" | undefined {
  if (unit !== undefined) return EPOCH.test(text) ? { kind: "epoch", unit } : undefined;
  if (parseCompact(text) !== undefined) return { kind: "compact" };
  if (EPOCH.test(text)) return { kind: "epoch", unit: inferUnit(Number(text)) };
  if (ISO.test(text)) return { kind: "iso" };
  if (!SLASH.test(text)) return undefined;
  const known = order ?? orderShownBy(text);
  return known === undefined ? "ambiguous" : { kind: "slash", order: known };
}

/** The order of day and month that a date gives away, when one of the two is above 12. */
export function orderShownBy(text: string): DateOrder | undefined {
  const match = SLASH.exec(text);
  if (match === null) return undefined;
  if (Number(match[1]) > 12) return "day-first";
  return Number(match[3]) > 12 ? "month-first" : undefined;
}

/** The instant that a text means in a form; `undefined` when it is not of that form or no such date exists. */
export function parseTimestamp(text: string, form: TimeForm): ParsedTime | undefined {
  switch (form.kind) {
    case "epoch":
      return EPOCH.test(text) ? { timeUs: epochToUs(text, form.unit), zoned: true, dateOnly: false } : undefined;
    case "compact":
      return parseCompact(text);
    case "iso":
      return parseIso(text);
    case "slash":
      return parseSlash(text, form.order);
  }
}

/** Microseconds of a numeric timestamp. Nanoseconds lose their last three digits, by truncation. */
function epochToUs(text: string, unit: EpochUnit): TimeUs {
  if (unit === "ns") return Number(BigInt(text.replace(/\..*$/, "")) / 1_000n);
  const value = Number(text);
  return unit === "us" ? Math.trunc(value) : Math.round(value * (unit === "s" ? US_PER_SECOND : 1_000));
}

/** The unit in which a number lies within the years 1900 to 2200; each range is a thousand times the one before. */
function inferUnit(value: number): EpochUnit {
  const seconds = LATEST_US / US_PER_SECOND;
  const size = Math.abs(value);
  if (size <= seconds) return "s";
  if (size <= seconds * 1e3) return "ms";
  return size <= seconds * 1e6 ? "us" : "ns";
}

function parseCompact(text: string): ParsedTime | undefined {
  const match = COMPACT.exec(text);
  if (match === null) return undefined;
  const year = Number(match[1]);
  if (year < FIRST_YEAR || year > LAST_YEAR) return undefined;
  return civil(year, Number(match[2]), Number(match[3]), match[4], match[5], match[6], match[7], undefined);
}

function parseIso(text: string): ParsedTime | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  return civil(Number(match[1]), Number(match[3]), Number(match[4]), match[5], match[6], match[7], match[8], match[9]);
}

function parseSlash(text: string, order: DateOrder): ParsedTime | undefined {
  const match = SLASH.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const second = Number(match[3]);
  const hour = match[5] === undefined ? undefined : hourOfDay(Number(match[5]), match[9]);
  if (match[5] !== undefined && hour === undefined) return undefined;
  const day = order === "day-first" ? first : second;
  const month = order === "day-first" ? second : first;
  return civil(Number(match[4]), month, day, hour, match[6], match[7], match[8], undefined);
}

function hourOfDay(hour: number, half: string | undefined): string | undefined {
  if (half === undefined) return String(hour);
  if (hour < 1 || hour > 12) return undefined;
  return String((hour % 12) + (half.toUpperCase() === "PM" ? 12 : 0));
}

function civil(
  year: number,
  month: number,
  day: number,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string | undefined,
  zone: string | undefined,
): ParsedTime | undefined {
  const h = Number(hour ?? 0);
  const m = Number(minute ?? 0);
  const s = Number(second ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > 31 || h > 23 || m > 59 || s > 59) return undefined;
  const localUs = timeUsFromCivil(year, month, day, h, m, s, Number((fraction ?? "").padEnd(6, "0").slice(0, 6)));
  if (civilFromTimeUs(localUs).day !== day) return undefined;
  return { timeUs: localUs - offsetUs(zone), zoned: zone !== undefined, dateOnly: hour === undefined };
}

/** Microseconds east of UTC of `Z`, `UTC`, `+02:00`, `-0530`, `+02`. */
export function offsetUs(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? "");
  if (match === null) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * US_PER_HOUR + Number(match[3] ?? 0) * US_PER_MINUTE);
}
