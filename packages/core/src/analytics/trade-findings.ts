import { counted, type Finding, type FindingsInput, percent } from "./finding.ts";
import type { RoundTrip } from "./round-trips.ts";

/** Fewer closed round trips than this say little about the next ones. */
const FEW_TRADES = 30;
/** Fewer closed round trips a parameter than this leave room to fit the past. */
const TRADES_PER_PARAMETER = 10;
/** How many of the best round trips count as a handful. */
const HANDFUL = 3;
/** Share of the gross profit above which a handful, or the costs, are worth a warning. */
const HALF = 0.5;

/** What the round trips say about how far the result can be trusted. */
export function tradeFindings({ fills, roundTrips, parameterCount }: FindingsInput): readonly Finding[] {
  const closed = roundTrips.filter((trip) => !trip.isOpen);
  const open = roundTrips.length - closed.length;
  if (fills.length === 0) return [noTrades()];
  return [
    ...sampleSize(closed.length),
    ...parametersAgainstTrades(closed.length, parameterCount),
    ...concentration(closed),
    ...costShare(roundTrips),
    ...oneDirection(roundTrips),
    ...stillOpen(open),
  ];
}

function noTrades(): Finding {
  return {
    id: "no-trades",
    severity: "serious",
    title: "No trades",
    text: "The run has no fill: the strategy never traded, or every order was refused, missed or expired.",
    numbers: {},
  };
}

function sampleSize(trades: number): readonly Finding[] {
  if (trades >= FEW_TRADES) return [];
  return [
    {
      id: "too-few-trades",
      severity: "warning",
      title: "Too few trades",
      text: `${counted(trades, "closed round trip")} can be luck: below ${FEW_TRADES}, win rate, expectancy and profit factor say little about the next trades.`,
      numbers: { trades, threshold: FEW_TRADES },
    },
  ];
}

function parametersAgainstTrades(trades: number, parameters: number | undefined): readonly Finding[] {
  if (parameters === undefined || parameters === 0 || trades >= TRADES_PER_PARAMETER * parameters) return [];
  return [
    {
      id: "parameters-against-trades",
      severity: trades < parameters ? "serious" : "warning",
      title: "Many parameters for the trades",
      text: `${counted(parameters, "parameter")} against ${counted(trades, "closed round trip")}: below ${TRADES_PER_PARAMETER} a parameter, tuning can fit the past without learning from it.`,
      numbers: { parameters, trades, tradesPerParameter: trades / parameters, threshold: TRADES_PER_PARAMETER },
    },
  ];
}

/** The best one to three winners: their share of the gross profit, and how many it takes to turn the profit into a loss. */
function concentration(closed: readonly RoundTrip[]): readonly Finding[] {
  const wins = closed.map((trip) => trip.pnl).filter((pnl) => pnl > 0);
  const grossProfit = wins.reduce((sum, pnl) => sum + pnl, 0);
  if (grossProfit === 0) return [];
  const net = closed.reduce((sum, trip) => sum + trip.pnl, 0);
  const best = wins.toSorted((a, b) => b - a).slice(0, HANDFUL);
  const share = best.reduce((sum, pnl) => sum + pnl, 0) / grossProfit;
  const flippedBy = net > 0 ? winnersToFlip(net, best) : undefined;
  if (share <= HALF && flippedBy === undefined) return [];
  const carried = `The best ${counted(best.length, "round trip")} make ${percent(share)} of the gross profit.`;
  const flipped =
    flippedBy === undefined ? "" : ` Without the best ${flippedBy === 1 ? "one" : flippedBy} the closed round trips earn nothing together.`;
  return [
    {
      id: "few-trades-carry-the-result",
      severity: flippedBy === 1 ? "serious" : "warning",
      title: "A handful of trades carries the result",
      text: carried + flipped,
      numbers: { best: best.length, share, ...(flippedBy === undefined ? {} : { flippedBy }) },
    },
  ];
}

/** How many of the best winners must go before a positive net is positive no more; undefined when a handful is not enough. */
function winnersToFlip(net: number, best: readonly number[]): number | undefined {
  let rest = net;
  for (const [i, pnl] of best.entries()) {
    rest -= pnl;
    if (rest <= 0) return i + 1;
  }
  return undefined;
}

/** Fees and slippage of all round trips against what the winning ones earned. */
function costShare(trips: readonly RoundTrip[]): readonly Finding[] {
  const costs = trips.reduce((sum, trip) => sum + trip.fees + trip.slippage, 0);
  const grossProfit = trips.reduce((sum, trip) => sum + Math.max(0, trip.pnl), 0);
  if (costs <= HALF * grossProfit) return [];
  const share = grossProfit === 0 ? undefined : costs / grossProfit;
  return [
    {
      id: "high-costs",
      severity: share === undefined || share >= 1 ? "serious" : "warning",
      title: "Costs eat the profit",
      text:
        share === undefined
          ? "Fees and slippage were paid and no round trip earned anything."
          : `Fees and slippage are ${percent(share)} of the gross profit: a little more cost than assumed changes the result.`,
      numbers: share === undefined ? {} : { share, threshold: HALF },
    },
  ];
}

function oneDirection(trips: readonly RoundTrip[]): readonly Finding[] {
  const long = trips.filter((trip) => trip.side > 0).length;
  const short = trips.length - long;
  if (trips.length === 0 || (long > 0 && short > 0)) return [];
  return [
    {
      id: "single-direction",
      severity: "note",
      title: long > 0 ? "Only long" : "Only short",
      text: `Every round trip is ${long > 0 ? "long" : "short"}: the result also holds what the market did in that time, so read it beside the benchmark.`,
      numbers: { long, short },
    },
  ];
}

function stillOpen(open: number): readonly Finding[] {
  if (open === 0) return [];
  return [
    {
      id: "open-at-the-end",
      severity: "note",
      title: "Position open at the end",
      text: `${counted(open, "position is", "positions are")} still open, marked at the last price: the result is without the exit and its cost.`,
      numbers: { open },
    },
  ];
}
