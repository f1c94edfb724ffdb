import { causeCode } from "../model/event.ts";
import { type Failure, FailureError } from "../model/failure.ts";
import type { Wish } from "../strategy/define-strategy.ts";
import type { Engine } from "./engine.ts";

const CAUSE_HALTED = causeCode("trading-halted");

/**
 * What a live engine does with a strategy that fails: it is asked nothing any more, trading halts, and its orders that could open risk are
 * canceled; stops and targets of what is held stay at work. The engine itself goes on, so that fills are still booked and a replay finds the same end.
 * A backtest ends with the failure instead.
 */
export class StrategyStop {
  /** Why the strategy was stopped; undefined while it runs. */
  failure: Failure | undefined;
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** One reaction with its wish, or nothing when the strategy has failed before. */
  react(reaction: string, timeUs: number, run: () => Wish): void {
    if (this.failure !== undefined) return;
    try {
      this.engine.reactionDesk.carryOut(reaction, timeUs, run);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      this.stop(error.failure, timeUs);
    }
  }

  private stop(failure: Failure, timeUs: number): void {
    const { engine } = this;
    this.failure = failure;
    engine.options.risk?.restrict?.("halted", failure.message, timeUs);
    for (const order of engine.orders.orders()) {
      if (order.isWorking && !order.isReduceOnly) engine.outbox!.cancel(order, CAUSE_HALTED, timeUs);
    }
  }
}
