import type { Env } from "@tradepulse/platform";
import type { CancelOutcome, ExecutionClient } from "@tradepulse/venues";
import type { OrderRegister } from "../session/order-register.ts";

export interface PursuitParts {
  readonly env: Pick<Env, "sleep" | "random">;
  readonly client: Pick<ExecutionClient, "cancel">;
  readonly register: OrderRegister;
  /** Before the first repetition and the longest, in microseconds. */
  readonly pauseUs: number;
  readonly maxPauseUs: number;
  /** True while the order may still fill, as far as the engine knows. */
  mayFill(orderId: number): boolean;
  /** An answer came; it is no proof, whatever it says: the order must be read. */
  onOutcome(orderId: number, outcome: CancelOutcome): void;
  onAlarm(text: string): void;
}

/** Attempts after which somebody is told. */
const TELL_AFTER = 5;

/**
 * Cancels that were asked for and are not proved. A cancel may be sent as often as one likes, and a lost one leaves an order at work that nobody wants:
 * each is asked for again, with growing pauses, until the engine knows that the order has ended. An answer alone ends nothing.
 */
export class CancelPursuit {
  private readonly parts: PursuitParts;
  private readonly open = new Set<number>();
  private isStopped = false;

  constructor(parts: PursuitParts) {
    this.parts = parts;
  }

  /** Cancels that are not proved. */
  get count(): number {
    return this.open.size;
  }

  stop(): void {
    this.isStopped = true;
  }

  /** Asks once; resolves with the answer taken down. What it leaves open is asked for again from then on. */
  async begin(orderId: number): Promise<void> {
    await this.ask(orderId);
    if (this.open.has(orderId) || !this.parts.mayFill(orderId)) return;
    this.open.add(orderId);
    void this.pursue(orderId).finally(() => this.open.delete(orderId));
  }

  private async ask(orderId: number): Promise<void> {
    const order = this.parts.register.find(orderId);
    if (order !== undefined) this.parts.onOutcome(orderId, await this.parts.client.cancel(order.symbol, order.clientId));
  }

  private async pursue(orderId: number): Promise<void> {
    const { env, pauseUs, maxPauseUs } = this.parts;
    const random = env.random("cancel pursuit");
    let pause = pauseUs;
    for (let attempt = 2; ; attempt += 1) {
      // The reading that the last answer has caused comes first: most often it proves the end.
      await env.sleep(Math.round(pause * (0.75 + 0.5 * random.next())));
      if (this.isStopped || !this.parts.mayFill(orderId)) return;
      if (attempt === TELL_AFTER)
        this.parts.onAlarm(`order ${orderId} is not proved canceled after ${attempt - 1} attempts; it is asked for again`);
      await this.ask(orderId);
      pause = Math.min(maxPauseUs, pause * 2);
    }
  }
}
