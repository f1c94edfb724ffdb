import { type Engine, type FactDriver, FailureError } from "@tradepulse/core";
import type { Env, Timer } from "@tradepulse/platform";
import type { Journal } from "../journal/journal.ts";
import type { SessionFold } from "../recovery/session-fold.ts";
import { type SnapshotAbout, snapshotParts } from "./session-snapshot.ts";
import type { SnapshotStore } from "./snapshot-store.ts";

export interface SnapshotKeeperParts {
  readonly env: Env;
  readonly store: SnapshotStore;
  readonly journal: Journal;
  readonly engine: Engine;
  readonly driver: FactDriver;
  /** Follows the journal, record by record. */
  readonly fold: SessionFold;
  readonly about: SnapshotAbout;
  readonly epoch: number;
  readonly everyRecords: number;
  readonly everyUs: number;
  readonly keep: number;
  onAlarm(text: string): void;
}

const LOOK_EVERY_US = 1_000_000;

/** History was dropped from the front of a series while it was written down: what was borrowed has moved. */
class Moved extends Error {
  override readonly name = "Moved";
}

/**
 * Takes snapshots of a running session between two facts, writes them in parts while the session goes on, and puts away the journal before the oldest that
 * is kept. What it takes is durable in the journal before any of it is on the disk. That one fails costs nothing but a longer start.
 *
 * The journal says where each was taken, and the digest of it when it is kept: a replay comes by there and proves it.
 */
export class SnapshotKeeper {
  private readonly parts: SnapshotKeeperParts;
  private timer: Timer | undefined;
  private writing: Promise<void> | undefined;
  private lastSeq: number;
  private lastUs: number;
  private isOff = false;
  private hasFailed = false;

  constructor(parts: SnapshotKeeperParts) {
    this.parts = parts;
    this.lastSeq = parts.journal.lastSeq;
    this.lastUs = parts.env.monoUs();
  }

  start(): void {
    if (this.isOff) return;
    this.timer = this.parts.env.timer(LOOK_EVERY_US, () => {
      this.look();
      this.start();
    });
  }

  /** Takes no more. Resolves when the one under way is kept or given up. */
  async stop(): Promise<void> {
    this.isOff = true;
    this.timer?.cancel();
    await this.writing;
  }

  /** The last one of a session that ends in order. */
  async last(): Promise<void> {
    await this.stop();
    await this.take();
  }

  private look(): void {
    const { journal, env, everyRecords, everyUs } = this.parts;
    const records = journal.lastSeq - this.lastSeq;
    const isDue = records >= everyRecords || (records > 0 && env.monoUs() - this.lastUs >= everyUs);
    if (!isDue || this.writing !== undefined || journal.refusal !== undefined) return;
    this.writing = this.take().finally(() => {
      this.writing = undefined;
    });
  }

  private async take(): Promise<void> {
    const { env, journal } = this.parts;
    try {
      const seq = await this.write();
      this.lastSeq = journal.lastSeq;
      this.lastUs = env.monoUs();
      this.hasFailed = false;
      await this.putAway(seq);
    } catch (error) {
      // Moved: the next look tries again.
      if (error instanceof Moved) return;
      if (error instanceof FailureError && error.failure.code === "TP_STRATEGY_MEMORY") this.isOff = true;
      this.lastUs = env.monoUs();
      this.lastSeq = journal.lastSeq;
      // A journal that takes nothing says so itself.
      if (!this.hasFailed && journal.refusal === undefined)
        this.parts.onAlarm(
          `a snapshot could not be kept, starts take longer: ${error instanceof Error ? error.message.split("\n", 1)[0]! : String(error)}`,
        );
      this.hasFailed = true;
    }
  }

  /** Between two facts up to the first `await`: engine, fold and journal stand at one place. */
  private async write(): Promise<number> {
    const { env, store, journal, engine, driver, fold, about, epoch } = this.parts;
    const state = { engine: driver.carry(true), session: fold.carry(engine.openOrderIds()) };
    const { drops } = driver;
    const takenUs = env.wallUs();
    const seq = journal.append("snapshot", { state: "taken", takenUs });
    await journal.durable(seq);
    let digest = "";
    const turn = async (): Promise<void> => {
      await env.sleep(0);
      if (driver.drops !== drops) throw new Moved("rows moved");
    };
    if (driver.drops !== drops) throw new Moved("rows moved");
    const parts = snapshotParts({ seq, epoch, takenUs, about }, state, turn, (found) => {
      digest = found;
    });
    await store.write(seq, parts);
    journal.append("snapshot", { state: "kept", of: seq, digest });
    return seq;
  }

  private async putAway(seq: number): Promise<void> {
    const { store, journal, keep } = this.parts;
    const kept = (await store.list()).filter((each) => each <= seq);
    for (const old of kept.slice(keep)) await store.remove(old);
    const oldest = kept[Math.min(keep, kept.length) - 1];
    if (oldest !== undefined && kept.length >= keep) await journal.archiveBefore?.(oldest);
  }
}
