import { invariant } from "../model/failure.ts";
import type { Fill, FillCause } from "../model/fill.ts";
import { type Instrument, priceOf, unitsOf } from "../model/instrument.ts";
import { mulDivHalfEven } from "../model/mul-div.ts";
import type { Side } from "../model/side.ts";
import type { TimeUs } from "../model/time.ts";

/**
 * One stay in a position, from flat to flat, by netting: every fill of one account, strategy and instrument counts, in order.
 * Money in quanta of the quote currency, exact.
 */
export interface RoundTrip {
  /** From 1, in order of entry. */
  readonly id: number;
  readonly accountId: number;
  readonly strategyId: number;
  readonly instrumentIndex: number;
  readonly side: Side;
  /** Still open at the end of the fills, and marked. */
  readonly isOpen: boolean;
  readonly entryUs: TimeUs;
  /** Time of the last exit; of the mark while open. */
  readonly exitUs: TimeUs;
  readonly heldUs: number;
  /** Bars that closed after the entry and not after the exit; null where no bars were given. */
  readonly heldBars: number | null;
  /** All lots entered, and the largest position held at once. */
  readonly entryLots: number;
  readonly peakLots: number;
  readonly openLots: number;
  readonly entryNotional: number;
  /** Notional of the exits; with the marked value of what is left while open. */
  readonly exitNotional: number;
  /** Average prices, decimal. */
  readonly entryPrice: number;
  readonly exitPrice: number;
  /** Fees of entries and exits. */
  readonly fees: number;
  readonly slippage: number;
  /** Exit notional less entry notional (short: the reverse), less fees. */
  readonly pnl: number;
  /** The part of `pnl` that exits and fees have settled: equal to it once closed. */
  readonly realisedPnl: number;
  /** `pnl / entryNotional`; null when nothing was paid at the entry. */
  readonly returnFraction: number | null;
  /** `pnl` over the money at risk between entry and stop; null when no stop was known. */
  readonly rMultiple: number | null;
  readonly entryReason: string;
  readonly exitReason: string;
  readonly entryTag: string;
  readonly exitTag: string;
  /** Cause of the last exit; null while there was none. */
  readonly exitCause: FillCause | null;
  readonly fillCount: number;
}

export interface RoundTripContext {
  /** By `instrumentIndex`. */
  readonly instruments: readonly Instrument[];
  /** Decimal price by `instrumentIndex` that open positions are marked at; where NaN or absent, the last fill's price. */
  readonly marks?: Float64Array;
  /** When the marks were read; by default the time of the last fill. */
  readonly endUs?: TimeUs;
  /** Decimal price of the first protective stop, by the order id of the first entry. */
  readonly stops?: ReadonlyMap<number, number>;
  /** Close times of the bars by `instrumentIndex`, ascending, to count bars held. */
  readonly barCloseUs?: readonly (Float64Array | undefined)[];
}

interface Stay {
  readonly id: number;
  readonly first: Fill;
  last: Fill;
  lastExit: Fill | undefined;
  openLots: number;
  peakLots: number;
  entryLots: number;
  entryNotional: number;
  exitNotional: number;
  /** Entry notional of the lots still open. */
  openBasis: number;
  realised: number;
  fees: number;
  slippage: number;
  fillCount: number;
}

/**
 * Round trips of fills in order, by time of entry. A fill that crosses zero is split in proportion to its lots: the closing part
 * of notional, fee and slippage is rounded half to even, the opening part takes the rest. Positions open at the end are listed as
 * open and marked; no exit fee is assumed for them.
 */
export function roundTripsOf(fills: readonly Fill[], context: RoundTripContext): readonly RoundTrip[] {
  const open = new Map<string, Stay>();
  const done: RoundTrip[] = [];
  let nextId = 1;
  const begin = (key: string, fill: Fill): void => {
    const stay = openStay(nextId, fill);
    nextId += 1;
    addEntry(stay, fill);
    open.set(key, stay);
  };
  for (const fill of fills) {
    const key = `${fill.accountId} ${fill.strategyId} ${fill.instrumentIndex}`;
    const stay = open.get(key);
    if (stay === undefined) {
      begin(key, fill);
    } else if (fill.side === stay.first.side) {
      addEntry(stay, fill);
    } else if (fill.lots < stay.openLots) {
      addExit(stay, fill);
    } else {
      const [closing, opening] = splitFill(fill, stay.openLots);
      addExit(stay, closing);
      done.push(describe(stay, context, undefined));
      open.delete(key);
      if (opening !== undefined) begin(key, opening);
    }
  }
  const endUs = context.endUs ?? fills.at(-1)?.timeUs ?? 0;
  for (const stay of open.values()) done.push(describe(stay, context, endUs));
  return done.sort((a, b) => a.id - b.id);
}

/** A fill cut after `lots`: the first part half-even, the second the rest; no second part when nothing is left. */
export function splitFill(fill: Fill, lots: number): readonly [Fill, Fill | undefined] {
  if (fill.lots === lots) return [fill, undefined];
  const notional = shareOf(fill.notional, lots, fill.lots);
  const fee = shareOf(fill.fee, lots, fill.lots);
  const slippage = shareOf(fill.slippage, lots, fill.lots);
  return [
    { ...fill, lots, notional, fee, slippage },
    {
      ...fill,
      lots: fill.lots - lots,
      notional: fill.notional - notional,
      fee: fill.fee - fee,
      slippage: fill.slippage - slippage,
    },
  ];
}

/** `amount * part / whole`, half to even, for an amount of either sign. */
function shareOf(amount: number, part: number, whole: number): number {
  return amount < 0 ? -mulDivHalfEven(-amount, part, whole) : mulDivHalfEven(amount, part, whole);
}

function openStay(id: number, fill: Fill): Stay {
  return {
    id,
    first: fill,
    last: fill,
    lastExit: undefined,
    openLots: 0,
    peakLots: 0,
    entryLots: 0,
    entryNotional: 0,
    exitNotional: 0,
    openBasis: 0,
    realised: 0,
    fees: 0,
    slippage: 0,
    fillCount: 0,
  };
}

function addEntry(stay: Stay, fill: Fill): void {
  addCosts(stay, fill);
  stay.openLots += fill.lots;
  stay.peakLots = Math.max(stay.peakLots, stay.openLots);
  stay.entryLots += fill.lots;
  stay.entryNotional += fill.notional;
  stay.openBasis += fill.notional;
}

function addExit(stay: Stay, fill: Fill): void {
  addCosts(stay, fill);
  const released = fill.lots === stay.openLots ? stay.openBasis : shareOf(stay.openBasis, fill.lots, stay.openLots);
  stay.openLots -= fill.lots;
  stay.openBasis -= released;
  stay.exitNotional += fill.notional;
  stay.realised += stay.first.side * (fill.notional - released);
  stay.lastExit = fill;
}

function addCosts(stay: Stay, fill: Fill): void {
  stay.last = fill;
  stay.fees += fill.fee;
  stay.slippage += fill.slippage;
  stay.realised -= fill.fee;
  stay.fillCount += 1;
}

/** The round trip of a stay; marked at `endUs` when it is given, closed by its last exit otherwise. */
function describe(stay: Stay, context: RoundTripContext, endUs: TimeUs | undefined): RoundTrip {
  const { first, lastExit } = stay;
  const instrument = context.instruments[first.instrumentIndex];
  invariant(instrument !== undefined, `a fill names instrument ${first.instrumentIndex}, known are ${context.instruments.length}`);
  const exitUs = endUs ?? lastExit?.timeUs ?? first.timeUs;
  const exitNotional = stay.exitNotional + markedValue(stay, instrument, context.marks);
  const pnl = first.side * (exitNotional - stay.entryNotional) - stay.fees;
  const stop = context.stops?.get(first.orderId);
  const closes = context.barCloseUs?.[first.instrumentIndex];
  return {
    id: stay.id,
    accountId: first.accountId,
    strategyId: first.strategyId,
    instrumentIndex: first.instrumentIndex,
    side: first.side,
    isOpen: endUs !== undefined,
    entryUs: first.timeUs,
    exitUs,
    heldUs: exitUs - first.timeUs,
    heldBars: closes === undefined ? null : rowsUpTo(closes, exitUs) - rowsUpTo(closes, first.timeUs),
    entryLots: stay.entryLots,
    peakLots: stay.peakLots,
    openLots: stay.openLots,
    entryNotional: stay.entryNotional,
    exitNotional,
    entryPrice: averagePrice(instrument, stay.entryNotional, stay.entryLots),
    exitPrice: averagePrice(instrument, exitNotional, stay.entryLots),
    fees: stay.fees,
    slippage: stay.slippage,
    pnl,
    realisedPnl: stay.realised,
    returnFraction: stay.entryNotional === 0 ? null : pnl / stay.entryNotional,
    rMultiple: stop === undefined ? null : multipleOfRisk(stay, instrument, pnl, stop),
    entryReason: first.reason,
    exitReason: lastExit?.reason ?? "",
    entryTag: first.tag,
    exitTag: lastExit?.tag ?? "",
    exitCause: lastExit?.cause ?? null,
    fillCount: stay.fillCount,
  };
}

/** Value of the lots still open at the mark, or at the last fill's price where no mark is known. */
function markedValue(stay: Stay, instrument: Instrument, marks: Float64Array | undefined): number {
  if (stay.openLots === 0) return 0;
  const mark = marks?.[stay.first.instrumentIndex] ?? Number.NaN;
  if (Number.isNaN(mark)) return shareOf(stay.last.notional, stay.openLots, stay.last.lots);
  return Math.round(valueAt(instrument, mark, stay.openLots));
}

function multipleOfRisk(stay: Stay, instrument: Instrument, pnl: number, stop: number): number | null {
  const risk = Math.abs(stay.entryNotional - valueAt(instrument, stop, stay.entryLots));
  return risk < 0.5 ? null : pnl / risk;
}

/** Quanta that `lots` are worth at a decimal price: a valuation, so in floating point. */
function valueAt(instrument: Instrument, price: number, lots: number): number {
  const { numerator, denominator } = instrument.notional;
  return (unitsOf(instrument, price) * lots * numerator) / denominator;
}

/** The decimal price that makes `lots` worth `notional` quanta. */
function averagePrice(instrument: Instrument, notional: number, lots: number): number {
  const { numerator, denominator } = instrument.notional;
  return priceOf(instrument, ((notional / lots) * denominator) / numerator);
}

/** How many of the ascending times are at or before `timeUs`. */
function rowsUpTo(times: Float64Array, timeUs: TimeUs): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
