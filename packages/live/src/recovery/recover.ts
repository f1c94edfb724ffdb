import { type CancelOrder, causeCode, type Engine, type FactDriver } from "@tradepulse/core";
import type { BarAssembler, SeriesPlan } from "../session/bar-assembler.ts";
import type { RegisteredOrder } from "../session/order-register.ts";
import { type ReadRecord, Replayer, type ReplayOutcome } from "./replay.ts";
import { type CarriedSession, SessionFold } from "./session-fold.ts";

/** Cause of an order that was decided and never sent. */
export const NEVER_SENT = causeCode("absent");

/** What a restarted session must do before it trusts itself. */
export interface RecoveryPlan {
  readonly replay: ReplayOutcome;
  readonly orders: readonly RegisteredOrder[];
  /** Decided, but no intent of theirs is durable: they were never sent and will not be. */
  readonly neverSent: readonly number[];
  /** An intent is durable and no news ended the doubt: what became of them must be read. */
  readonly unknown: readonly number[];
  /** Cancels that were asked for and not proved: asked for again. */
  readonly cancels: readonly CancelOrder[];
  /** Highest trade id of each instrument that a reading of the venue had covered without gaps. */
  readonly readUpTo: readonly number[];
  /** Close of the last bar of each series. */
  readonly lastCloseUs: readonly number[];
  /** The bars as they were assembled; `undefined` where the series of the session were not told. */
  readonly bars: BarAssembler | undefined;
}

/** Where a session stood after one of its records, beside its engine. */
export interface ResumedSession {
  readonly seq: number;
  readonly session: CarriedSession;
}

/**
 * Brings an engine to where the journal ends, record by record, and says what is left in the air. Facts whose records were lost with the crash are those
 * after the last durable one: market facts only, since no order leaves before its intent is durable.
 */
export class Recovery {
  readonly fold: SessionFold;
  private readonly engine: Engine;
  private readonly replayer: Replayer;

  /** The engine is fresh, or stands where `from` says. */
  constructor(engine: Engine, driver: FactDriver, plans: readonly SeriesPlan[] = [], from?: ResumedSession) {
    this.engine = engine;
    this.fold = new SessionFold(plans);
    if (from !== undefined) this.fold.resume(from.session, from.seq);
    const { lastUs, lastSeq } = this.fold;
    this.replayer = new Replayer(driver, (command) => this.fold.decided(command), { lastUs, lastSeq });
  }

  take(record: ReadRecord): void {
    this.fold.take(record);
    this.replayer.take(record);
  }

  /** After the last record. */
  plan(): RecoveryPlan {
    const { engine, fold } = this;
    const working = engine.openOrderIds();
    return {
      replay: this.replayer.outcome,
      orders: fold.orders(engine),
      neverSent: fold.neverSent(working),
      unknown: fold.unknown(working),
      cancels: fold.openCancels(working),
      readUpTo: fold.readUpTo,
      lastCloseUs: fold.lastCloseUs,
      bars: fold.bars,
    };
  }
}

/** The same over records that are all at hand. */
export function recover(
  records: Iterable<ReadRecord>,
  engine: Engine,
  driver: FactDriver,
  plans: readonly SeriesPlan[] = [],
): RecoveryPlan {
  const recovery = new Recovery(engine, driver, plans);
  for (const record of records) recovery.take(record);
  return recovery.plan();
}
