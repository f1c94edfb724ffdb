import type { Side } from "../../model/side.ts";
import type { ProposedOrder, Refusal } from "../risk-view.ts";
import type { BarClock } from "./bar-clock.ts";
import type { ProtectionScope, Span } from "./protection-settings.ts";
import type { RecordedTrade } from "./trade-history.ts";

export interface Lock {
  readonly cause: number;
  /** -1 for every instrument. */
  readonly instrumentIndex: number;
  /** 0 for both. */
  readonly side: Side | 0;
  readonly span: Span;
  /** The exit that it counts from. */
  readonly from: RecordedTrade;
}

/** The locks that protections set: what may not open exposure, and until when. They end by themselves. */
export class Locks {
  private locks: readonly Lock[] = [];
  private readonly clock: BarClock;

  constructor(clock: BarClock) {
    this.clock = clock;
  }

  /** Closes the scope of a trade for a span from its exit. Counted in bars, it counts those of the trade's own instrument. */
  add(cause: number, scope: ProtectionScope, span: Span, from: RecordedTrade): void {
    const lock: Lock = {
      cause,
      instrumentIndex: scope === "all" || scope === "side" ? -1 : from.instrumentIndex,
      side: scope === "all" || scope === "instrument" ? 0 : from.side,
      span,
      from,
    };
    // A later exit of the same scope counts anew; locks that are over go.
    const others = this.locks.filter(
      (each) =>
        !this.isOver(each, from.exitUs) &&
        !(each.cause === cause && each.instrumentIndex === lock.instrumentIndex && each.side === lock.side && this.endsNoLater(each, lock)),
    );
    this.locks = [...others, lock];
  }

  /**
   * The lock that an opening order meets. Counted in time, `present` is now and `limit` the instant at which the lock ends;
   * counted in bars, `present` is the number of bars closed since that of the exit and `limit` the number to wait for.
   */
  verdict(order: ProposedOrder, nowUs: number): Refusal | undefined {
    for (const lock of this.locks) {
      if (lock.instrumentIndex !== -1 && lock.instrumentIndex !== order.instrumentIndex) continue;
      if (lock.side !== 0 && lock.side !== order.side) continue;
      if (this.isOver(lock, nowUs)) continue;
      return "us" in lock.span
        ? { cause: lock.cause, present: nowUs, limit: lock.from.exitUs + lock.span.us }
        : { cause: lock.cause, present: Math.max(0, this.barsWaited(lock)), limit: lock.span.bars };
    }
    return undefined;
  }

  carry(): readonly Lock[] {
    return this.locks;
  }

  resume(locks: readonly Lock[]): void {
    this.locks = locks;
  }

  private barsWaited(lock: Lock): number {
    return this.clock.closedBars(lock.from.instrumentIndex) - lock.from.exitBar;
  }

  private isOver(lock: Lock, nowUs: number): boolean {
    return "us" in lock.span ? nowUs >= lock.from.exitUs + lock.span.us : this.barsWaited(lock) >= lock.span.bars;
  }

  private endsNoLater(a: Lock, b: Lock): boolean {
    if (a.from.instrumentIndex !== b.from.instrumentIndex && "bars" in a.span) return false;
    return a.from.exitUs <= b.from.exitUs;
  }
}
