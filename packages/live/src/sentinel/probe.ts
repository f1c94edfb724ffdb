import type { Env, Timer } from "@tradepulse/platform";
import type { CancelClient } from "./cancel-client.ts";
import { NOT_ASKED } from "./sentinel-watch.ts";

export interface ProbeParts {
  readonly env: Env;
  readonly client: CancelClient;
  readonly prepare: () => Promise<void>;
  readonly symbols: readonly string[];
  readonly onChange: (isAble: boolean, why: string) => void;
}

const EVERY_US = 60_000_000;
const AGAIN_US = 10_000_000;
/** An id that no order of ours can have. */
const NOBODY = "tp-sentinel-probe";

/**
 * Proves again and again that the sentinel could act: that the venue answers, that the clocks are known, that the keys may read orders, and that they may
 * cancel. For the last one it cancels an order that does not exist.
 */
export class Probe {
  isAble = false;
  /** Why it could not; `""` when it could. */
  why = NOT_ASKED;
  private readonly parts: ProbeParts;
  private timer: Timer | undefined;
  private isStopped = false;

  constructor(parts: ProbeParts) {
    this.parts = parts;
  }

  start(): void {
    void this.look().then((why) => {
      if (this.isStopped) return;
      const isChanged = this.why !== why;
      this.isAble = why === "";
      this.why = why;
      if (isChanged) this.parts.onChange(this.isAble, why);
      this.timer = this.parts.env.timer(this.isAble ? EVERY_US : AGAIN_US, () => this.start());
    });
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  private async look(): Promise<string> {
    const { client, prepare, symbols } = this.parts;
    const [symbol] = symbols;
    if (symbol === undefined) return "no instrument is configured";
    try {
      await prepare();
      const clock = await client.measureClock();
      if (clock.kind === "unavailable") return `the venue does not answer, ${clock.why}`;
      const orders = await client.openOrders(symbol);
      if (orders.kind === "unavailable") return `the orders of ${symbol} cannot be read, ${orders.why}`;
      const outcome = await client.cancel(symbol, NOBODY);
      if (outcome.kind === "refused") return `the keys may not cancel orders of ${symbol}, ${outcome.code} ${outcome.message}`;
      return outcome.kind === "unknown" ? `a cancel of ${symbol} is not answered, ${outcome.why}` : "";
    } catch (error) {
      return error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
    }
  }
}
