import { type BoundStrategy, runHash } from "@tradepulse/core";
import type { Env, InputCount } from "@tradepulse/platform";
import type { BarSource } from "../feed/bar-source.ts";
import type { FileJournal } from "../journal/file-journal.ts";
import { openFileJournal } from "../journal/file-journal.ts";
import { type KillLatch, openKillLatch } from "../latch/kill-latch.ts";
import { eventsFrom } from "../recovery/event-records.ts";
import { buildEngine, type SessionEngine, type SessionOptions } from "./build-engine.ts";
import { OperatorInbox } from "./operator-inbox.ts";
import { PaperSession } from "./paper-session.ts";
import { journalFolder, latchFolder, type SessionRecord, writeSessionRecord } from "./session-record.ts";
import { type SessionStatus, StatusReader } from "./session-status.ts";
import type { SessionVoice } from "./session-voice.ts";

export interface PaperRunParts {
  readonly env: Env;
  /** Folder of the session, absolute. Made when it is absent; must hold no session. */
  readonly folder: string;
  readonly record: SessionRecord;
  readonly strategy: BoundStrategy;
  readonly optionsOf: SessionOptions;
  /** Where the bars come from. `room` resolves when the journal has room for more. */
  readonly source: (room: () => Promise<void>) => BarSource;
  /** Tells what a person must know, and keeps the log in the folder of the session. */
  readonly voice: SessionVoice;
}

/** How a session ended. */
export interface SessionEnd {
  readonly why: "no more bars" | "stopped" | "failed";
  readonly error: unknown;
  readonly status: SessionStatus | undefined;
  /** Over the event list, the end included; `undefined` for a session that failed. A replay must come to the same. */
  readonly runHash: string | undefined;
  /** What came in and could not be used, by source and kind; empty when everything could. */
  readonly badInput: readonly InputCount[];
}

/** Who arms a paper session. */
const PAPER = "paper";

/** Bytes of the journal's queue are bounded: a recording played as fast as it goes waits for the disk every so many records. */
const RECORDS_AHEAD = 8_192;

/** One paper session on bars from anywhere, kept in a folder: `session.json` and the journal, from which it can be replayed bit for bit. */
export class PaperRun {
  readonly done: Promise<SessionEnd>;
  private readonly parts: PaperRunParts;
  private readonly settle: (end: SessionEnd) => void;
  private journal: FileJournal | undefined;
  private session: PaperSession | undefined;
  private source: BarSource | undefined;
  private built: SessionEngine | undefined;
  private latch: KillLatch | undefined;
  private inbox: OperatorInbox | undefined;
  private unlisten: (() => void) | undefined;
  private status: SessionStatus | undefined;
  private recorded = 0;
  private isOver = false;

  constructor(parts: PaperRunParts) {
    this.parts = parts;
    let settle: (end: SessionEnd) => void = () => undefined;
    this.done = new Promise((resolve) => {
      settle = resolve;
    });
    this.settle = settle;
  }

  get record(): SessionRecord {
    return this.parts.record;
  }

  /** Resolves when the session runs. One that does not come to run leaves nothing behind that does. */
  async start(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      this.isOver = true;
      this.still();
      // The failure that is told is the one that came first.
      await this.journal?.close().catch(() => undefined);
      throw error;
    }
  }

  private async open(): Promise<void> {
    const { env, folder, record, strategy, optionsOf } = this.parts;
    this.built = buildEngine(record, strategy, optionsOf);
    await env.files.makeFolder(folder);
    this.parts.voice.openLog(folder);
    await writeSessionRecord(env, folder, record);
    this.journal = await openFileJournal({
      env,
      folder: journalFolder(folder),
      onAlarm: (failure) => void this.parts.voice.alarm(failure.message),
    });
    this.journal.append("metadata", {
      session: record.name,
      mode: record.mode,
      strategy: record.strategy.name,
      codeDigest: record.strategy.codeDigest,
    });
    const statuses = new StatusReader(this.built.engine);
    this.session = new PaperSession({
      env,
      driver: this.built.driver,
      journal: this.journal,
      plans: record.series,
      clock: record.source.kind === "dataset" ? "bars" : "wall",
      syncTimeoutUs: 5_000_000,
      onInstant: (closeUs) => {
        this.recordEvents();
        this.status = statuses.read(closeUs);
        this.parts.voice.news({ kind: "status", status: this.status });
      },
      onFailure: (error) => void this.end("failed", error),
    });
    this.session.assembler.onRefused = (flaw, why) => this.parts.voice.bad("bars", flaw, why);
    await this.watchOperator();
    // It may have been told to stop meanwhile.
    if (this.isOver) return;
    this.parts.voice.say("info", "started", `${record.strategy.name} runs on paper`, { session: record.name });
    this.source = this.parts.source(() => this.room());
    this.source.start({
      onBar: (bar) => this.session!.take(bar),
      onInstant: (closeUs) => this.session!.instantDone(closeUs),
      onEnd: () => void this.end("no more bars"),
      onFailure: (error) => void this.end("failed", error),
    });
  }

  /** Ends the session: no more bars, the journal on the disk. Positions and orders stay as they are recorded. */
  async stop(): Promise<void> {
    await this.end("stopped");
  }

  /** A person's word. */
  operate(...word: Parameters<PaperSession["operate"]>): void {
    this.session?.operate(...word);
  }

  /** No money is at stake, so a paper session arms itself; from then on the latch is obeyed as in a live one. */
  private async watchOperator(): Promise<void> {
    const { env, folder, record } = this.parts;
    this.latch = await openKillLatch({
      env,
      folder: latchFolder(folder, record),
      pollUs: 100_000,
      onChange: (now) => {
        if (now.by === PAPER) return;
        this.operate(now.state === "enabled" ? "enable" : now.state === "halted" ? "halt" : "reduce-only", `${now.reason} (${now.by})`);
      },
    });
    await this.latch.arm("enabled", "a paper session starts armed", PAPER);
    if (this.isOver) return;
    this.inbox = new OperatorInbox(env, folder, {
      onWord: (action, reason) => this.operate(action, reason),
      onBadWord: (flaw, why) => {
        this.parts.voice.bad("operator", flaw, why);
        this.parts.voice.alarm(why);
      },
    });
    this.inbox.watch();
    this.unlisten = env.onSignal("SIGUSR2", () => this.halt("SIGUSR2", "operator"));
  }

  private halt(reason: string, by: string): void {
    // A latch that the disk refuses holds in this process.
    void this.latch?.trip("halted", reason, by).catch(() => undefined);
  }

  private async room(): Promise<void> {
    const journal = this.journal!;
    const behind = journal.lastSeq - journal.durableSeq;
    if (behind > RECORDS_AHEAD) await journal.durable(journal.lastSeq);
  }

  private still(): void {
    this.source?.stop();
    this.session?.stop();
    this.inbox?.stop();
    this.unlisten?.();
    this.latch?.stop();
  }

  private async end(why: SessionEnd["why"], error?: unknown): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    this.still();
    let failure = error;
    let hash: string | undefined;
    try {
      if (failure === undefined) hash = this.finish(why);
      await this.journal?.close();
    } catch (lost) {
      failure ??= lost;
    }
    failure = await this.parts.voice.end(why, failure);
    this.settle({
      why: failure === undefined ? why : "failed",
      error: failure,
      status: this.status,
      runHash: hash,
      badInput: this.parts.voice.counters.rows(),
    });
  }

  /** What the engine decided, and what came of it: no part of a replay, but its proof, and what a later version of the strategy is compared with. */
  private recordEvents(): void {
    const { events } = this.built!.engine;
    if (events.length === this.recorded) return;
    this.journal!.append("evidence", { events: eventsFrom(events, this.recorded) });
    this.recorded = events.length;
  }

  /** Ends the run in the engine, as a replay will, and records what it came to. */
  private finish(why: string): string {
    this.built!.driver.finish();
    this.recordEvents();
    const hash = runHash(this.built!.engine.events);
    const { badInput } = this.parts.voice;
    this.journal!.append("metadata", {
      end: why,
      runHash: hash,
      events: this.built!.engine.events.length,
      ...(badInput === undefined ? {} : { badInput }),
    });
    return hash;
  }
}
