/** Whole microseconds since the Unix epoch, UTC. Exact in a `number` until the year 2255. */
export type TimeUs = number;

export const US_PER_MS = 1_000;
export const US_PER_SECOND = 1_000_000;
export const US_PER_MINUTE = 60 * US_PER_SECOND;
export const US_PER_HOUR = 60 * US_PER_MINUTE;
export const US_PER_DAY = 24 * US_PER_HOUR;

/** A calendar date and time of day in UTC; `month` and `day` count from 1. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

/** Days from 1970-01-01 to the given proleptic Gregorian date. Source: H. Hinnant, "chrono-compatible low-level date algorithms". */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The UTC calendar date and time of an instant. */
export function civilFromTimeUs(timeUs: TimeUs): CivilTime {
  const days = Math.floor(timeUs / US_PER_DAY);
  const rest = timeUs - days * US_PER_DAY;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    hour: Math.floor(rest / US_PER_HOUR),
    minute: Math.floor((rest % US_PER_HOUR) / US_PER_MINUTE),
    second: Math.floor((rest % US_PER_MINUTE) / US_PER_SECOND),
    microsecond: rest % US_PER_SECOND,
  };
}

/** The instant of a UTC date and time of day. */
export function timeUsFromCivil(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, microsecond = 0): TimeUs {
  return daysFromCivil(year, month, day) * US_PER_DAY + hour * US_PER_HOUR + minute * US_PER_MINUTE + second * US_PER_SECOND + microsecond;
}

/** ISO 8601 in UTC with as many parts as the instant needs: `2026-03-01T00:04Z`, `2026-03-01T00:04:05.25Z`. */
export function formatTimeUs(timeUs: TimeUs): string {
  const t = civilFromTimeUs(timeUs);
  const clock = `${two(t.hour)}:${two(t.minute)}`;
  const fraction = t.microsecond === 0 ? "" : `.${String(t.microsecond).padStart(6, "0").replace(/0+$/, "")}`;
  const seconds = t.second === 0 && fraction === "" ? "" : `:${two(t.second)}${fraction}`;
  return `${formatDate(timeUs)}T${clock}${seconds}Z`;
}

/** The UTC calendar date of an instant: `2026-03-01`. */
export function formatDate(timeUs: TimeUs): string {
  const t = civilFromTimeUs(timeUs);
  return `${String(t.year).padStart(4, "0")}-${two(t.month)}-${two(t.day)}`;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

const INTERVAL_UNITS: Readonly<Record<string, number>> = {
  s: US_PER_SECOND,
  m: US_PER_MINUTE,
  h: US_PER_HOUR,
  d: US_PER_DAY,
  w: 7 * US_PER_DAY,
};

/** Reads `30s`, `1m`, `5m`, `1h`, `1d`, `1w` as microseconds; `undefined` when the text is none of these. */
export function parseInterval(text: string): number | undefined {
  const match = /^([1-9]\d{0,4})([smhdw])$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * INTERVAL_UNITS[match[2] as string]!;
}

/** The shortest name of an interval: `1m`, `90s`, `1d`. */
export function formatInterval(intervalUs: number): string {
  for (const unit of ["w", "d", "h", "m", "s"]) {
    const size = INTERVAL_UNITS[unit]!;
    if (intervalUs >= size && intervalUs % size === 0) return `${intervalUs / size}${unit}`;
  }
  return `${intervalUs}us`;
}
