import { type Bar, type BarColumns, barColumnsOf, sliceBarColumns } from "../model/bar.ts";
import { causeCode, EventKind, type EventRecord } from "../model/event.ts";
import type { BoundStrategy } from "../strategy/define-strategy.ts";
import type { TestMarket } from "./bars.ts";
import { Dice } from "./dice.ts";
import { type PlayOptions, runTest } from "./play.ts";

const END_OF_DATA = causeCode("end-of-data");

/** The market without its rows from `cut` on. */
export function truncated(market: TestMarket, cut: number): TestMarket {
  return { ...market, columns: sliceBarColumns(market.columns, 0, cut) };
}

/** The market with its rows from `cut` on in another order; their times stay where they were. */
export function shuffled(market: TestMarket, cut: number, seed: number): TestMarket {
  const { columns } = market;
  const dice = new Dice(seed);
  const from = Array.from({ length: columns.length - cut }, (_, k) => cut + k);
  for (let k = from.length - 1; k > 0; k -= 1) {
    const other = dice.whole(0, k);
    [from[k], from[other]] = [from[other]!, from[k]!];
  }
  const rows = Array.from({ length: columns.length }, (_, k) => barAt(columns, k < cut ? k : from[k - cut]!, k));
  return { ...market, columns: { ...barColumnsOf(rows), volumeKnown: columns.volumeKnown } };
}

/**
 * Runs a strategy over the first `cut` rows alone and over the whole market, and gives the first event up to the close of row `cut - 1`
 * that differs; `undefined` when none does, as for every strategy that does not look ahead. `strategy` is made anew for each run and told
 * its market, so that a test can plant one that reads it.
 */
export function firstDifference(
  strategy: (market: TestMarket) => BoundStrategy,
  market: TestMarket,
  cut: number,
  options: PlayOptions = {},
): { readonly alone: string; readonly whole: string } | undefined {
  const eventsOf = (each: TestMarket): EventRecord[] => runTest(strategy(each), each, { ...options, endOfData: "mark" }).events.records();
  const alone = withoutEnd(eventsOf(truncated(market, cut)));
  const whole = eventsOf(market);
  for (let k = 0; k < alone.length; k += 1) {
    if (textOf(alone[k]) !== textOf(whole[k])) return { alone: textOf(alone[k]), whole: textOf(whole[k]) };
  }
  const next = whole[alone.length];
  const limitUs = market.columns.closeUs[cut - 1]!;
  const isMore = next !== undefined && (next.timeUs < limitUs || (next.timeUs === limitUs && isDecision(next)));
  return isMore ? { alone: "nothing", whole: textOf(next) } : undefined;
}

/** Without the expiries that end the data: they end nothing in the longer run. */
function withoutEnd(records: readonly EventRecord[]): EventRecord[] {
  return records.filter(({ kind, fields }) => !(kind === EventKind.expired && fields[0] === END_OF_DATA));
}

/** True for what the strategy asked for; what else happens at the instant of a close may be the open of the next bar. */
function isDecision({ kind, fields }: EventRecord): boolean {
  if (kind === EventKind.submitted) return fields[4] === 0;
  return kind === EventKind.refused || kind === EventKind.cancelRefused || kind === EventKind.amendRefused;
}

function textOf(record: EventRecord | undefined): string {
  if (record === undefined) return "nothing";
  const { kind, timeUs, orderId, fields } = record;
  return JSON.stringify({ kind, timeUs, orderId, fields });
}

/** Prices and volume of one row at the times of another. */
function barAt(columns: BarColumns, row: number, timeRow: number): Bar {
  return {
    openUs: columns.openUs[timeRow]!,
    closeUs: columns.closeUs[timeRow]!,
    open: columns.open[row]!,
    high: columns.high[row]!,
    low: columns.low[row]!,
    close: columns.close[row]!,
    volume: columns.volumeKnown ? columns.volume[row]! : Number.NaN,
  };
}
