import { type CauseName, type Engine, type Fact, runHash } from "@tradepulse/core";
import { type KillLatch, openKillLatch } from "../latch/kill-latch.ts";
import type { LatchState } from "../latch/latch-files.ts";
import type { LiveSession } from "../session/live-session.ts";
import type { SnapshotKeeper } from "../snapshot/snapshot-keeper.ts";
import { catchUp } from "./catch-up.ts";
import { EventRecorder } from "./event-recorder.ts";
import type { FollowedJournal } from "./followed-journal.ts";
import { endingOf, firstLine, phaseOf, RunProgress } from "./life-words.ts";
import type { LiveRunParts } from "./live-run-parts.ts";
import type { SessionEnd } from "./paper-run.ts";
import { cancelOrdersOf, runExecution, runSession } from "./run-session.ts";
import { RunStart } from "./run-start.ts";
import type { SessionExecution } from "./session-execution.ts";
import { latchFolder, type SessionRecord } from "./session-record.ts";
import { type SessionStatus, StatusReader } from "./session-status.ts";
import { SessionWatch } from "./session-watch.ts";
import { TraderLife } from "./trader-life.ts";
import { within } from "./within.ts";

/**
 * One live session from recovery to graceful stop. A start is a recovery, also the first one: the journal is replayed, the venue is read, and only
 * then may anything new be risked; until a person has armed the latch, nothing is.
 */
export class LiveRun {
  readonly done: Promise<SessionEnd>;
  private readonly parts: LiveRunParts;
  private settle: (end: SessionEnd) => void = () => undefined;
  private readonly execution: SessionExecution;
  private readonly begin: RunStart;
  private engine: Engine;
  private statuses: StatusReader;
  private journal: FollowedJournal | undefined;
  private latch: KillLatch | undefined;
  private session: LiveSession | undefined;
  private events: EventRecorder | undefined;
  private watch: SessionWatch | undefined;
  private keeper: SnapshotKeeper | undefined;
  private feed: { readonly silentUs: number } = { silentUs: 0 };
  private readonly life: TraderLife;
  private status: SessionStatus | undefined;
  private earlyHalt: { readonly reason: string; readonly by: string } | undefined;
  private readonly progress = new RunProgress();

  constructor(parts: LiveRunParts) {
    this.parts = parts;
    this.done = new Promise((resolve) => {
      this.settle = resolve;
    });
    const { env, config } = parts;
    this.execution = runExecution(parts, () => this.session?.truth.unreadable ?? 0);
    this.begin = new RunStart(parts, {
      onJournal: (journal) => {
        this.journal = journal;
      },
      onTaken: (fact) => this.onTaken(fact),
      onFailure: (error) => void this.fail(error),
      onAlarm: (text) => this.alarm(text),
    });
    this.engine = this.begin.first.engine;
    this.statuses = new StatusReader(this.engine);
    this.life = new TraderLife({
      env,
      folder: parts.folder,
      intervalUs: config.loop.heartbeatIntervalUs,
      sentinel: config.sentinel,
      tell: () => ({
        ...phaseOf(this.progress),
        epoch: parts.leadership.epoch,
        state: this.latch?.state ?? "halted",
        isReady: this.isReady,
        openOrders: this.engine.openOrderIds().length,
      }),
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

  /** Halts trading, at any moment: before the latch is open it is remembered, and latched before anything may be sent. */
  halt(reason: string, by: string): void {
    if (this.latch === undefined) this.earlyHalt ??= { reason, by };
    else this.trip(reason, by);
  }

  /** Resolves when the session runs: recovered, caught up with the bars, its streams opening. */
  async start(): Promise<void> {
    this.life.start();
    try {
      await this.recover();
    } catch (error) {
      this.life.still();
      await this.undo();
      throw error;
    }
  }

  /** A start that failed leaves nothing behind that runs, or the process would never end and never be started again. */
  private async undo(): Promise<void> {
    this.progress.isStopping = true;
    this.watch?.stop();
    const { env, config } = this.parts;
    if (this.session !== undefined) await within(env, env.monoUs() + config.loop.gracePeriodUs, this.session.stop());
    this.latch?.stop();
    // The failure that is told is the one that came first.
    await this.journal?.close().catch(() => undefined);
  }

  private async recover(): Promise<void> {
    const { env, folder, record, connection, config, voice } = this.parts;
    this.latch = await openKillLatch({
      env,
      folder: latchFolder(folder, record),
      onChange: (now) => this.onLatch(now),
      onAlarm: (failure) => this.alarm(failure.message),
    });
    if (this.earlyHalt !== undefined) this.trip(this.earlyHalt.reason, this.earlyHalt.by);
    const started = await this.begin.run();
    const { journal, engine, driver, plan, fold } = started;
    this.engine = engine;
    this.statuses = new StatusReader(engine);
    this.events = new EventRecorder(engine, journal, fold.events, (error) => void this.fail(error));
    if (started.failure !== undefined) void this.fail(started.failure);
    // Those whose record was lost with the process before are recorded now.
    this.events.record();
    this.begin.tell(started);
    // The last word of the journal, before the session says more.
    const { stateWord } = fold;
    const session = runSession({
      parts: this.parts,
      engine,
      driver,
      execution: this.execution,
      journal,
      refusal: () => this.refusal(),
      settled: async () => await this.latch?.fresh(),
      onFeed: (stream) => {
        this.feed = stream;
      },
      onAlarm: (text) => this.alarm(text),
      onJournalLost: (error) => void this.fail(error),
    });
    this.session = session;
    session.resume(plan);
    session.sequencer.push({ kind: "trust", instrumentIndex: -1, isTrusted: false, reason: "the session starts" });
    this.followLatch(stateWord);
    const [divergence] = plan.replay.divergences;
    if (divergence !== undefined) {
      this.alarm(`the recovery decided otherwise than the session did, first after fact ${divergence.factSeq}`);
      this.trip("the recovery decided otherwise than the session had: has the strategy changed?", "recovery");
    }
    await catchUp({ env, engine, record, feed: connection.feed, session, warmupBars: config.strategies[0]?.warmupBars });
    this.progress.isLive = true;
    session.start();
    this.watch = new SessionWatch({
      env,
      config,
      folder,
      engine,
      session,
      execution: this.execution,
      journal,
      voice,
      feedSilentUs: () => this.feed.silentUs,
      trip: (reason, by, state) => this.trip(reason, by, state),
      onAlarm: (text) => this.alarm(text),
    });
    this.keeper = this.begin.keeper(started);
    this.keeper?.start();
    this.life.say();
  }

  /** Graceful: no new risk, working orders canceled or kept as configured, what is under way ended, journal on the disk. */
  async stop(why: SessionEnd["why"] = "stopped", error?: unknown): Promise<void> {
    if (this.progress.isStopping) return;
    this.progress.isStopping = true;
    const { env, config } = this.parts;
    const deadlineUs = env.monoUs() + config.loop.gracePeriodUs;
    const { session } = this;
    if (session !== undefined && this.progress.isLive) {
      session.sequencer.push({ kind: "trust", instrumentIndex: -1, isTrusted: false, reason: "the session stops" });
      if (config.loop.onStop === "cancel") session.operate("cancel-all", "the session stops");
      // An engine that has failed hears of no cancel any more; its orders were canceled at the venue.
      while (why !== "failed" && config.loop.onStop === "cancel" && this.engine.openOrderIds().length > 0 && env.monoUs() < deadlineUs)
        await env.sleep(50_000);
      await within(env, deadlineUs, session.stop());
    }
    this.watch?.stop();
    // Beyond the grace period nobody waits for it: the next start reads a little more.
    if (this.keeper !== undefined) await within(env, deadlineUs, why === "failed" ? this.keeper.stop() : this.keeper.last());
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
    this.progress.ending = endingOf(failure, isInOrder, this.engine.openOrderIds().length, this.parts.config.loop.onStop);
    await this.life.end();
    failure = await this.parts.voice.end(why, failure);
    this.settle({
      why: failure === undefined ? why : "failed",
      error: failure,
      status: this.status,
      runHash: undefined,
      badInput: this.parts.voice.counters.rows(),
    });
  }

  /** Asked right before an order leaves. */
  private refusal(): CauseName | undefined {
    if (this.progress.isStopping) return "trading-halted";
    const state = this.latch?.sendState ?? "halted";
    if (state === "halted" || !this.parts.leadership.leads) return "trading-halted";
    if (state === "reduce-only") return "reduce-only-state";
    const unwatched = this.life.refusal;
    if (unwatched !== undefined) return unwatched;
    if (this.watch?.isClockGood !== true || this.journal?.refusal !== undefined) return "in-doubt";
    return undefined;
  }

  /** Says once more what the last word on the trading state was, where the latch says otherwise than the journal. */
  private followLatch(known: string): void {
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

  private trip(reason: string, by: string, state: "reduce-only" | "halted" = "halted"): void {
    // A latch that the disk refuses holds in this process and raises its own alarm.
    void this.latch?.trip(state, this.parts.voice.redactor.clean(reason), by).catch(() => undefined);
  }

  /** The engine took a fact that it could not finish: nothing more is decided. Orders at the venue are canceled, positions stay. */
  private async fail(error: unknown): Promise<void> {
    if (this.progress.hasFailed || this.progress.isStopping) return;
    this.progress.hasFailed = true;
    this.progress.failure = `the engine stopped: ${firstLine(error)}`;
    this.trip(this.progress.failure, "engine");
    this.life.say();
    if (this.progress.isLive) await cancelOrdersOf(this.parts, this.execution, (text) => this.alarm(text));
    await this.stop("failed", error);
  }

  private onTaken(fact: Fact): void {
    this.events?.record();
    if (fact.kind !== "step") return;
    this.status = this.statuses.read(fact.timeUs);
    if (this.progress.isLive) this.parts.voice.news({ kind: "status", status: this.status });
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
}

function actionOf(latch: LatchState): "enable" | "reduce-only" | "halt" {
  if (latch.state === "enabled") return "enable";
  return latch.state === "halted" ? "halt" : "reduce-only";
}
