import { type Failure, fail, type Instrument, instrument, ok, type Result } from "@tradepulse/core";
import type { VenueInstrument } from "@tradepulse/venues";
import { countAt, type Decimal, decimal } from "../news/decimal-money.ts";

/** An instrument of a session with the venue's own words for it. */
export interface LiveInstrument {
  readonly instrument: Instrument;
  readonly symbol: string;
  readonly baseAsset: string;
}

/** Decimals of a balance at spot venues, of coins and of money: positions and cash count in these, orders in the venue's step. */
const ASSET_SCALE = 8;

/** The engine's instrument for a venue's: price unit and tick from its price filter, lots of 10^-8, order step from its lot filter. */
export function liveInstrument(id: string, venue: VenueInstrument): Result<LiveInstrument> {
  const tick = decimal(venue.tickSize);
  const step = decimal(venue.lotSize);
  const minNotional = decimal(venue.minNotional === "" ? "0" : venue.minNotional);
  if (tick === undefined || step === undefined || minNotional === undefined || tick.digits <= 0n || step.digits <= 0n) {
    return fail(badFilter(id, venue));
  }
  const priceScale = scaleOf(tick);
  // The venue keeps its money to the eighth decimal, fees included: in a coarser unit every fill would round a little away.
  const quote = { code: venue.quote, scale: ASSET_SCALE };
  const made = instrument({
    id,
    quote,
    priceScale,
    tickUnits: countAt(tick, priceScale),
    tickKnown: true,
    displayDecimals: priceScale,
    lotScale: ASSET_SCALE,
    lotUnits: 1,
    stepLots: countAt(step, ASSET_SCALE),
  });
  return ok({ instrument: { ...made, minNotional: countAt(minNotional, made.quote.scale) }, symbol: venue.symbol, baseAsset: venue.base });
}

/** Decimals that the number really has: `0.01000000` has two. */
function scaleOf(value: Decimal): number {
  let { digits, scale } = value;
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  return scale;
}

function badFilter(id: string, venue: VenueInstrument): Failure {
  return {
    code: "TP_LIVE_FILTERS",
    message: `Cannot trade "${id}": the venue states tick "${venue.tickSize}" and step "${venue.lotSize}", allowed are positive decimals`,
    details: [["symbol", venue.symbol]],
    next: "check that the instrument is listed and trading",
  };
}
