import type { Timer } from "@tradepulse/platform";

/** What the venue needs of time. Every `Env` is one. */
export interface VenueClock {
  /** Monotonic, microseconds. */
  monoUs(): number;
  /** UTC, microseconds. */
  wallUs(): number;
  timer(delayUs: number, run: () => void): Timer;
}
