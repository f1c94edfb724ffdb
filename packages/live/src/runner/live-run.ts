import { type BoundStrategy, type CauseName, type Engine, type Fact, type FactDriver, runHash } from "@tradepulse/core";
import type { Env, Timer } from "@tradepulse/platform";
import type { FeedHandlers, MarketFeed } from "@tradepulse/venues";
import type { LiveConfig } from "../config/live-config.ts";
import { cancelEverything } from "../dispatch/cancel-everything.ts";
import { readPast } from "../feed/read-past.ts";
import type { Journal } from "../journal/journal.ts";
import type { RecordKind } from "../journal/record-kinds.ts";
import { type KillLatch, openKillLatch } from "../latch/kill-latch.ts";
import type { LatchState } from "../latch/latch-files.ts";
import type { Leadership } from "../latch/leadership.ts";
import { eventsFrom, recordedEvents } from "../recovery/event-records.ts";
import { recover } from "../recovery/recover.ts";
import { factOf, type ReadRecord } from "../recovery/replay.ts";
import type { HeartbeatWords } from "../sentinel/heartbeat.ts";
import { LiveSession } from "../session/live-session.ts";
import { defaultSessionSettings } from "../session/session-settings.ts";
import { buildEngine, type SessionOptions } from "./build-engine.ts";
import { countedFeed, countedJournal } from "./entrances.ts";
import { GuardedDriver } from "./guarded-driver.ts";
import { Guards } from "./guards.ts";
import { KillCounter, lossLatch } from "./kill-thresholds.ts";
import { OperatorInbox } from "./operator-inbox.ts";
import type { SessionEnd } from "./paper-run.ts";
import { SessionExecution } from "./session-execution.ts";
import { latchFolder, type SessionRecord } from "./session-record.ts";
import { type SessionStatus, StatusReader } from "./session-status.ts";
import type { OpenJournal } from "./session-store.ts";
import type { SessionVoice } from "./session-voice.ts";
import { TraderLife } from "./trader-life.ts";
import type { VenueConnection } from "./venue-adapters.ts";

export interface LiveRunParts {
  readonly env: Env;
  readonly config: LiveConfig;
  /** Folder of the session, which holds its record. */
  readonly folder: string;
  readonly record: SessionRecord;
  readonly strategy: BoundStrategy;
  /** Digest of the code as it is now. */
  readonly codeDigest: string;
  readonly optionsOf: SessionOptions;
  readonly connection: VenueConnection;
  readonly leadership: Leadership;
  readonly openJournal: OpenJournal;
  /** Highest trade id of each instrument at the very beginning of the session: what was before is none of its business. */
  readonly readUpTo: readonly number[] | undefined;
  readonly voice: SessionVoice;
}

/**
 * One live session from recovery to graceful stop. A start is a recovery, also the first one: the journal is replayed, the venue is read, and only
 * then may anything new be risked; until a person has armed the latch, nothing is.
 */
export class LiveRun {
  readonly done: Promise<SessionEnd>;
  private readonly parts: LiveRunParts;
  private settle: (end: SessionEnd) => void = () => undefined;
  private readonly execution: SessionExecution;
  private readonly engine: Engine;
  private readonly driver: FactDriver;
  private readonly statuses: StatusReader;
  private readonly timers = new Set<Timer>();
  private readonly unlisten: (() => void)[] = [];
  private journal: Journal | undefined;
  private latch: KillLatch | undefined;
  private session: LiveSession | undefined;
  private guards: Guards | undefined;
  private inbox: OperatorInbox | undefined;
  private kills: KillCounter | undefined;
  private feedSilentUs: () => number = () => 0;
  private readonly life: TraderLife;
  private status: SessionStatus | undefined;
  private isStopping = false;
  private hasFailed = false;
  /** How it ended, once it has: `""` as it was meant to. */
  private ending: string | undefined;
  private failure = "";
  private isLive = false;
  private isRecovered = false;
  private recorded = 0;

  constructor(parts: LiveRunParts) {
    this.parts = parts;
    this.done = new Promise((resolve) => {
      this.settle = resolve;
    });
    const { env, config, connection, record } = parts;
    this.execution = new SessionExecution({
      env,
      client: connection.execution,
      prepare: () => connection.prepare(),
      submissionIntervalUs: config.loop.submissionIntervalUs,
      unmanaged: record.unmanaged,
      voice: parts.voice,
      symbols: record.instruments.map(({ symbol }) => symbol),
      refusedFills: () => this.session?.truth.unreadable ?? 0,
    });
    this.engine = buildEngine(record, parts.strategy, parts.optionsOf).engine;
    this.driver = new GuardedDriver(
      this.engine,
      (fact) => this.onTaken(fact),
      (error) => void this.fail(error),
    );
    this.statuses = new StatusReader(this.engine);
    this.life = new TraderLife({
      env,
      folder: parts.folder,
      intervalUs: config.loop.heartbeatIntervalUs,
      sentinel: config.sentinel,
      tell: () => this.signOfLife(),
      onAlarm: (text) => this.alarm(text),
    });
  }

  get record(): SessionRecord {
    return this.parts.record;
  }

  /** True when new risk may be taken: armed, trusted, leading. */
  get isReady(): boolean {
    return this.session?.isReady === true && this.refusal() === undefined;
  }

  /** Resolves when the session runs: recovered, caught up with the bars, its streams opening. */
  async start(): Promise<void> {
    this.life.start();
    try {
      await this.recover();
    } catch (error) {
      this.life.still();
      throw error;
    }
  }

  private async recover(): Promise<void> {
    const { env, folder, record, leadership, codeDigest } = this.parts;
    const journal = await this.parts.openJournal({
      epoch: leadership.epoch,
      onAlarm: (failure) => this.alarm(failure.message),
    });
    this.journal = journal;
    if (this.parts.readUpTo !== undefined) journal.append("evidence", { readUpTo: this.parts.readUpTo });
    await journal.durable(journal.append("leader", { epoch: leadership.epoch }));
    journal.append("metadata", { session: record.name, mode: record.mode, strategy: record.strategy.name, codeDigest });
    this.latch = await openKillLatch({
      env,
      folder: latchFolder(folder, record),
      onChange: (now) => this.onLatch(now),
      onAlarm: (failure) => this.alarm(failure.message),
    });
    const records: ReadRecord[] = [];
    for await (const each of journal.records()) records.push(each);
    const plan = recover(records, this.engine, this.driver);
    // Those whose record was lost with the process before are recorded now.
    this.recorded = Math.min(recordedEvents(records).length, this.engine.events.length);
    this.isRecovered = true;
    this.recordEvents();
    journal.append("recovery", {
      facts: plan.replay.facts,
      orders: plan.orders.length,
      unknown: plan.unknown.length,
      neverSent: plan.neverSent.length,
    });
    this.parts.voice.say("info", "recovered", `the session starts in epoch ${leadership.epoch}: ${plan.replay.facts} facts were replayed`, {
      epoch: leadership.epoch,
      facts: plan.replay.facts,
      orders: plan.orders.length,
      unknown: plan.unknown.length,
    });
    this.session = this.makeSession(journal);
    this.session.assembler.onRefused = (flaw, why) => this.parts.voice.bad("bars", flaw, why);
    for (const each of records)
      if (each.kind === "bar") this.session.assembler.remember(factOf(each) as Extract<ReturnType<typeof factOf>, { kind: "bar" }>);
    this.session.resume(plan);
    this.session.sequencer.push({ kind: "trust", instrumentIndex: -1, isTrusted: false, reason: "the session starts" });
    this.followLatch(records);
    if (plan.replay.divergences.length > 0) {
      this.alarm(`the recovery decided otherwise than the session did, first after fact ${plan.replay.divergences[0]!.factSeq}`);
      this.trip("the recovery decided otherwise than the session had: has the strategy changed?", "recovery");
    }
    // Bars that are caught up with are old news, and come all at once: indicators take them in, and nothing is traded on them.
    this.session.operate("hold", "the session catches up");
    await this.catchUp(this.session);
    this.session.operate("release", "the session has caught up");
    this.isLive = true;
    this.session.start();
    this.watch(journal);
    this.life.say();
  }

  /** Graceful: no new risk, working orders canceled or kept as configured, what is under way ended, journal on the disk. */
  async stop(why: SessionEnd["why"] = "stopped", error?: unknown): Promise<void> {
    if (this.isStopping) return;
    this.isStopping = true;
    const { env, config } = this.parts;
    const deadlineUs = env.monoUs() + config.loop.gracePeriodUs;
    const { session } = this;
    if (session !== undefined && this.isLive) {
      session.sequencer.push({ kind: "trust", instrumentIndex: -1, isTrusted: false, reason: "the session stops" });
      if (config.loop.onStop === "cancel") session.operate("cancel-all", "the session stops");
      // An engine that has failed hears of no cancel any more; its orders were canceled at the venue.
      while (why !== "failed" && config.loop.onStop === "cancel" && this.engine.openOrderIds().length > 0 && env.monoUs() < deadlineUs)
        await env.sleep(50_000);
      await within(env, deadlineUs, session.stop());
    }
    this.guards?.stop();
    this.inbox?.stop();
    for (const stop of this.unlisten) stop();
    for (const timer of this.timers) timer.cancel();
    await this.end(why, error, session === undefined || (session.resolver.count === 0 && session.dispatcher.inFlight === 0));
  }

  private async end(why: SessionEnd["why"], error: unknown, isInOrder: boolean): Promise<void> {
    const { leadership } = this.parts;
    let failure = error;
    try {
      // What a replay must come to. A session that goes on later begins with a record of its own, and this one counts no more.
      const hash = failure === undefined ? { runHash: runHash(this.engine.events) } : {};
      const { badInput } = this.parts.voice;
      const bad = badInput === undefined ? {} : { badInput };
      this.journal?.append("metadata", { end: why, events: this.engine.events.length, ...hash, ...bad });
      await this.journal?.close();
    } catch (lost) {
      failure ??= lost;
    }
    this.latch?.stop();
    // With an order under way the next leader must wait until it can have no effect any more.
    const ended = isInOrder ? leadership.release() : leadership.abandon();
    await ended.catch((lost: unknown) => this.alarm(`the leadership could not be released: ${String(lost)}`));
    this.ending = this.endingOf(failure, isInOrder);
    await this.life.end();
    failure = await this.parts.voice.end(why, failure);
    this.settle({ why: failure === undefined ? why : "failed", error: failure, status: this.status, runHash: undefined });
  }

  private makeSession(journal: Journal): LiveSession {
    const { env, config, connection, record, leadership } = this.parts;
    return new LiveSession({
      env,
      engine: this.engine,
      driver: this.driver,
      execution: this.execution,
      feed: this.watched(connection.feed),
      journal: countedJournal(
        { append: (kind, payload) => journal.append(kind as RecordKind, payload), durable: (seq) => journal.durable(seq) },
        this.parts.voice,
      ),
      permit: { refusal: () => this.refusal(), exitRefusal: () => (this.parts.leadership.leads ? undefined : "trading-halted") },
      instruments: record.instruments,
      plans: record.series,
      settings: {
        ...defaultSessionSettings,
        epoch: leadership.epoch,
        orderLifeUs: config.loop.orderDeadlineUs,
        preventsSelfTrade: record.risk.selfTrade === "cancel-newer",
        reconcileEveryUs: config.loop.fillPollIntervalUs,
        silenceUs: Math.min(config.guards.marketSilenceUs, config.guards.privateSilenceUs),
        resolverMaxPauseUs: config.loop.maxBackoffUs,
      },
      onAlarm: (text) => this.alarm(text),
      onJournalLost: (error) => void this.fail(error),
    });
  }

  /** Asked right before an order leaves. */
  private refusal(): CauseName | undefined {
    if (this.isStopping) return "trading-halted";
    const state = this.latch?.state ?? "halted";
    if (state === "halted" || !this.parts.leadership.leads) return "trading-halted";
    if (state === "reduce-only") return "reduce-only-state";
    const unwatched = this.life.refusal;
    if (unwatched !== undefined) return unwatched;
    if (this.guards?.isClockGood !== true || this.journal?.refusal !== undefined) return "in-doubt";
    return undefined;
  }

  /** Bars that closed since the last one recorded, or those that warm the indicators up. */
  private async catchUp(session: LiveSession): Promise<void> {
    const { env, record, connection, config } = this.parts;
    const nowUs = env.wallUs();
    const own = record.series.flatMap((series, index) => (series.isBuilt ? [] : [{ ...series, index }]));
    const past = warmUpBars(this.engine, record, config.strategies[0]?.warmupBars);
    const from = new Map(
      own.map(({ symbol, index, intervalUs }) => {
        const last = session.assembler.lastClose(index);
        return [symbol, Number.isFinite(last) ? last : nowUs - past * intervalUs] as const;
      }),
    );
    for (const bar of await readPast(connection.feed, from, own[0]!.intervalUs, nowUs)) session.assembler.take(bar);
  }

  /** Says once more what the last word on the trading state was, where the latch says otherwise than the journal. */
  private followLatch(records: readonly ReadRecord[]): void {
    const last = records.findLast(
      ({ kind, payload }) => kind === "operator" && isStateWord((payload as { readonly action: string }).action),
    );
    const known = last === undefined ? "enable" : (last.payload as { readonly action: string }).action;
    const { current } = this.latch!;
    const wanted = actionOf(current);
    if (wanted !== known) this.session!.operate(wanted, `${current.reason} (${current.by})`);
  }

  private onLatch(now: LatchState): void {
    this.parts.voice.alarm(`trading is ${now.state}: ${now.reason} (${now.by})`);
    if (now.by === "latch" && now.reason.includes("cannot be read"))
      this.parts.voice.bad("files", "unreadable", `the kill latch: ${now.reason}`);
    if (this.session === undefined) return;
    try {
      this.journal!.append("latch", now);
    } catch {
      // The latch itself is on the disk; a journal that takes nothing must not undo a halt.
    }
    this.session.operate(actionOf(now), `${now.reason} (${now.by})`);
  }

  private watch(journal: Journal): void {
    const { env, config, folder } = this.parts;
    this.kills = new KillCounter(this.engine, config.kill);
    this.guards = new Guards({
      env,
      config: config.guards,
      client: this.execution,
      journal,
      marketSilentUs: () => this.feedSilentUs(),
      privateSilentUs: () => this.execution.silentUs,
      refusals: () => this.kills!.look(),
      drawdown: () => lossLatch(this.engine),
      trip: (reason, by, state) => this.trip(reason, by, state),
      onAlarm: (text) => this.alarm(text),
    });
    this.guards.start();
    this.inbox = new OperatorInbox(env, folder, {
      onWord: (action, reason) => this.session!.operate(action, reason),
      onBadWord: (flaw, why) => {
        this.parts.voice.bad("operator", flaw, why);
        this.alarm(why);
      },
    });
    this.inbox.watch();
    this.unlisten.push(env.onSignal("SIGUSR2", () => this.trip("SIGUSR2", "operator")));
  }

  private trip(reason: string, by: string, state: "reduce-only" | "halted" = "halted"): void {
    // A latch that the disk refuses holds in this process and raises its own alarm.
    void this.latch?.trip(state, this.parts.voice.redactor.clean(reason), by).catch(() => undefined);
  }

  /** The engine took a fact that it could not finish: nothing more is decided. Orders at the venue are canceled, positions stay. */
  private async fail(error: unknown): Promise<void> {
    if (this.hasFailed || this.isStopping) return;
    this.hasFailed = true;
    this.failure = `the engine stopped: ${firstLine(error)}`;
    this.trip(this.failure, "engine");
    this.life.say();
    if (this.isLive) {
      const { env, config, record } = this.parts;
      await cancelEverything({
        env,
        client: this.execution,
        symbols: record.instruments.map(({ symbol }) => symbol),
        pauseUs: 1_000_000,
        untilUs: env.monoUs() + config.loop.gracePeriodUs,
        onAlarm: (text) => this.alarm(text),
      });
    }
    await this.stop("failed", error);
  }

  private onTaken(fact: Fact): void {
    if (this.isRecovered) this.recordEvents();
    if (fact.kind !== "step") return;
    this.status = this.statuses.read(fact.timeUs);
    if (this.isLive) this.parts.voice.news({ kind: "status", status: this.status });
  }

  /** What the engine decided, and what came of it: no part of a replay, but its proof, and what a later version of the strategy is compared with. */
  private recordEvents(): void {
    const { events } = this.engine;
    if (events.length === this.recorded) return;
    const from = this.recorded;
    this.recorded = events.length;
    try {
      this.journal!.append("evidence", { events: eventsFrom(events, from) });
    } catch (error) {
      // Not thrown into the hands of whoever brought the fact: a stream, a timer.
      void this.fail(error);
    }
  }

  private alarm(text: string): void {
    const told = this.parts.voice.alarm(text);
    if (told === undefined) return;
    try {
      this.journal?.append("alarm", { text: told });
    } catch {
      // Told already; a journal that takes nothing says so itself.
    }
  }

  /** For whoever watches this process from outside. */
  private signOfLife(): HeartbeatWords {
    const { ending, failure } = this;
    const isFailed = this.hasFailed || (ending !== undefined && ending !== "");
    const phase = isFailed ? "failed" : ending === "" ? "stopped" : this.isStopping ? "stopping" : this.isLive ? "running" : "starting";
    return {
      phase,
      why: isFailed ? failure || ending! : "",
      epoch: this.parts.leadership.epoch,
      state: this.latch?.state ?? "halted",
      isReady: this.isReady,
      openOrders: this.engine.openOrderIds().length,
    };
  }

  /** Why its end is none that it was meant to have; `""` when it is. */
  private endingOf(failure: unknown, isInOrder: boolean): string {
    if (failure !== undefined) return `it ended with a failure: ${firstLine(failure)}`;
    const open = this.engine.openOrderIds().length;
    if (open > 0 && this.parts.config.loop.onStop === "cancel") return `it ended with ${open} orders that are not known to be canceled`;
    return isInOrder ? "" : "it ended with orders whose outcome is not known";
  }

  /** The feed with its silence in reach of the guards. */
  private watched(feed: MarketFeed): MarketFeed {
    return {
      history: (symbol, intervalUs, fromUs, toUs) => feed.history(symbol, intervalUs, fromUs, toUs),
      subscribe: (symbols: readonly string[], intervalUs: number, handlers: FeedHandlers) => {
        const stream = feed.subscribe(symbols, intervalUs, countedFeed(handlers, this.parts.voice));
        this.feedSilentUs = () => stream.silentUs;
        return stream;
      },
    };
  }
}

/** Past bars that a session needs before its first live one: those of its indicators, in the bars that it is fed. */
export function warmUpBars(engine: Engine, record: SessionRecord, asked: number | undefined): number {
  if (asked !== undefined) return asked;
  const own = Math.min(...record.series.map(({ intervalUs }) => intervalUs));
  const longest = Math.max(...record.series.map(({ intervalUs }) => intervalUs));
  // One more than enough of the longest, since the first of them may be a part.
  return Math.min(50_000, Math.ceil((engine.host.indicators.warmup + 2) * (longest / own)));
}

function actionOf(latch: LatchState): "enable" | "reduce-only" | "halt" {
  if (latch.state === "enabled") return "enable";
  return latch.state === "halted" ? "halt" : "reduce-only";
}

function isStateWord(action: string): boolean {
  return action === "enable" || action === "halt" || action === "reduce-only";
}

function firstLine(error: unknown): string {
  return error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
}

/** Waits for work, but not beyond a deadline. */
async function within(env: Env, deadlineUs: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  const waited = env.sleep(Math.max(0, deadlineUs - env.monoUs()), over.signal).catch(() => undefined);
  await Promise.race([work, waited]);
  over.abort(new Error("the work was done"));
}
