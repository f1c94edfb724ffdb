import { causeName, type Engine, EventKind } from "@tradepulse/core";
import type { KillThresholds } from "../config/live-config.ts";

/** Refusals that say that an order would have passed a limit of the user. */
const LIMIT_CAUSES: ReadonlySet<string> = new Set([
  "max-order-notional",
  "max-order-quantity",
  "max-position",
  "max-gross-exposure",
  "max-net-exposure",
  "max-open-orders",
  "price-collar",
]);

/**
 * Counts orders that risk refused, one after the other, and says when that is no accident any more: one far over its limit, several over a limit,
 * several over the rate. An order that passes starts the counts again.
 */
export class KillCounter {
  private readonly engine: Engine;
  private readonly thresholds: KillThresholds;
  private next: number;
  private violations = 0;
  private rateLimits = 0;

  /** Counts from here on: what a recovery brought back has been judged before. */
  constructor(engine: Engine, thresholds: KillThresholds) {
    this.engine = engine;
    this.thresholds = thresholds;
    this.next = engine.events.length;
  }

  /** Looks at what happened since the last call. A reason to halt, or `undefined`. */
  look(): string | undefined {
    const { events } = this.engine;
    // A flood of events between two looks: those that were let go of are in the journal.
    for (this.next = Math.max(this.next, events.first); this.next < events.length; this.next += 1) {
      const kind = events.word(this.next, 0);
      if (kind === EventKind.submitted) {
        this.violations = 0;
        this.rateLimits = 0;
      }
      if (kind !== EventKind.refused) continue;
      const [cause, present, limit] = events.record(this.next).fields as [number, number, number];
      const reason = this.count(causeName(cause), present, limit);
      if (reason === undefined) continue;
      this.next += 1;
      return reason;
    }
    return undefined;
  }

  private count(cause: string, present: number, limit: number): string | undefined {
    const { limitMultiplier, violations, rateLimits } = this.thresholds;
    if (cause === "order-rate") {
      this.rateLimits += 1;
      return this.rateLimits >= rateLimits ? `${this.rateLimits} orders in a row were over the order rate` : undefined;
    }
    if (!LIMIT_CAUSES.has(cause)) return undefined;
    this.violations += 1;
    // Zero stands for no limit at all, of which nothing is a multiple.
    if (limit > 0 && present > limit * limitMultiplier) {
      return `an order was over its limit "${cause}" by a factor of ${(present / limit).toFixed(2)}, halting from ${limitMultiplier}`;
    }
    return this.violations >= violations ? `${this.violations} orders in a row were over a limit, the last over "${cause}"` : undefined;
  }
}

/** Losses that only a person releases. The loss of a day ends with the day. */
const LOSS_CAUSES: ReadonlySet<string> = new Set(["max-drawdown", "max-consecutive-losses"]);

/** Why a limit on losses keeps the engine from new risk; `undefined` while none does. What the engine knows must bind the whole account. */
export function lossLatch({ options }: Engine): string | undefined {
  const { risk } = options;
  if (risk === undefined || risk.tradingState === 0) return undefined;
  const cause = causeName(risk.tradingStateCause);
  return LOSS_CAUSES.has(cause) ? `the limit "${cause}" was reached` : undefined;
}
