import { type BarColumns, type BarFact, type Instrument, invariant, runHash, unitsOf } from "@tradepulse/core";
import type { ReadRecord, SessionRecord } from "@tradepulse/live";
import { type BacktestResult, type BoundDataset, type DataSource, openData, runBacktest } from "@tradepulse/research";
import { isBitIdentical, type ReplayedSession } from "../replay/replay.ts";
import { backtestOptions } from "../sessions/session-options.ts";
import { refuseUsage } from "../usage-error.ts";
import { Bridge, profitOf } from "./bridge.ts";
import type { Fraction } from "./fraction.ts";
import { matchOrders, type OrderPair } from "./match-orders.ts";
import { type OrderStory, orderStories, recordedExternal, recordedFills } from "./order-story.ts";
import { recordedData } from "./recorded-data.ts";

/** A session beside its backtest. Money in quanta, exact. */
export interface Parity {
  readonly session: ReplayedSession;
  readonly bridge: Bridge;
  readonly sessionProfit: Fraction;
  readonly backtestProfit: Fraction;
  readonly sessionFills: number;
  readonly backtestFills: number;
  /** Difference over the opening money, signed. */
  readonly relative: number;
  /** True when the event lists are equal bit for bit. Only a paper session can be. */
  readonly isHashSame: boolean;
  readonly isReplaySame: boolean;
  /** What the bars were compared with. */
  readonly reference: string;
  readonly notes: readonly string[];
}

type Data = Readonly<Record<string, BoundDataset>>;

/** Compares a session with the backtest of its bars, and those with the reference: `given`, else the dataset that the session was played from. */
export async function compareSession(
  session: ReplayedSession,
  given: BoundDataset | Data | undefined,
  signal: AbortSignal,
): Promise<Parity> {
  const { record, replayed, codeDigest } = session;
  refuseIncomparable(session);
  const { engine } = replayed.built;
  const instruments = record.instruments.map(({ instrument }) => instrument);
  const own = recordedData(record, replayed.records);
  const backtest = await backtestOn(session, own, signal);
  const notes: string[] = [];
  const reference = given ?? (await referenceData(record, own, notes, signal));
  const markUnits = instruments.map((_, index) => engine.account.marks[index]!);
  const sessionStories = storiesOf(session);
  const backtestStories = orderStories(backtest.events);
  const external = recordedExternal(replayed.records);
  const money = { instruments, markUnits };
  const sessionProfit = profitOf(money, [...sessionStories, ...external.map((each) => ({ ...each, fills: [each.fill] }))]);
  const ownProfit = profitOf(money, backtestStories);
  const backtestProfit = reference === undefined ? ownProfit : await referenceProfit(session, reference, own, signal);
  const bridge = new Bridge({
    ...money,
    pairs: matchOrders(sessionStories, backtestStories, toleranceUs(record)),
    external,
    openUnitsAt: opensOf(record, own),
    isCodeSame: record.strategy.codeDigest === codeDigest,
    dataDifference: ownProfit.minus(backtestProfit),
  });
  const free = record.mode === "live" ? freeFills(sessionStories) : 0;
  if (free > 0)
    notes.push(
      `${free} of ${countFills(sessionStories)} fills carry no fee in ${instruments[0]!.quote.code} or in coins of the pair: one that was taken in another asset is not counted here.`,
    );
  const difference = sessionProfit.minus(backtestProfit);
  invariant(
    difference.minus(bridge.difference).isZero,
    `the rows of the bridge sum to ${bridge.difference.toText()} quanta, the difference is ${difference.toText()}`,
  );
  const opening = record.capital * 10 ** instruments[0]!.quote.scale;
  return {
    session,
    bridge,
    sessionProfit,
    backtestProfit,
    sessionFills: countFills(sessionStories),
    backtestFills: countFills(backtestStories),
    relative: difference.toNumber() / opening,
    isHashSame: runHash(replayed.recorded) === backtest.runHash,
    isReplaySame: isBitIdentical(session),
    reference: reference === undefined ? "the bars of the session" : nameOf(reference),
    notes,
  };
}

/** A bridge needs every record from the first on, and a bar to trade at. */
function refuseIncomparable({ record, replayed }: ReplayedSession): void {
  if (replayed.fromSeq > 0) {
    refuseUsage(
      "TP_CLI_SESSION",
      `Cannot compare session "${record.name}": its journal begins behind record ${replayed.fromSeq}, needed is every record from the first on`,
      "put the older segments of the journal back from a copy",
    );
  }
  const fromUs = record.tradeFromUs ?? Number.NEGATIVE_INFINITY;
  const hasBar = replayed.records.some(({ kind, payload }) => kind === "bar" && (payload as BarFact).openUs >= fromUs);
  if (hasBar) return;
  refuseUsage(
    "TP_CLI_SESSION",
    `Cannot compare session "${record.name}": it saw no bar that it could trade on, needed is one`,
    "let it run until a bar has closed",
  );
}

/** Every pair of orders with what it contributes, the largest first. */
export function largestPairs({ bridge }: Parity, most: number): readonly (readonly [OrderPair, Fraction])[] {
  const size = (value: Fraction): number => Math.abs(value.toNumber());
  return [...bridge.byPair].sort(([, a], [, b]) => size(b) - size(a)).slice(0, most);
}

async function backtestOn(
  { record, strategy }: ReplayedSession,
  data: BoundDataset | Data,
  signal: AbortSignal,
  toUs?: number,
): Promise<BacktestResult> {
  return await runBacktest(
    {
      strategy,
      data,
      options: backtestOptions(record),
      ...(record.tradeFromUs === null ? {} : { fromUs: record.tradeFromUs }),
      ...(toUs === undefined ? {} : { toUs }),
      comparisons: { pathModels: false, delay: false },
    },
    { signal },
  );
}

/** Profit of the backtest on the reference, up to where the session ended. */
async function referenceProfit(session: ReplayedSession, data: BoundDataset | Data, own: Data, signal: AbortSignal): Promise<Fraction> {
  const lastOpenUs = Math.max(...Object.values(own).map(({ dataset }) => last(dataset.instruments[0]!.columns, "openUs")));
  const result = await backtestOn(session, data, signal, lastOpenUs + 1);
  const markUnits = result.instruments.map((instrument, index) => {
    const shortest = result.inputs.filter((input) => input.instrumentIndex === index).sort((a, b) => a.intervalUs - b.intervalUs)[0]!;
    return unitsOf(instrument, last(shortest.columns, "close"));
  });
  return profitOf({ instruments: result.instruments, markUnits }, orderStories(result.events));
}

/** The dataset that a session was played from, loaded again; `undefined` for a session at a venue, or when it is not there any more. */
async function referenceData(record: SessionRecord, own: Data, notes: string[], signal: AbortSignal): Promise<Data | undefined> {
  const { source } = record;
  if (source.kind === "venue") {
    notes.push("The bars were not compared with others; name some with --data.");
    return undefined;
  }
  const data: Record<string, BoundDataset> = {};
  try {
    for (const name of Object.keys(own)) {
      const input = source.inputs[name] as DataSource & { readonly select?: string; readonly digest: string };
      const bound = await openData(input, { signal });
      const { instrument } = record.instruments[record.series.find((series) => series.name === name)!.instrumentIndex]!;
      data[name] = { ...bound, instrument: instrument.id };
      if (bound.dataset.digest !== input.digest) notes.push(`The data of input "${name}" have changed since the session.`);
    }
  } catch (error) {
    signal.throwIfAborted();
    notes.push(`The data of the session could not be loaded again: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  return data;
}

/** What the session itself recorded, whatever its strategy would decide today. */
function storiesOf({ record, replayed }: ReplayedSession): OrderStory[] {
  return record.mode === "live" ? orderStories(replayed.recorded, recordedFills(replayed.records)) : orderStories(replayed.recorded);
}

/** Opens of the recorded bars, in price units. */
function opensOf(record: SessionRecord, own: Data): (instrumentIndex: number, timeUs: number) => number | undefined {
  const columns = new Map<number, readonly [Instrument, BarColumns]>();
  for (const series of record.series) {
    const data = own[series.name];
    if (data !== undefined)
      columns.set(series.instrumentIndex, [record.instruments[series.instrumentIndex]!.instrument, data.dataset.instruments[0]!.columns]);
  }
  return (instrumentIndex, timeUs) => {
    const [instrument, { length, openUs, closeUs, open }] = columns.get(instrumentIndex)!;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (closeUs[middle]! > timeUs) high = middle;
      else low = middle + 1;
    }
    return low < length && openUs[low]! <= timeUs ? unitsOf(instrument, open[low]!) : undefined;
  };
}

/** Two bars: what a fill decides comes as late as the fill. */
function toleranceUs({ series }: SessionRecord): number {
  return 2 * Math.max(...series.map(({ intervalUs }) => intervalUs));
}

function countFills(stories: readonly OrderStory[]): number {
  return stories.reduce((sum, { fills }) => sum + fills.length, 0);
}

/** Fills without a fee that the engine could count. */
function freeFills(stories: readonly OrderStory[]): number {
  return stories.reduce((sum, { fills }) => sum + fills.filter(({ fee, feeLots }) => fee === 0 && feeLots === 0).length, 0);
}

function last(columns: BarColumns, name: "openUs" | "close"): number {
  return columns[name][columns.length - 1] ?? 0;
}

function nameOf(data: BoundDataset | Data): string {
  const all = "dataset" in data && "instruments" in data.dataset ? [data as BoundDataset] : Object.values(data as Data);
  return [...new Set(all.map(({ dataset }) => dataset.name))].join(", ");
}

/** Bars of the session. */
export function barCount(records: readonly ReadRecord[]): number {
  return new Set(records.filter(({ kind }) => kind === "bar").map(({ payload }) => (payload as BarFact).closeUs)).size;
}
