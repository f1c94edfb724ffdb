import { type Figure, figure, ratio, undefinedFigure } from "./figure.ts";
import { largestMagnitude, mean, standardDeviation } from "./moments.ts";
import type { RoundTrip } from "./round-trips.ts";

/** What the statistics read of a closed round trip. */
export type TradeOutcome = Pick<RoundTrip, "pnl" | "returnFraction" | "rMultiple" | "heldUs">;

/** Figures of closed round trips. Money in the unit of `pnl`. */
export interface TradeStatistics {
  /** Round trips with net PnL above 0, over all; a PnL of 0 is neither win nor loss and stays in the count. */
  readonly winRate: Figure;
  /** Mean net PnL of the winning ones. */
  readonly averageWin: Figure;
  /** Mean net PnL of the losing ones, negative. */
  readonly averageLoss: Figure;
  /** Average win over the size of the average loss. */
  readonly payoffRatio: Figure;
  /** Sum of the winning over the size of the sum of the losing money. */
  readonly profitFactor: Figure;
  /** The same of the returns of round trips instead of money. */
  readonly profitFactorOfReturns: Figure;
  /** Mean net PnL. */
  readonly expectancy: Figure;
  /** Mean return of a round trip. */
  readonly expectancyReturn: Figure;
  /** Mean R multiple of the round trips whose stop was known. */
  readonly expectancyR: Figure;
  /** System quality number: `sqrt(n) * mean(PnL) / std(PnL, ddof 1)`, n not capped. */
  readonly sqn: Figure;
  readonly bestTrade: Figure;
  readonly worstTrade: Figure;
  readonly bestTradeReturn: Figure;
  readonly worstTradeReturn: Figure;
  /** Mean time from first entry to last exit, in microseconds. */
  readonly averageHolding: Figure;
  /** Most losing round trips in a row, in order of exit as given. */
  readonly longestLosingStreak: Figure;
}

/** {@link TradeStatistics} of closed round trips in order of exit. Everything is undefined (too few) without any. */
export function tradeStatistics(trades: readonly TradeOutcome[]): TradeStatistics {
  const pnl = Float64Array.from(trades, (trade) => trade.pnl);
  const returns = presentFrom(trades.map((trade) => trade.returnFraction));
  const wins = pnl.filter((x) => x > 0);
  const losses = pnl.filter((x) => x < 0);
  const largest = largestMagnitude(pnl);
  const averageWin = meanFigure(wins);
  const averageLoss = meanFigure(losses);
  return {
    winRate: trades.length === 0 ? undefinedFigure("too-few") : figure(wins.length / trades.length),
    averageWin,
    averageLoss,
    payoffRatio: averageWin.value === null ? averageWin : ratio(averageWin.value, Math.abs(averageLoss.value ?? 0), largest),
    profitFactor: gainsOverLosses(pnl),
    profitFactorOfReturns: gainsOverLosses(returns),
    expectancy: meanFigure(pnl),
    expectancyReturn: meanFigure(returns),
    expectancyR: meanFigure(presentFrom(trades.map((trade) => trade.rMultiple))),
    sqn: systemQuality(pnl, largest),
    bestTrade: extreme(pnl, Math.max),
    worstTrade: extreme(pnl, Math.min),
    bestTradeReturn: extreme(returns, Math.max),
    worstTradeReturn: extreme(returns, Math.min),
    averageHolding: meanFigure(Float64Array.from(trades, (trade) => trade.heldUs)),
    longestLosingStreak: trades.length === 0 ? undefinedFigure("too-few") : figure(longestRun(pnl, (x) => x < 0)),
  };
}

function gainsOverLosses(values: Float64Array): Figure {
  if (values.length === 0) return undefinedFigure("too-few");
  let gains = 0;
  let losses = 0;
  for (const value of values) {
    if (value > 0) gains += value;
    else losses -= value;
  }
  return ratio(gains, losses, largestMagnitude(values));
}

function systemQuality(pnl: Float64Array, largest: number): Figure {
  if (pnl.length < 2) return undefinedFigure("too-few");
  return ratio(Math.sqrt(pnl.length) * mean(pnl), standardDeviation(pnl), largest);
}

function meanFigure(values: Float64Array): Figure {
  return values.length === 0 ? undefinedFigure("too-few") : figure(mean(values));
}

function extreme(values: Float64Array, pick: (a: number, b: number) => number): Figure {
  return values.length === 0 ? undefinedFigure("too-few") : figure(values.reduce((a, b) => pick(a, b)));
}

function longestRun(values: Float64Array, belongs: (value: number) => boolean): number {
  let longest = 0;
  let current = 0;
  for (const value of values) {
    current = belongs(value) ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}

function presentFrom(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values.filter((value) => value !== null));
}
