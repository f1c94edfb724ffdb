import type { Fact } from "@tradepulse/core";
import type { SnapshotAbout } from "../snapshot/session-snapshot.ts";
import { SnapshotKeeper } from "../snapshot/snapshot-keeper.ts";
import { buildEngine } from "./build-engine.ts";
import { type FollowedJournal, followedJournal } from "./followed-journal.ts";
import { GuardedDriver } from "./guarded-driver.ts";
import type { LiveRunParts } from "./live-run-parts.ts";
import { type FreshEngine, type StartedSession, startSession } from "./session-start.ts";

export interface RunStartHooks {
  /** The journal is open, before anything is read of it. */
  onJournal(journal: FollowedJournal): void;
  onTaken(fact: Fact): void;
  /** The engine of the session could not take a fact. Not told of an attempt that is given up. */
  onFailure(error: unknown): void;
  onAlarm(text: string): void;
}

/** A run where its journal ends, the fold of the journal following it. */
export interface StartedRun extends StartedSession {
  readonly journal: FollowedJournal;
  /** What its engine could not take on the way; `undefined` when it took everything. */
  readonly failure: unknown;
}

/** The way of a live run from nothing to where its journal ends, and the snapshots that shorten the next one. */
export class RunStart {
  private readonly parts: LiveRunParts;
  private readonly hooks: RunStartHooks;
  /** The engine before the first attempt, which takes it. */
  readonly first: FreshEngine;
  private attempts = 0;
  private last: FreshEngine | undefined;
  private isStarted = false;

  constructor(parts: LiveRunParts, hooks: RunStartHooks) {
    this.parts = parts;
    this.hooks = hooks;
    this.first = this.freshEngine();
  }

  async run(): Promise<StartedRun> {
    const { snapshots, record } = this.parts;
    let journal: FollowedJournal | undefined;
    const started = await startSession({
      snapshots: this.usesSnapshots ? snapshots : undefined,
      about: this.about,
      plans: record.series,
      open: async (fromSeq) => {
        journal = await this.open(fromSeq);
        return journal;
      },
      make: () => this.nextEngine(),
      onAlarm: (text) => this.hooks.onAlarm(text),
    });
    journal!.follow(started.fold);
    this.isStarted = true;
    return { ...started, journal: journal!, failure: this.last?.failure() };
  }

  /** Says, for the journal and for people, what the session came from. */
  tell({ journal, plan, fromSeq }: StartedRun): void {
    const { leadership, voice } = this.parts;
    const { facts } = plan.replay;
    const [orders, unknown, neverSent] = [plan.orders.length, plan.unknown.length, plan.neverSent.length];
    journal.append("recovery", { facts, orders, unknown, neverSent, ...(fromSeq === 0 ? {} : { fromSnapshot: fromSeq }) });
    const where = fromSeq === 0 ? "" : ` after the snapshot at record ${fromSeq}`;
    const text = `the session starts in epoch ${leadership.epoch}: ${facts} facts were replayed${where}`;
    voice.say("info", "recovered", text, { epoch: leadership.epoch, facts, orders, unknown });
  }

  /** Takes snapshots of a session that runs; `undefined` where none may be started from. */
  keeper({ journal, engine, driver, fold }: StartedRun): SnapshotKeeper | undefined {
    const { env, config, leadership, snapshots, voice } = this.parts;
    const why = snapshots === undefined ? "this journal keeps no snapshots" : "the strategy does not declare that it can be restarted";
    if (snapshots === undefined || !this.usesSnapshots) {
      if (config.snapshots.when !== "never") voice.say("info", "no-snapshots", `${why}: a start replays the whole journal`, {});
      return undefined;
    }
    const { everyRecords, everyUs, keep } = config.snapshots;
    return new SnapshotKeeper({
      env,
      store: snapshots,
      journal,
      engine,
      driver,
      fold,
      about: this.about,
      epoch: leadership.epoch,
      everyRecords,
      everyUs,
      keep,
      onAlarm: (text) => this.hooks.onAlarm(text),
    });
  }

  private get about(): SnapshotAbout {
    const { record, codeDigest, engineVersion } = this.parts;
    return { session: record.name, strategy: record.strategy.name, codeDigest, engineVersion };
  }

  /** A strategy that remembers more than its indicators, and does not say how to keep it, would decide otherwise after a start from a snapshot. */
  private get usesSnapshots(): boolean {
    const { when } = this.parts.config.snapshots;
    return when === "always" || (when === "auto" && this.first.engine.host.isRestartable);
  }

  /** Opens the journal from a record on, with what a start begins with. */
  private async open(fromSeq: number): Promise<FollowedJournal> {
    const { record, leadership, codeDigest, readUpTo } = this.parts;
    const opened = await this.parts.openJournal({
      epoch: leadership.epoch,
      fromSeq,
      onAlarm: (failure) => this.hooks.onAlarm(failure.message),
    });
    const journal = followedJournal(opened);
    this.hooks.onJournal(journal);
    if (readUpTo !== undefined) journal.append("evidence", { readUpTo });
    journal.append("leader", { epoch: leadership.epoch });
    const about = { session: record.name, mode: record.mode, strategy: record.strategy.name, codeDigest };
    await journal.durable(journal.append("metadata", about));
    return journal;
  }

  private nextEngine(): FreshEngine {
    this.attempts += 1;
    this.last = this.attempts === 1 ? this.first : this.freshEngine();
    return this.last;
  }

  /** An engine without a fact, behind a door that closes when one cannot be taken. */
  private freshEngine(): FreshEngine {
    const { record, strategy, optionsOf } = this.parts;
    const { engine } = buildEngine(record, strategy, optionsOf);
    let failure: unknown;
    const onFailure = (error: unknown): void => {
      failure = error;
      if (this.isStarted) this.hooks.onFailure(error);
    };
    return { engine, driver: new GuardedDriver(engine, (fact) => this.hooks.onTaken(fact), onFailure), failure: () => failure };
  }
}
