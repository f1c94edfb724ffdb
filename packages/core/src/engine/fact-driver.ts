import type { Fact } from "../model/fact.ts";
import { InvariantViolation } from "../model/failure.ts";
import type { Engine } from "./engine.ts";
import { StepRunner } from "./step-run.ts";

/**
 * The one door of a live engine: facts in their total order. Series grow by the bars that arrive; a step fact says that
 * an instant is complete. The bar loop over finished columns and this driver produce the same event list.
 */
export class FactDriver {
  readonly runner: StepRunner;
  private readonly engine: Engine;
  private lastSeq = 0;
  private lastUs = Number.NEGATIVE_INFINITY;

  constructor(engine: Engine) {
    this.engine = engine;
    this.runner = new StepRunner(engine);
  }

  process(fact: Fact): void {
    if (fact.seq <= this.lastSeq) throw new InvariantViolation(`fact ${fact.seq} comes after fact ${this.lastSeq}`);
    if (fact.timeUs < this.lastUs) throw new InvariantViolation(`fact ${fact.seq} goes back in time`);
    this.lastSeq = fact.seq;
    this.lastUs = fact.timeUs;
    if (fact.kind === "step") {
      this.runner.step(fact.timeUs);
      return;
    }
    const series = this.engine.series[fact.seriesIndex]!;
    series.append(fact.openUs, fact.closeUs, fact.open, fact.high, fact.low, fact.close, fact.volume);
    this.runner.advance(series, fact.openUs);
  }

  finish(): void {
    this.runner.finish();
  }
}
