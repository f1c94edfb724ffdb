import { MONEY_LIMIT } from "../model/currency.ts";
import { formatDecimal, parseDecimal } from "../model/decimal.ts";
import { FailureError } from "../model/failure.ts";
import { type Instrument, quantityOf } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { BILLION, type RatePerBillion } from "../model/rate.ts";
import type { DecimalInput, LossLimit, PerInstrument, ResolvedLoss } from "./risk-limits.ts";

type Rounding = "down" | "up";

/** Quanta of an amount above 0. Maxima are rounded down, minima up: never looser than written. */
export function readMoney(name: string, value: DecimalInput, instruments: readonly Instrument[], rounding: Rounding = "down"): number {
  const quote = instruments[0]?.quote;
  const other = instruments.find((each) => each.quote.code !== quote?.code);
  if (quote === undefined || other !== undefined) {
    throw new FailureError({
      code: "TP_RISK_LIMIT_CURRENCY",
      message: `Cannot use limit "${name}": the instruments are quoted in ${instruments.map((each) => each.quote.code).join(", ")}, allowed is one currency`,
      details: [["limit", name]],
      next: "limit by quantity or by fraction, or run the currencies apart",
    });
  }
  return readCount(name, value, quote.scale, 1, rounding, quote.code);
}

/** Lots of each instrument, `Infinity` where none is set. */
export function readLots(name: string, value: PerInstrument, instruments: readonly Instrument[]): Float64Array {
  return readEach(name, value, instruments, Number.POSITIVE_INFINITY, (label, given, instrument) =>
    readCount(
      label,
      given,
      instrument.lotScale,
      instrument.lotUnits,
      "down",
      `of "${instrument.id}" (one lot is ${quantityOf(instrument, 1)})`,
    ),
  );
}

/** One number of each instrument, `absent` where none is set. */
export function readEach(
  name: string,
  value: PerInstrument,
  instruments: readonly Instrument[],
  absent: number,
  read: (label: string, given: DecimalInput, instrument: Instrument) => number,
): Float64Array {
  if (typeof value !== "object") return Float64Array.from(instruments, (each) => read(name, value, each));
  for (const id of Object.keys(value)) {
    if (instruments.some((each) => each.id === id)) continue;
    throw new FailureError({
      code: "TP_RISK_LIMIT_INSTRUMENT",
      message: `Cannot use limit "${name}": it names "${id}", instruments of the run are ${instruments.map((each) => `"${each.id}"`).join(", ")}`,
      details: [["limit", name]],
      next: "name an instrument of the run, or remove the entry",
    });
  }
  return Float64Array.from(instruments, (each) => {
    const given = value[each.id];
    return given === undefined ? absent : read(`${name}["${each.id}"]`, given, each);
  });
}

/** A fraction above 0, up to 1, per 10^9. */
export function readFraction(name: string, value: DecimalInput): RatePerBillion {
  const number = decimal(value);
  const perBillion = Math.floor(number * BILLION + 1e-6);
  if (!(number <= 1 && perBillion >= 1)) refuseLimit(name, String(value), "a fraction above 0, up to 1 (0.05 is five percent)");
  return perBillion;
}

export function readLoss(name: string, value: LossLimit, instruments: readonly Instrument[]): ResolvedLoss {
  const given: { readonly money?: DecimalInput; readonly fraction?: DecimalInput } = value;
  if (typeof value !== "object" || value === null || (given.money === undefined) === (given.fraction === undefined)) {
    refuseLimit(name, JSON.stringify(value), "either { money } or { fraction }");
  }
  if (given.fraction !== undefined) return { quanta: 0, perBillion: readFraction(`${name}.fraction`, given.fraction) };
  return { quanta: readMoney(`${name}.money`, given.money!, instruments), perBillion: 0 };
}

/** A whole number of at least 1. */
export function readWhole(name: string, value: number, unit: string): number {
  if (!(Number.isSafeInteger(value) && value >= 1)) refuseLimit(name, `${String(value)} ${unit}`, `a whole number of at least 1 ${unit}`);
  return value;
}

/** Throws `TP_RISK_LIMIT_UNKNOWN` when `given` has a key that is not among `known`. */
export function refuseUnknown(where: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw new FailureError({
      code: "TP_RISK_LIMIT_UNKNOWN",
      message: `Cannot use ${where}: "${name}" is no limit, limits are ${known.join(", ")}`,
      details: [],
      next: "correct the name; a limit that is not known protects nothing",
    });
  }
}

export function refuseLimit(name: string, present: string, allowed: string): never {
  throw new FailureError({
    code: "TP_RISK_LIMIT_VALUE",
    message: `Cannot use limit "${name}": it is ${present}, allowed is ${allowed}`,
    details: [["limit", name]],
    next: `give ${name} a value within these bounds, or leave it out`,
  });
}

/** A decimal above 0 as a whole count of `step * 10^-scale`. */
function readCount(name: string, value: DecimalInput, scale: number, step: number, rounding: Rounding, unit: string): number {
  const number = decimal(value);
  const exact = parseDecimal(String(value), scale);
  const raw = (exact ?? number * powerOfTen(scale)) / step;
  const count = rounding === "down" ? Math.floor(raw) : Math.ceil(raw);
  if (number > 0 && count >= 1 && count < MONEY_LIMIT) return count;
  const least = formatDecimal(step, scale);
  refuseLimit(name, `${String(value)} ${unit}`, `from ${least} up to ${formatDecimal(MONEY_LIMIT, scale)} ${unit}`);
}

/** NaN for anything but a plain decimal. */
function decimal(value: DecimalInput): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*[+-]?\d+(\.\d*)?([eE][+-]?\d{1,3})?\s*$/.test(value) ? Number(value) : Number.NaN;
}
