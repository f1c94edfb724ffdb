import { type Currency, currency } from "./currency.ts";
import { type Failure, FailureError, fail, ok, type Result } from "./failure.ts";
import { greatestCommonDivisor, powerOfTen } from "./mul-div.ts";
import type { Side } from "./side.ts";

/** `BASE-QUOTE@VENUE` or `NAME@VENUE`. */
export type InstrumentId = string;

/** When the market is open, as far as periods per year and the end of a day need it. */
export type CalendarName = "24/7" | "weekdays";

/**
 * What is traded. Prices are whole counts of the *price unit* 10^-priceScale; sizes are whole counts of the *lot*.
 * A known tick is a multiple of the price unit that order prices must respect; an inferred tick only formats prices.
 */
export interface Instrument {
  readonly id: InstrumentId;
  readonly quote: Currency;
  readonly priceScale: number;
  /** The venue's tick in price units; 1 when it is not known. */
  readonly tickUnits: number;
  readonly tickKnown: boolean;
  /** Decimals that show every price of the dataset. */
  readonly displayDecimals: number;
  /** A lot is `lotUnits * 10^-lotScale` of the base. */
  readonly lotScale: number;
  readonly lotUnits: number;
  /** Quantities of orders are whole multiples of this many lots; 1 unless the venue's step is coarser than what a balance can hold. */
  readonly stepLots: number;
  /** Quote money per base unit and price of one, as a rational. 1 for spot. */
  readonly multiplier: { readonly numerator: number; readonly denominator: number };
  /** Smallest notional of an order in quanta; 0 for none. */
  readonly minNotional: number;
  readonly calendar: CalendarName;
  /** `quanta = price units * lots * numerator / denominator`, reduced. */
  readonly notional: { readonly numerator: number; readonly denominator: number };
}

export interface InstrumentOptions {
  readonly id: InstrumentId;
  readonly quote?: string | Currency;
  readonly priceScale?: number;
  readonly tickUnits?: number;
  readonly tickKnown?: boolean;
  readonly displayDecimals?: number;
  readonly lotScale?: number;
  readonly lotUnits?: number;
  readonly stepLots?: number;
  readonly multiplier?: { readonly numerator: number; readonly denominator: number };
  readonly minNotional?: number;
  readonly calendar?: CalendarName;
}

/** Most decimals that a notional in lots and price units may have beyond the quantum of its money. */
const MOST_DECIMALS = 15;

/**
 * An instrument with the defaults filled in: price unit 10^-8, no known tick, lot 10^-8, quote USD, 24/7. Throws a FailureError
 * `TP_MARKET_SCALES` when money cannot be counted in these units.
 */
export function instrument(options: InstrumentOptions): Instrument {
  const quote = typeof options.quote === "object" ? options.quote : currency(options.quote ?? "USD");
  const priceScale = options.priceScale ?? 8;
  const lotScale = options.lotScale ?? 8;
  const lotUnits = options.lotUnits ?? 1;
  const multiplier = options.multiplier ?? { numerator: 1, denominator: 1 };
  // quanta = units * lots * lotUnits * 10^quote.scale * multiplier / 10^(priceScale + lotScale)
  const decimals = priceScale + lotScale - quote.scale;
  const isCountable = [priceScale, lotScale, quote.scale].every((scale) => Number.isInteger(scale) && scale >= 0 && scale <= MOST_DECIMALS);
  if (!isCountable || Math.abs(decimals) > MOST_DECIMALS) throw scalesFailure(options.id, priceScale, lotScale, quote);
  const numerator = lotUnits * multiplier.numerator * powerOfTen(Math.max(0, -decimals));
  const denominator = multiplier.denominator * powerOfTen(Math.max(0, decimals));
  const divisor = greatestCommonDivisor(numerator, denominator);
  return {
    id: options.id,
    quote,
    priceScale,
    tickUnits: options.tickUnits ?? 1,
    tickKnown: options.tickKnown ?? false,
    displayDecimals: options.displayDecimals ?? Math.min(priceScale, 2),
    lotScale,
    lotUnits,
    stepLots: options.stepLots ?? 1,
    multiplier,
    minNotional: options.minNotional ?? 0,
    calendar: options.calendar ?? "24/7",
    notional: { numerator: numerator / divisor, denominator: denominator / divisor },
  };
}

function scalesFailure(id: InstrumentId, priceScale: number, lotScale: number, quote: Currency): FailureError {
  return new FailureError({
    code: "TP_MARKET_SCALES",
    message: `Cannot count money of "${id}": prices of 10^-${priceScale} and lots of 10^-${lotScale} in ${quote.code} of 10^-${quote.scale} make ${priceScale + lotScale - quote.scale} decimals, allowed are whole scales from 0 to ${MOST_DECIMALS} that make -${MOST_DECIMALS} to ${MOST_DECIMALS}`,
    details: [],
    next: "use a coarser price unit or lot, or a finer currency",
  });
}

/** Decimal value of a price in units: the nearest double. */
export function priceOf(instrument: Instrument, units: number): number {
  return units / powerOfTen(instrument.priceScale);
}

/** Price units nearest to a decimal price. Exact for prices that lie on the unit grid. */
export function unitsOf(instrument: Instrument, price: number): number {
  return Math.round(price * powerOfTen(instrument.priceScale));
}

/** Decimal quantity of a number of lots. */
export function quantityOf(instrument: Instrument, lots: number): number {
  return (lots * instrument.lotUnits) / powerOfTen(instrument.lotScale);
}

/** Whole lots in a decimal quantity, rounded down. A relative slack of 1e-12 forgives representation, not sizing. */
export function lotsOf(instrument: Instrument, quantity: number): number {
  const lots = (quantity * powerOfTen(instrument.lotScale)) / instrument.lotUnits;
  const nearest = Math.round(lots);
  return Math.abs(lots - nearest) <= 1e-12 * Math.max(1, Math.abs(nearest)) ? nearest : Math.floor(lots);
}

/** Which way a price is moved onto the grid. A limit moves away from the market, a trigger towards trouble. */
export type PriceRole = "limit" | "trigger";

/** What {@link gridUnits} answers for a price that is no positive finite number, or off a known tick that refuses. */
export const NO_PRICE = -1;
export const OFF_TICK = -2;

/**
 * A strategy's decimal price in price units, moved onto the grid conservatively: limit buy down, limit sell up, stop buy up, stop sell
 * down. {@link NO_PRICE} or {@link OFF_TICK} when it cannot be.
 */
export function gridUnits(
  instrument: Instrument,
  price: number,
  side: Side,
  role: PriceRole,
  offTick: "refuse" | "round" = "round",
): number {
  const scaled = price * powerOfTen(instrument.priceScale);
  if (!(price > 0) || !(scaled < Number.MAX_SAFE_INTEGER)) return NO_PRICE;
  const grid = instrument.tickUnits;
  const nearest = Math.round(scaled / grid) * grid;
  // A price computed in floating point lands within a few ulps of the grid point it means.
  if (Math.abs(scaled - nearest) <= Math.max(1e-6 * grid, 4 * Number.EPSILON * scaled)) return nearest > 0 ? nearest : NO_PRICE;
  if (instrument.tickKnown && offTick === "refuse") return OFF_TICK;
  const down = role === "limit" ? side > 0 : side < 0;
  const units = (down ? Math.floor(scaled / grid) : Math.ceil(scaled / grid)) * grid;
  return units > 0 ? units : NO_PRICE;
}

/** {@link gridUnits} with a failure that names the instrument and the price. */
export function orderPriceUnits(
  instrument: Instrument,
  price: number,
  side: Side,
  role: PriceRole,
  offTick: "refuse" | "round" = "round",
): Result<number> {
  const units = gridUnits(instrument, price, side, role, offTick);
  if (units === NO_PRICE) return fail(priceFailure(instrument, price));
  if (units === OFF_TICK) return fail(offTickFailure(instrument, price));
  return ok(units);
}

function priceFailure(instrument: Instrument, price: number): Failure {
  return {
    code: "TP_ORDER_PRICE",
    message: `Cannot place an order on "${instrument.id}": its price is ${price}, allowed are positive finite prices`,
    details: [],
    next: "check the price that the strategy computes; an indicator may not be ready yet",
  };
}

function offTickFailure(instrument: Instrument, price: number): Failure {
  return {
    code: "TP_ORDER_OFF_TICK",
    message: `Cannot place an order on "${instrument.id}": price ${price} is off the tick ${priceOf(instrument, instrument.tickUnits)}`,
    details: [],
    next: 'round the price to the tick, or run with offTick: "round"',
  };
}
