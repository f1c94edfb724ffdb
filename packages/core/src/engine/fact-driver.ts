import type { OrderCommand } from "../model/command.ts";
import type { BarFact, Fact, StepFact, TimerFact } from "../model/fact.ts";
import { InvariantViolation, invariant } from "../model/failure.ts";
import { OrderCarrier } from "../orders/carry-orders.ts";
import type { CarriedState } from "./carried-state.ts";
import { carryEngine, resumeEngine } from "./carry-engine.ts";
import type { Engine } from "./engine.ts";
import { OperatorDesk } from "./operator-desk.ts";
import { StepRunner } from "./step-run.ts";

/**
 * The one door of a live engine: facts in their total order. Series grow by the bars that arrive; a step fact says that
 * an instant is complete. The bar loop over finished columns and this driver produce the same event list.
 */
export class FactDriver {
  readonly runner: StepRunner;
  private readonly engine: Engine;
  private readonly operator: OperatorDesk;
  private readonly orders: OrderCarrier;
  private lastSeq = 0;
  private lastUs = Number.NEGATIVE_INFINITY;

  constructor(engine: Engine) {
    this.engine = engine;
    this.runner = new StepRunner(engine);
    this.operator = new OperatorDesk(engine);
    this.orders = new OrderCarrier(engine.orders);
  }

  process(fact: Fact): void {
    if (fact.seq <= this.lastSeq) throw new InvariantViolation(`fact ${fact.seq} comes after fact ${this.lastSeq}`);
    if (fact.timeUs < this.lastUs) throw new InvariantViolation(`fact ${fact.seq} goes back in time`);
    this.lastSeq = fact.seq;
    this.lastUs = fact.timeUs;
    switch (fact.kind) {
      case "step":
        this.runner.step(fact.timeUs);
        return;
      case "bar":
        this.bar(fact);
        return;
      default:
        this.live(fact);
    }
  }

  /**
   * Where the engine stands, as plain data: between two facts, its commands taken. Throws `TP_STRATEGY_MEMORY` when the strategy cannot save what
   * it remembers. A later fact changes nothing in it.
   *
   * With `isBorrowed` the long columns of numbers are not copied, so that a session with many instruments need not stand still: they are good until
   * {@link drops} changes or the next call.
   */
  carry(isBorrowed = false): CarriedState {
    const steps = this.runner.carry();
    // Between a bar and its instant the row of the bar is still to be computed.
    const engine = carryEngine(this.engine, this.orders, isBorrowed && steps.advanced.length === 0);
    return { schema: 1, lastSeq: this.lastSeq, lastUs: this.lastUs, steps, ...engine };
  }

  /** Changes when history was dropped from the front of a series, which moves the rows of all that was borrowed. */
  get drops(): number {
    return this.engine.series.reduce((sum, { dropped }) => sum + dropped, this.engine.host.indicators.drops);
  }

  /** Goes on where another engine of the same setup stood, in place of its facts. Only before the first fact. Throws `TP_STRATEGY_MEMORY`. */
  resume(carried: CarriedState): void {
    invariant(this.lastSeq === 0, "an engine that has taken facts goes on from no other");
    resumeEngine(this.engine, this.orders, carried);
    this.runner.resume(carried.steps);
    this.lastSeq = carried.lastSeq;
    this.lastUs = carried.lastUs;
  }

  /** The commands issued since the last call. Empty for an engine that fills its own orders. */
  takeCommands(): readonly OrderCommand[] {
    return this.engine.outbox?.take() ?? [];
  }

  private live(fact: Exclude<Fact, BarFact | StepFact>): void {
    const { facts } = this.engine;
    this.engine.stepUs = fact.timeUs;
    if (fact.kind === "operator") this.operator.apply(fact);
    else if (facts === undefined) throw new InvariantViolation(`a ${fact.kind} fact reached an engine that fills its own orders`);
    else if (fact.kind === "order") facts.order(fact);
    else if (fact.kind === "external") facts.external(fact);
    else if (fact.kind === "transfer") facts.transfer(fact);
    else if (fact.kind === "timer") this.timer(fact);
    else facts.trust(fact);
    this.engine.afterLiveFact(fact.timeUs);
  }

  private timer({ dueUs, timeUs }: TimerFact): void {
    this.engine.outbox?.expire(dueUs, timeUs);
    this.engine.protection.protectAll(timeUs);
  }

  private bar(fact: BarFact): void {
    const series = this.engine.series[fact.seriesIndex]!;
    series.append(fact.openUs, fact.closeUs, fact.open, fact.high, fact.low, fact.close, fact.volume);
    this.runner.advance(series, fact.openUs);
  }

  finish(): void {
    this.runner.finish();
  }
}
