import { causeCode } from "../model/event.ts";
import { FailureError } from "../model/failure.ts";
import type { Refusal } from "./risk-view.ts";

/** What an account may send: everything, orders that only reduce, nothing of its own. */
export type TradingState = "enabled" | "reduce-only" | "halted";

/** By the number that events carry. */
export const TRADING_STATES: readonly TradingState[] = ["enabled", "reduce-only", "halted"];

/** What is done on the way into a stricter state; journaled apart from the state itself. */
export type KillAction = "cancel-all" | "flatten";

export const KILL_ACTIONS: readonly KillAction[] = ["cancel-all", "flatten"];

type StateNumber = 0 | 1 | 2;

interface Hold extends Refusal {
  readonly state: 1 | 2;
  readonly reason: string;
}

/** One change of the state, for the journal. */
export interface TradingStateChange {
  readonly state: TradingState;
  readonly cause: number;
  readonly reason: string;
  readonly timeUs: number;
}

export interface CarriedLatch {
  readonly holds: readonly Hold[];
  readonly lastChange: TradingStateChange;
}

/**
 * The latch. Each cause holds the state on its own; the state is the strictest of all holds. Holds are added by a limit or an operator
 * and end by {@link TradingStateLatch.rearm} alone, except that the owner of a per-day limit may release its own hold at the new day.
 */
export class TradingStateLatch {
  /** 0 enabled, 1 reduce-only, 2 halted. */
  state: StateNumber = 0;
  /** Cause of the strictest hold, the latest of equals; 0 when enabled. */
  cause = 0;
  /** Last change of the state. */
  lastChange: TradingStateChange = { state: "enabled", cause: 0, reason: "", timeUs: Number.NEGATIVE_INFINITY };
  private holds: readonly Hold[] = [];

  /** What an order hears that the state refuses: the cause and its numbers when a limit latched. `undefined` when enabled. */
  get verdict(): Refusal | undefined {
    return this.strictest;
  }

  get name(): TradingState {
    return TRADING_STATES[this.state]!;
  }

  isHeldBy(cause: number): boolean {
    return this.holds.some((hold) => hold.cause === cause);
  }

  /** A limit was reached: reduce-only. A cause that already holds changes nothing. */
  latchReduceOnly(refusal: Refusal, reason: string, timeUs: number): void {
    if (!this.isHeldBy(refusal.cause)) this.hold({ ...refusal, state: 1, reason }, timeUs);
  }

  /** An operator, or whoever watches over the account, restricts trading. Never makes it less strict. */
  restrict(state: "reduce-only" | "halted", reason: string, timeUs: number): void {
    const number = state === "halted" ? 2 : 1;
    const cause = causeCode(state === "halted" ? "trading-halted" : "reduce-only-state");
    if (!this.isHeldBy(cause)) this.hold({ state: number, cause, present: number, limit: 0, reason }, timeUs);
  }

  /** Ends the hold of a limit whose span is over. For the owner of that limit only. */
  release(cause: number, reason: string, timeUs: number): void {
    if (!this.isHeldBy(cause)) return;
    this.holds = this.holds.filter((hold) => hold.cause !== cause);
    this.settle(reason, timeUs);
  }

  /** Ends every hold, on purpose. Throws `TP_RISK_REARM_REASON` without a reason. */
  rearm(reason: string, timeUs: number): void {
    if (reason.trim() === "") {
      throw new FailureError({
        code: "TP_RISK_REARM_REASON",
        message: `Cannot re-arm trading: it is ${this.name} and the reason given is empty, allowed is a reason in words`,
        details: [["held by", this.holds.map((hold) => hold.reason).join("; ") || "nothing"]],
        next: "state why it is safe to trade again",
      });
    }
    if (this.holds.length === 0) return;
    this.holds = [];
    this.settle(reason, timeUs);
  }

  carry(): CarriedLatch {
    return { holds: this.holds, lastChange: this.lastChange };
  }

  resume(carried: CarriedLatch): void {
    this.holds = carried.holds;
    this.lastChange = carried.lastChange;
    this.state = this.strictest?.state ?? 0;
    this.cause = this.strictest?.cause ?? 0;
  }

  private hold(hold: Hold, timeUs: number): void {
    this.holds = [...this.holds, hold];
    this.settle(hold.reason, timeUs);
  }

  private get strictest(): Hold | undefined {
    let found: Hold | undefined;
    for (const hold of this.holds) if (found === undefined || hold.state >= found.state) found = hold;
    return found;
  }

  private settle(reason: string, timeUs: number): void {
    const found = this.strictest;
    const state = found?.state ?? 0;
    this.cause = found?.cause ?? 0;
    if (state === this.state) return;
    this.state = state;
    this.lastChange = { state: TRADING_STATES[state]!, cause: this.cause, reason, timeUs };
  }
}
