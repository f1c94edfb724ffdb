import { type Engine, type Fact, FactDriver } from "@tradepulse/core";

/**
 * The door of a live engine with a lock on it: when a fact cannot be taken, because the strategy threw or something impossible happened, no other one
 * is, and what has to be done is told once. The journal goes on: what the venue says must not be lost with the strategy.
 */
export class GuardedDriver extends FactDriver {
  private readonly onTaken: (fact: Fact) => void;
  private readonly onFailure: (error: unknown) => void;
  private hasFailed = false;

  constructor(engine: Engine, onTaken: (fact: Fact) => void, onFailure: (error: unknown) => void) {
    super(engine);
    this.onTaken = onTaken;
    this.onFailure = onFailure;
  }

  override process(fact: Fact): void {
    if (this.hasFailed) return;
    try {
      super.process(fact);
    } catch (error) {
      this.hasFailed = true;
      this.onFailure(error);
      return;
    }
    this.onTaken(fact);
  }
}
