import type { CauseName, Engine, FactDriver } from "@tradepulse/core";
import type { FeedHandlers, MarketFeed } from "@tradepulse/venues";
import { cancelEverything } from "../dispatch/cancel-everything.ts";
import type { RecordKind } from "../journal/record-kinds.ts";
import { LiveSession } from "../session/live-session.ts";
import { defaultSessionSettings } from "../session/session-settings.ts";
import { countedFeed, countedJournal } from "./entrances.ts";
import type { FollowedJournal } from "./followed-journal.ts";
import type { LiveRunParts } from "./live-run-parts.ts";
import { SessionExecution } from "./session-execution.ts";

export interface RunSessionParts {
  readonly parts: LiveRunParts;
  readonly engine: Engine;
  readonly driver: FactDriver;
  readonly execution: SessionExecution;
  readonly journal: FollowedJournal;
  /** Why nothing that opens risk may leave; `undefined` when it may. */
  refusal(): CauseName | undefined;
  /** Resolves once the kill switch was looked at lately. */
  settled(): Promise<void>;
  /** Told of the stream of bars once it is opened. */
  onFeed(stream: { readonly silentUs: number }): void;
  onAlarm(text: string): void;
  onJournalLost(error: unknown): void;
}

/** The account of a run as its session sees it. `refusedFills` are those so far that the session could make nothing of. */
export function runExecution({ env, config, connection, record, voice }: LiveRunParts, refusedFills: () => number): SessionExecution {
  return new SessionExecution({
    env,
    client: connection.execution,
    prepare: () => connection.prepare(),
    submissionIntervalUs: config.loop.submissionIntervalUs,
    unmanaged: record.unmanaged,
    counted: { voice, symbols: record.instruments.map(({ symbol }) => symbol), refusedFills },
  });
}

/** Cancels what works at the venue, with an engine that hears of nothing any more, for as long as a graceful stop may take. */
export async function cancelOrdersOf(
  { env, config, record }: LiveRunParts,
  client: SessionExecution,
  onAlarm: (text: string) => void,
): Promise<void> {
  await cancelEverything({
    env,
    client,
    symbols: record.instruments.map(({ symbol }) => symbol),
    pauseUs: 1_000_000,
    untilUs: env.monoUs() + config.loop.gracePeriodUs,
    onAlarm,
  });
}

/** The session of a run, as its configuration and its record want it, every entrance counted. */
export function runSession({ parts, engine, driver, execution, journal, ...hooks }: RunSessionParts): LiveSession {
  const { env, config, connection, record, leadership, voice } = parts;
  const { feed } = connection;
  const watched: MarketFeed = {
    history: (symbol, intervalUs, fromUs, toUs) => feed.history(symbol, intervalUs, fromUs, toUs),
    subscribe: (symbols: readonly string[], intervalUs: number, handlers: FeedHandlers) => {
      const stream = feed.subscribe(symbols, intervalUs, countedFeed(handlers, voice));
      hooks.onFeed(stream);
      return stream;
    },
  };
  const session = new LiveSession({
    env,
    engine,
    driver,
    execution,
    feed: watched,
    journal: countedJournal(
      { append: (kind, payload) => journal.append(kind as RecordKind, payload), durable: (seq) => journal.durable(seq) },
      voice,
    ),
    permit: {
      refusal: () => hooks.refusal(),
      exitRefusal: () => (leadership.leads ? undefined : "trading-halted"),
      settled: () => hooks.settled(),
    },
    instruments: record.instruments,
    plans: record.series,
    settings: {
      ...defaultSessionSettings,
      epoch: leadership.epoch,
      preventsSelfTrade: record.risk.selfTrade === "cancel-newer",
      orderLifeUs: config.loop.orderDeadlineUs,
      reconcileEveryUs: config.loop.fillPollIntervalUs,
      silenceUs: Math.min(config.guards.marketSilenceUs, config.guards.privateSilenceUs),
      resolverMaxPauseUs: config.loop.maxBackoffUs,
    },
    onAlarm: (text) => hooks.onAlarm(text),
    onJournalLost: (error) => hooks.onJournalLost(error),
  });
  session.assembler.onRefused = (flaw, why) => voice.bad("bars", flaw, why);
  return session;
}
