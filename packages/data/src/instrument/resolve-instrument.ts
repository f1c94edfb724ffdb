import { type BarColumns, type CalendarName, type Instrument, instrument, parseDecimal, powerOfTen } from "@tradepulse/core";
import type { Finding } from "../quality/finding.ts";
import { refuse, shown } from "../refuse.ts";
import { greatest, priceUnitOf, snapToUnit } from "./price-unit.ts";

const LOT_SCALE = 8;
/** Places of a tick or lot that the money arithmetic of an instrument holds. */
const MOST_PLACES = 9;
/** A default lot is worth at most this fraction of one unit of the quote. */
const LOT_WORTH = 1e-6;

const USUAL_QUOTES = new Set("USD USDT USDC BUSD FDUSD TUSD DAI EUR GBP JPY CHF CAD AUD NZD BTC ETH BNB".split(" "));

/** What the user says about an instrument; each value overrides what the data shows. */
export interface InstrumentOverrides {
  /** `BTC-USDT@BINANCE`, `AAPL@NASDAQ`. */
  readonly id?: string;
  /** Smallest step of order prices, a decimal such as `0.01`. */
  readonly tick?: string;
  /** Smallest step of quantities, a decimal such as `0.001`. */
  readonly lot?: string;
  /** Currency of prices, such as `USD`. */
  readonly quote?: string;
}

/** Where each property of an instrument comes from. It goes into the manifest of a run. */
export interface InstrumentResolution {
  readonly id: "given" | "from the name of the dataset";
  /** Displayed tick and its origin. */
  readonly tick: { readonly value: string; readonly origin: "given" | "inferred from all prices" | "unit of prices with noise" };
  readonly priceUnit: string;
  readonly lot: { readonly value: string; readonly origin: "given" | "one share" | "from the price" };
  readonly quote: { readonly value: string; readonly origin: "given" | "from the id" | "default" };
  readonly calendar: CalendarName;
}

export interface ResolvedInstrument {
  readonly instrument: Instrument;
  readonly resolution: InstrumentResolution;
  readonly findings: readonly Finding[];
}

export interface InstrumentData {
  /** Name used for the id when none is given. */
  readonly name: string;
  /** The whole dataset: a part of it may show another tick. Prices off the unit are moved onto it, in place. */
  readonly columns: BarColumns;
  readonly calendar: CalendarName;
  /** A bound for the digits after the point of its prices, `Infinity` when not known. */
  readonly priceDigits: number;
}

/**
 * The instrument that a dataset is about: price unit and displayed tick from all its prices, lot one share on a market of
 * weekdays, else by {@link defaultLot} at the highest price. Moves prices onto the unit.
 * Throws a FailureError: `TP_DATA_OPTION` for a tick, lot or id that is not allowed, `TP_DATA_PRICE_RANGE` for prices that no unit holds.
 */
export function resolveInstrument(data: InstrumentData, overrides: InstrumentOverrides = {}): ResolvedInstrument {
  const { columns, calendar } = data;
  const prices = [...new Set([columns.open, columns.high, columns.low, columns.close])];
  const unit = priceUnitOf(prices, data.priceDigits);
  if (unit === "too-small" || unit === "too-large") {
    return refuse(
      "TP_DATA_PRICE_RANGE",
      `Cannot load "${data.name}": ${unit === "too-small" ? "counted in whole units, of 10^-9 at the finest, its smallest price would change by more than 0.01 %" : "its largest price is above 1.1e15, at most that can be counted"}`,
      [],
      `quote the prices per ${unit === "too-small" ? "1,000 or 1,000,000 units" : "a smaller unit"}`,
    );
  }
  const id = overrides.id ?? `${idPart(data.name)}@FILE`;
  if (!/^[A-Z0-9._/:-]+@[A-Z0-9._-]+$/i.test(id)) {
    refuse(
      "TP_DATA_OPTION",
      `Cannot load "${data.name}": instrument ${shown(id)} has no such form`,
      [],
      "write it as BTC-USDT@BINANCE or AAPL@NASDAQ",
    );
  }
  const lastWord = /-([A-Z]{3,5})@/i.exec(id)?.[1]?.toUpperCase();
  // The last word of a file name is a currency only when it is one that people quote in.
  const quoteInId = lastWord !== undefined && (overrides.id !== undefined || USUAL_QUOTES.has(lastWord)) ? lastWord : undefined;
  const quote = overrides.quote ?? quoteInId ?? "USD";
  const scale = Math.max(unit.scale, overrides.tick === undefined ? 0 : decimalsIn(overrides.tick));
  const tickUnits = overrides.tick === undefined ? undefined : counted(data.name, "tick", overrides.tick, scale);
  const lot = overrides.lot ?? (calendar === "weekdays" ? "1" : defaultLot(greatest(columns.close)));
  const lotScale = decimalsIn(lot);
  const findings: Finding[] = [];
  if (unit.offUnit > 0) {
    for (const column of prices) snapToUnit(column, unit.scale);
    findings.push({
      code: "price-snapped",
      severity: "note",
      instrument: id,
      count: unit.offUnit,
      text: `${unit.offUnit.toLocaleString("en-US")} prices with more digits than a price has, moved to the nearest ${unitText(unit.scale)} (by at most ${unit.largestMove.toExponential(1)} of the price)`,
    });
  }
  const displayDecimals = overrides.tick === undefined ? unit.displayDecimals : decimalsIn(overrides.tick);
  return {
    instrument: instrument({
      id,
      quote,
      priceScale: scale,
      tickUnits: tickUnits ?? 1,
      tickKnown: tickUnits !== undefined,
      displayDecimals,
      lotScale,
      lotUnits: counted(data.name, "lot", lot, lotScale),
      calendar,
    }),
    resolution: {
      id: overrides.id === undefined ? "from the name of the dataset" : "given",
      tick: {
        value: overrides.tick ?? unitText(displayDecimals),
        origin: overrides.tick !== undefined ? "given" : unit.offUnit > 0 ? "unit of prices with noise" : "inferred from all prices",
      },
      priceUnit: unitText(scale),
      lot: { value: lot, origin: overrides.lot !== undefined ? "given" : calendar === "weekdays" ? "one share" : "from the price" },
      quote: { value: quote, origin: overrides.quote !== undefined ? "given" : quoteInId !== undefined ? "from the id" : "default" },
      calendar,
    },
    findings,
  };
}

/** The power of ten, from 1 down, that is the first to be worth at most 10^-6 of the quote at this price; no less than 10^-8. */
export function defaultLot(price: number): string {
  for (let decimals = 0; decimals < LOT_SCALE; decimals += 1) {
    if (price <= LOT_WORTH * powerOfTen(decimals)) return unitText(decimals);
  }
  return unitText(LOT_SCALE);
}

function idPart(name: string): string {
  const part = name
    .toUpperCase()
    .replace(/[^A-Z0-9._-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return part === "" ? "DATA" : part;
}

function unitText(decimals: number): string {
  return decimals === 0 ? "1" : `0.${"0".repeat(decimals - 1)}1`;
}

function decimalsIn(text: string): number {
  const match = /^\d*\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  return Math.max(0, (match?.[1]?.length ?? 0) - Number(match?.[2] ?? 0));
}

function counted(name: string, what: "tick" | "lot", text: string, scale: number): number {
  const count = scale > MOST_PLACES ? undefined : parseDecimal(text, scale);
  if (count !== undefined && count > 0) return count;
  return refuse(
    "TP_DATA_OPTION",
    `Cannot load "${name}": ${what} ${shown(text)} is not allowed, a decimal above 0 with at most ${MOST_PLACES} places is`,
    [],
    `give it as in --${what} 0.01`,
  );
}
