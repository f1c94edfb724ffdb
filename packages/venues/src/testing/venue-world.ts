import { type BarColumns, barColumnsOf } from "@tradepulse/core";
import { SimClock } from "@tradepulse/platform";
import { symbolSpec } from "../local-venue/exchange/symbol-spec.ts";
import type { VenueClock } from "../local-venue/exchange/venue-clock.ts";
import { LocalVenue, type LocalVenueOptions } from "../local-venue/local-venue.ts";

/** 2026-03-02T00:00Z, a Monday. */
export const WORLD_START_US = 1_772_409_600_000_000;

const MINUTE_US = 60_000_000;

/** A simulated clock as a venue takes it. */
export function venueClockOf(clock: SimClock): VenueClock {
  return { monoUs: () => clock.nowUs, wallUs: () => clock.nowUs, timer: (delayUs, run) => clock.after(delayUs, run) };
}

/** One-minute bars through the given closes; each opens where the last one closed and reaches a little beyond both. */
export function barsThrough(closes: readonly number[], reach = 0.5): BarColumns {
  return barColumnsOf(
    closes.map((close, i) => {
      const open = closes[Math.max(0, i - 1)]!;
      const openUs = WORLD_START_US + i * MINUTE_US;
      return {
        openUs,
        closeUs: openUs + MINUTE_US,
        open,
        high: Math.max(open, close) + reach,
        low: Math.min(open, close) - reach,
        close,
        volume: 10 + i,
      };
    }),
  );
}

export interface VenueWorld {
  readonly clock: SimClock;
  readonly venue: LocalVenue;
  /** Lets virtual time pass. */
  run(us: number): Promise<void>;
}

/** A local venue under virtual time: BTCUSDT around 100 with five bars of history, unless the options say otherwise. Not started. */
export function venueWorld(options: Partial<LocalVenueOptions> & { readonly closes?: readonly number[] } = {}): VenueWorld {
  const clock = new SimClock({ seed: options.seed ?? 1, startUs: WORLD_START_US });
  const { closes, ...rest } = options;
  const columns = barsThrough(closes ?? [100, 100, 100, 100, 100, 101, 102, 103, 102, 101, 100, 99, 98, 99, 100]);
  const venue = new LocalVenue({
    clock: venueClockOf(clock),
    markets: [{ spec: symbolSpec("BTCUSDT", "BTC", "USDT"), columns, playedIntervalUs: MINUTE_US, historyBars: 5 }],
    ...rest,
  });
  return { clock, venue, run: (us) => clock.run(clock.nowUs + us) };
}
