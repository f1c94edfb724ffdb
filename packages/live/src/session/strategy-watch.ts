import type { Engine } from "@tradepulse/core";

/** A strategy that failed trades no more: somebody must know, once. */
export class StrategyWatch {
  private readonly engine: Pick<Engine, "strategyStop">;
  private readonly onAlarm: (text: string) => void;
  private isTold = false;

  constructor(engine: Pick<Engine, "strategyStop">, onAlarm: (text: string) => void) {
    this.engine = engine;
    this.onAlarm = onAlarm;
  }

  look(): void {
    const { failure } = this.engine.strategyStop;
    if (failure === undefined || this.isTold) return;
    this.isTold = true;
    this.onAlarm(`the strategy was stopped: ${failure.code} ${failure.message}`);
  }
}
