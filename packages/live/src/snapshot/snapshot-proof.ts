import type { Engine, FactDriver } from "@tradepulse/core";
import type { ReadRecord } from "../recovery/replay.ts";
import type { SessionFold } from "../recovery/session-fold.ts";
import { stateDigest } from "./session-snapshot.ts";

/** Whether a snapshot that a session kept is the state that a replay comes to at its record. */
export interface SnapshotProof {
  readonly seq: number;
  readonly isSame: boolean;
}

/**
 * Proves snapshots on the way of a replay, whether they are still there or not: the journal says where each was taken, and keeps the digest of those that
 * were written to their end.
 */
export class SnapshotProver {
  readonly proofs: SnapshotProof[] = [];
  private readonly reached = new Map<number, string>();
  private readonly engine: Engine;
  private readonly driver: FactDriver;
  private readonly fold: SessionFold;

  constructor(engine: Engine, driver: FactDriver, fold: SessionFold) {
    this.engine = engine;
    this.driver = driver;
    this.fold = fold;
  }

  /** After each record was taken by engine and fold. */
  take({ seq, kind, payload }: ReadRecord): void {
    if (kind !== "snapshot") return;
    const { engine, driver, fold } = this;
    const said = payload as { readonly state: string; readonly of?: number; readonly digest?: string };
    if (said.state === "taken") {
      this.reached.set(seq, stateDigest({ engine: driver.carry(), session: fold.carry(engine.openOrderIds()) }));
      return;
    }
    const digest = this.reached.get(said.of!);
    this.reached.clear();
    if (digest !== undefined) this.proofs.push({ seq: said.of!, isSame: digest === said.digest });
  }
}
