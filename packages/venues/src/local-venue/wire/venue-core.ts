import type { RandomStream } from "@tradepulse/platform";
import type { Exchange } from "../exchange/exchange.ts";
import type { SelfTradePrevention } from "../exchange/exchange-order.ts";
import type { PlayedBars } from "../exchange/played-bars.ts";
import type { VenueClock } from "../exchange/venue-clock.ts";
import type { FaultBoard } from "../faults/fault-board.ts";
import type { ApiKey } from "./api-key.ts";
import type { UsageLimits } from "./usage-limits.ts";

/** How long things take, in microseconds. `jitterUs` is added to each, evenly from 0 on. */
export interface LatencyOptions {
  /** From something happening to the message leaving. */
  readonly feedUs: number;
  /** From the arrival of an order or a cancel to the engine. */
  readonly entryUs: number;
  /** From the engine, or the arrival of anything else, to the answer. */
  readonly responseUs: number;
  readonly jitterUs: number;
}

export const NO_LATENCY: LatencyOptions = { feedUs: 0, entryUs: 0, responseUs: 0, jitterUs: 0 };

/** What the wire side of the venue works with. */
export interface VenueCore {
  readonly exchange: Exchange;
  readonly bars: ReadonlyMap<string, PlayedBars>;
  readonly limits: UsageLimits;
  readonly faults: FaultBoard;
  readonly keys: Map<string, ApiKey>;
  readonly clock: VenueClock;
  readonly latency: LatencyOptions;
  readonly jitter: RandomStream;
  readonly selfTrade: SelfTradePrevention;
  /** The venue's own time: its clock may be off. */
  now(): number;
  /** True while the venue is away. */
  isAway(): boolean;
}

/** A latency with its jitter. */
export function latencyUs(core: VenueCore, name: "feedUs" | "entryUs" | "responseUs"): number {
  const { jitterUs } = core.latency;
  return core.latency[name] + (jitterUs > 0 ? core.jitter.below(jitterUs) : 0);
}

/** Resolves after a time of the venue's clock; at once, without a timer, when there is none to wait. */
export function pause(core: VenueCore, delayUs: number): Promise<void> {
  if (delayUs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    core.clock.timer(delayUs, resolve);
  });
}

/** Notes in the ledger that a client is told something else than the plain truth. */
export function noteFault(core: VenueCore, name: string, about: string): void {
  core.exchange.ledger.append(core.now(), { kind: "fault", name, about });
}
