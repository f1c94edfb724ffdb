import { excursionOf, formatDecimal, formatTimeUs, type Instrument, powerOfTen, priceOf, underwaterCurve } from "@tradepulse/core";
import type { BacktestResult } from "../run/backtest-result.ts";
import { alignTo } from "./align-equity.ts";
import { fillPrice } from "./fill-price.ts";

/** A table as lines of CSV, the header first. Exact decimals, times in UTC. */
export type CsvLines = Iterable<string>;

/** Orders by id, refused ones included. */
export function* ordersCsv({ orders, instruments }: BacktestResult): CsvLines {
  yield line(
    "id",
    "submitted",
    "instrument",
    "source",
    "side",
    "type",
    "time_in_force",
    "reduce_only",
    "post_only",
    "quantity",
    "limit",
    "trigger",
    "parent",
    "group",
    "state",
    "cause",
    "filled_quantity",
    "ended",
    "tag",
    "reason",
  );
  for (const order of orders) {
    const instrument = instruments[order.instrumentIndex]!;
    yield line(
      order.id,
      formatTimeUs(order.submittedUs),
      instrument.id,
      order.source,
      order.side,
      order.type,
      order.timeInForce,
      order.isReduceOnly,
      order.isPostOnly,
      quantity(instrument, order.lots),
      order.limitUnits === 0 ? "" : priceOf(instrument, order.limitUnits),
      order.triggerUnits === 0 ? "" : priceOf(instrument, order.triggerUnits),
      order.parentId === 0 ? "" : order.parentId,
      order.groupId === 0 ? "" : order.groupId,
      order.state,
      order.cause === "none" ? "" : order.cause,
      quantity(instrument, order.filledLots),
      order.endedUs === 0 ? "" : formatTimeUs(order.endedUs),
      order.tag,
      order.reason,
    );
  }
}

/** Fills in order. Notional, fee and slippage are exact; the price is notional over quantity. */
export function* fillsCsv({ fills, instruments }: BacktestResult): CsvLines {
  yield line(
    "seq",
    "time",
    "trade",
    "order",
    "instrument",
    "side",
    "quantity",
    "price",
    "notional",
    "fee",
    "slippage",
    "liquidity",
    "cause",
    "tag",
    "reason",
  );
  for (const fill of fills) {
    const instrument = instruments[fill.instrumentIndex]!;
    const { scale } = instrument.quote;
    yield line(
      fill.seq,
      formatTimeUs(fill.timeUs),
      fill.tradeId,
      fill.orderId,
      instrument.id,
      fill.side > 0 ? "buy" : "sell",
      quantity(instrument, fill.lots),
      short(fillPrice(fill, instrument)),
      formatDecimal(fill.notional, scale),
      formatDecimal(fill.fee, scale),
      formatDecimal(fill.slippage, scale),
      fill.liquidity,
      fill.cause,
      fill.tag,
      fill.reason,
    );
  }
}

/** Round trips by entry, the open ones marked at the last close. */
export function* roundTripsCsv({ roundTrips, instruments, inputs }: BacktestResult): CsvLines {
  yield line(
    "id",
    "instrument",
    "side",
    "state",
    "entry",
    "exit",
    "bars",
    "quantity",
    "entry_price",
    "exit_price",
    "pnl",
    "return",
    "r",
    "fees",
    "slippage",
    "favourable",
    "adverse",
    "entry_reason",
    "exit_reason",
    "exit_cause",
  );
  for (const trip of roundTrips) {
    const instrument = instruments[trip.instrumentIndex]!;
    const { scale } = instrument.quote;
    const bars = inputs.find(({ instrumentIndex }) => instrumentIndex === trip.instrumentIndex)!.columns;
    const excursion = excursionOf(trip, bars);
    yield line(
      trip.id,
      instrument.id,
      trip.side > 0 ? "long" : "short",
      trip.isOpen ? "open" : "closed",
      formatTimeUs(trip.entryUs),
      formatTimeUs(trip.exitUs),
      trip.heldBars ?? "",
      quantity(instrument, trip.peakLots),
      short(trip.entryPrice),
      short(trip.exitPrice),
      formatDecimal(trip.pnl, scale),
      trip.returnFraction === null ? "" : short(trip.returnFraction),
      trip.rMultiple === null ? "" : short(trip.rMultiple),
      formatDecimal(trip.fees, scale),
      formatDecimal(trip.slippage, scale),
      short(excursion.favourable),
      short(excursion.adverse),
      trip.entryReason,
      trip.exitReason,
      trip.exitCause ?? "",
    );
  }
}

/** Equity by bar where it was kept, else at session ends; with the drawdown from the peak so far, and the benchmark. */
export function* equityCsv({ equity, barEquity, benchmark, instruments }: BacktestResult): CsvLines {
  yield line("time", "equity", "drawdown", "benchmark");
  const points = barEquity ?? equity;
  const drawdown = underwaterCurve(points.equity);
  const held = benchmark === null ? undefined : alignTo(points.timeUs, benchmark);
  const places = powerOfTen(instruments[0]!.quote.scale);
  const rounded = (money: number): string => formatDecimal(Math.round(money * places), instruments[0]!.quote.scale);
  for (let i = 0; i < points.timeUs.length; i += 1) {
    yield line(
      formatTimeUs(points.timeUs[i]!),
      rounded(points.equity[i]!),
      short(drawdown[i]!),
      held === undefined ? "" : rounded(held[i]!),
    );
  }
}

function quantity(instrument: Instrument, lots: number): string {
  return formatDecimal(lots * instrument.lotUnits, instrument.lotScale);
}

/** Twelve significant digits: what a derived number is good for. */
function short(value: number): string {
  return String(Number(value.toPrecision(12)));
}

function line(...cells: readonly (string | number | boolean)[]): string {
  return `${cells.map(cell).join(",")}\n`;
}

function cell(value: string | number | boolean): string {
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
