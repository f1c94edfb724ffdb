import { allocateBarColumns, type BarColumns, type CalendarName, type TimeUs, US_PER_DAY } from "@tradepulse/core";
import { dayOfWeek } from "../time/calendar.ts";
import { Xoshiro128 } from "./xoshiro.ts";

export interface SynthSpec {
  readonly seed: number;
  readonly bars: number;
  readonly intervalUs: number;
  readonly startUs: TimeUs;
  /** First price. */
  readonly price: number;
  /** Decimals of prices. */
  readonly decimals: number;
  /** Fraction of bars after which a gap of 1 to 30 bars begins. */
  readonly gaps: number;
  /** Standard deviation of a calm year's return, as a fraction. */
  readonly volatility: number;
  readonly calendar: CalendarName;
}

/** A market's moods. Each bar leaves the present one with the chance `leave`, for any other with equal chance. */
const REGIMES = [
  { name: "calm", drift: 0.05, volatility: 0.7, leave: 0.002 },
  { name: "rising", drift: 0.6, volatility: 0.9, leave: 0.003 },
  { name: "falling", drift: -0.6, volatility: 1.3, leave: 0.004 },
  { name: "wild", drift: 0, volatility: 2.2, leave: 0.01 },
] as const;

/** GARCH(1,1) of the standardised variance: it clusters, and returns to 1. */
const ALPHA = 0.06;
const BETA = 0.92;
/** One step in fifty is three times as large: fat tails. */
const JUMP_CHANCE = 0.02;
const JUMP_SIZE = 3;
const STEPS = 4;
/** A return of one step is held within this, so that no price comes near zero. */
const LARGEST_STEP = 0.2;
const US_PER_YEAR = 365 * US_PER_DAY;
/** Bars between two pauses of {@link synthesizeSlices}: some 20 ms of work. */
const SLICE_BARS = 65_536;

/**
 * Synthetic bars: regimes of drift and volatility, clustered volatility, fat tails, a daily rhythm (busiest at both ends of
 * the day), volume that follows volatility, gaps on request. Uses only operations that every engine rounds alike, so a
 * seed gives the same bytes everywhere. `weekdays` leaves out Saturdays and Sundays, UTC.
 */
export function synthesizeBars(spec: SynthSpec): BarColumns {
  const slices = synthesizeSlices(spec);
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
  }
}

/** Like {@link synthesizeBars}, in slices: yields the number of bars made so far, returns the columns. */
export function* synthesizeSlices(spec: SynthSpec): Generator<number, BarColumns, undefined> {
  const { bars, intervalUs, calendar } = spec;
  const columns = allocateBarColumns(bars, true);
  const random = new Xoshiro128(spec.seed);
  const unit = 10 ** spec.decimals;
  const yearsPerStep = intervalUs / US_PER_YEAR / STEPS;
  const stepDeviation = spec.volatility * Math.sqrt(yearsPerStep);
  let regime: (typeof REGIMES)[number] = REGIMES[0];
  let variance = 1;
  let price = spec.price;
  let openUs = skipClosed(spec.startUs, calendar);
  for (let bar = 0; bar < bars; bar += 1) {
    if (bar % SLICE_BARS === 0) yield bar;
    if (random.uniform() < regime.leave) regime = otherThan(regime, random);
    const rhythm = intervalUs < US_PER_DAY ? dailyRhythm((openUs % US_PER_DAY) / US_PER_DAY) : 1;
    const open = price;
    let high = price;
    let low = price;
    let movement = 0;
    for (let step = 0; step < STEPS; step += 1) {
      const size = random.uniform() < JUMP_CHANCE ? JUMP_SIZE : 1;
      const shock = random.normal() * size;
      const move = regime.drift * yearsPerStep + shock * Math.sqrt(variance) * regime.volatility * rhythm * stepDeviation;
      price *= 1 + Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, move));
      if (price > high) high = price;
      if (price < low) low = price;
      movement += Math.abs(shock);
      // A jump enters the variance as an ordinary shock: it must not make the market wild for good.
      const plain = shock / size;
      variance = 1 - ALPHA - BETA + ALPHA * plain * plain * variance + BETA * variance;
    }
    const onGrid = (value: number): number => Math.max(1, Math.round(value * unit)) / unit;
    columns.openUs[bar] = openUs;
    columns.closeUs[bar] = openUs + intervalUs;
    columns.open[bar] = onGrid(open);
    columns.high[bar] = onGrid(high);
    columns.low[bar] = onGrid(low);
    columns.close[bar] = onGrid(price);
    columns.volume[bar] = Math.round(1_000 * rhythm * regime.volatility * (0.2 + movement / STEPS) * (0.5 + random.uniform()) * 1e4) / 1e4;
    const skipped = spec.gaps > 0 && random.uniform() < spec.gaps ? 1 + Math.floor(random.uniform() * 30) : 0;
    openUs = skipClosed(openUs + (1 + skipped) * intervalUs, calendar);
  }
  return columns;
}

function otherThan(regime: (typeof REGIMES)[number], random: Xoshiro128): (typeof REGIMES)[number] {
  const others = REGIMES.filter((other) => other !== regime);
  return others[Math.floor(random.uniform() * others.length)]!;
}

/** From 1.4 at both ends of the day to 0.7 in its middle. */
function dailyRhythm(fraction: number): number {
  const fromMiddle = 2 * fraction - 1;
  return 0.7 + 0.7 * fromMiddle * fromMiddle;
}

function skipClosed(openUs: TimeUs, calendar: CalendarName): TimeUs {
  if (calendar === "24/7") return openUs;
  const day = Math.floor(openUs / US_PER_DAY);
  const weekday = dayOfWeek(day);
  const wait = weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  return wait === 0 ? openUs : (day + wait) * US_PER_DAY;
}
