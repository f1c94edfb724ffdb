import { type BarFact, US_PER_DAY } from "@tradepulse/core";
import type { InputFlaw } from "@tradepulse/platform";
import type { FeedBar } from "@tradepulse/venues";
import type { Unplaced } from "./sequencer.ts";

/** One series of the strategy: an instrument's own bars, or longer ones built from them. */
export interface SeriesPlan {
  readonly symbol: string;
  readonly intervalUs: number;
  /** True when this series is built from the shorter bars of the same symbol. */
  readonly isBuilt: boolean;
}

/** Above every price of anything: what is larger is no price, however finite. */
const MOST_PRICE = 1e12;

type UnplacedBar = Unplaced<BarFact>;

interface Pending {
  readonly bars: Map<number, UnplacedBar>;
}

interface Building {
  openUs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** What is carried of the bars between two instants: longer ones that are being built, and how far each series has come. */
export interface CarriedBars {
  readonly building: readonly (Readonly<Building> | null)[];
  readonly lastCloseUs: readonly number[];
  readonly releasedUs: number;
}

/**
 * Makes the facts of an instant from bars as they arrive: each bar once and in order, longer bars built from shorter ones by the clock, and a step when all
 * that close together are in. What does not come is released by {@link releaseBefore}, whose timer belongs to the session.
 */
export class BarAssembler {
  readonly counts = { duplicates: 0, late: 0, unreadable: 0 };
  /** Told of every bar that is not taken, and by which rule. */
  onRefused: ((flaw: InputFlaw<"bars">, why: string) => void) | undefined;
  private readonly plans: readonly SeriesPlan[];
  private readonly emit: (bars: readonly UnplacedBar[], closeUs: number) => void;
  /** Series with bars of their own, by symbol. */
  private readonly own = new Map<string, number>();
  private readonly ownCount: number;
  private readonly hasBuilt: boolean;
  private readonly pending = new Map<number, Pending>();
  private readonly building: (Building | undefined)[];
  private readonly lastCloseUs: number[];
  private releasedUs = Number.NEGATIVE_INFINITY;

  constructor(plans: readonly SeriesPlan[], emit: (bars: readonly UnplacedBar[], closeUs: number) => void) {
    this.plans = plans;
    this.emit = emit;
    for (const [seriesIndex, plan] of plans.entries()) {
      if (!plan.isBuilt && !this.own.has(plan.symbol)) this.own.set(plan.symbol, seriesIndex);
    }
    this.ownCount = plans.filter((plan) => !plan.isBuilt).length;
    this.hasBuilt = this.ownCount < plans.length;
    this.building = plans.map(() => undefined);
    this.lastCloseUs = plans.map(() => Number.NEGATIVE_INFINITY);
  }

  /** Close of the last bar of a series that was released; -Infinity before the first. */
  lastClose(seriesIndex: number): number {
    return this.lastCloseUs[seriesIndex]!;
  }

  carry(): CarriedBars {
    const { building, lastCloseUs, releasedUs } = this;
    return { building: building.map((each) => (each === undefined ? null : { ...each })), lastCloseUs: [...lastCloseUs], releasedUs };
  }

  /** Goes on where an assembler of the same series stood. */
  resume(carried: CarriedBars): void {
    for (const [series, each] of carried.building.entries()) this.building[series] = each === null ? undefined : { ...each };
    for (const [series, closeUs] of carried.lastCloseUs.entries()) this.lastCloseUs[series] = closeUs;
    this.releasedUs = carried.releasedUs;
  }

  /** A recovered session goes on after this bar. */
  resumeAfter(seriesIndex: number, closeUs: number): void {
    this.lastCloseUs[seriesIndex] = Math.max(this.lastCloseUs[seriesIndex]!, closeUs);
    this.releasedUs = Math.max(this.releasedUs, closeUs);
  }

  /** A bar that a recovered session had released before: longer bars that it is a part of go on from there. In recorded order. */
  remember(bar: Omit<UnplacedBar, "atUs">): void {
    if (!this.plans[bar.seriesIndex]!.isBuilt) {
      this.takeEnded((endUs) => endUs <= bar.openUs);
      this.build(bar);
    }
    this.resumeAfter(bar.seriesIndex, bar.closeUs);
  }

  /** True when the bar was taken; otherwise it was counted and {@link onRefused} told. */
  take(bar: FeedBar): boolean {
    const seriesIndex = this.own.get(bar.symbol);
    if (seriesIndex === undefined) {
      this.onRefused?.("unknown-symbol", "a bar of a symbol that is not of this session");
      return false;
    }
    const open = Number(bar.open);
    const high = Number(bar.high);
    const low = Number(bar.low);
    const close = Number(bar.close);
    const volume = Number(bar.volume);
    // What is no number is in no range.
    const isRange = low > 0 && low <= open && low <= close && high >= open && high >= close && high < MOST_PRICE;
    const { openUs, closeUs } = bar;
    const isVolume = Number.isFinite(volume) && volume >= 0;
    const isSpan = Number.isSafeInteger(openUs) && Number.isSafeInteger(closeUs) && closeUs > openUs;
    if (!(isRange && isVolume && isSpan)) {
      this.counts.unreadable += 1;
      const flaw = !isSpan ? "times" : isVolume ? "prices" : "volume";
      this.onRefused?.(flaw, `a bar of ${bar.symbol} has ${flaw} that cannot be`);
      return false;
    }
    if (closeUs <= this.lastCloseUs[seriesIndex]! || this.pending.get(closeUs)?.bars.has(seriesIndex) === true) {
      this.counts.duplicates += 1;
      this.onRefused?.("duplicated", `a bar of ${bar.symbol} came again`);
      return false;
    }
    if (closeUs <= this.releasedUs) {
      this.counts.late += 1;
      this.onRefused?.("out-of-order", `a bar of ${bar.symbol} came after its instant had passed`);
      return false;
    }
    const whole: UnplacedBar = { kind: "bar", seriesIndex, openUs, closeUs, open, high, low, close, volume };
    if (this.ownCount === 1 && !this.hasBuilt && this.pending.size === 0) {
      // Nobody to wait for and nothing to build.
      this.releasedUs = closeUs;
      this.send([whole], closeUs);
      return true;
    }
    this.hold(seriesIndex, closeUs, whole);
    this.releaseComplete();
    return true;
  }

  /** Instants before or at `closeUs` wait no longer for the partners that did not come. */
  releaseBefore(closeUs: number): void {
    for (const instant of [...this.pending.keys()].sort((a, b) => a - b)) if (instant <= closeUs) this.release(instant);
    // Those that were complete waited only for the ones before them.
    this.releaseComplete();
  }

  /** True while an instant waits for a partner. */
  get isWaiting(): boolean {
    return this.pending.size > 0;
  }

  private hold(seriesIndex: number, closeUs: number, bar: UnplacedBar): void {
    const at = this.pending.get(closeUs) ?? { bars: new Map<number, UnplacedBar>() };
    at.bars.set(seriesIndex, bar);
    this.pending.set(closeUs, at);
  }

  private releaseComplete(): void {
    for (const instant of [...this.pending.keys()].sort((a, b) => a - b)) {
      if (this.pending.get(instant)!.bars.size < this.ownCount) return;
      this.release(instant);
    }
  }

  private release(closeUs: number): void {
    const { bars } = this.pending.get(closeUs)!;
    this.pending.delete(closeUs);
    this.releasedUs = closeUs;
    this.releaseEnded(closeUs);
    const out = [...bars.values()];
    for (const bar of bars.values()) out.push(...this.build(bar));
    // A longer bar that ends now, and whose last part did not come.
    out.push(...this.takeEnded((endUs) => endUs === closeUs));
    this.send(out, closeUs);
  }

  /** Longer bars that ended before this instant, while their symbol was silent: each at its own end, as in a backtest. */
  private releaseEnded(beforeUs: number): void {
    const ended = this.takeEnded((endUs) => endUs < beforeUs);
    for (const endUs of [...new Set(ended.map((bar) => bar.closeUs))].sort((a, b) => a - b)) {
      this.send(
        ended.filter((bar) => bar.closeUs === endUs),
        endUs,
      );
    }
  }

  private takeEnded(isEnded: (endUs: number) => boolean): UnplacedBar[] {
    const done: UnplacedBar[] = [];
    for (const [seriesIndex, bar] of this.building.entries()) {
      const { intervalUs } = this.plans[seriesIndex]!;
      if (bar === undefined || !isEnded(bar.openUs + intervalUs)) continue;
      done.push(finished(seriesIndex, bar, intervalUs));
      this.building[seriesIndex] = undefined;
    }
    return done;
  }

  private send(bars: UnplacedBar[], closeUs: number): void {
    for (const bar of bars) this.lastCloseUs[bar.seriesIndex] = bar.closeUs;
    // As in a backtest: the longer interval first, then the order of the series.
    bars.sort((a, b) => this.plans[b.seriesIndex]!.intervalUs - this.plans[a.seriesIndex]!.intervalUs || a.seriesIndex - b.seriesIndex);
    this.emit(bars, closeUs);
  }

  /** Longer bars of the same symbol that this one completes. */
  private build(bar: UnplacedBar): UnplacedBar[] {
    const done: UnplacedBar[] = [];
    const { symbol } = this.plans[bar.seriesIndex]!;
    this.plans.forEach((plan, seriesIndex) => {
      if (!plan.isBuilt || plan.symbol !== symbol) return;
      const openUs = bucketOf(bar.openUs, plan.intervalUs);
      const current = this.building[seriesIndex];
      const next: Building = {
        openUs,
        open: current?.open ?? bar.open,
        high: Math.max(current?.high ?? bar.high, bar.high),
        low: Math.min(current?.low ?? bar.low, bar.low),
        close: bar.close,
        volume: (current?.volume ?? 0) + bar.volume,
      };
      const isDone = bar.closeUs >= openUs + plan.intervalUs;
      this.building[seriesIndex] = isDone ? undefined : next;
      if (isDone) done.push(finished(seriesIndex, next, plan.intervalUs));
    });
    return done;
  }
}

const US_PER_WEEK = 7 * US_PER_DAY;
/** Weeks begin on Monday; the epoch was a Thursday. As in the core's `resample`. */
const FIRST_MONDAY_US = 4 * US_PER_DAY;

/** Start of the longer bar that holds an instant. */
function bucketOf(timeUs: number, intervalUs: number): number {
  const anchorUs = intervalUs % US_PER_WEEK === 0 ? FIRST_MONDAY_US : 0;
  return Math.floor((timeUs - anchorUs) / intervalUs) * intervalUs + anchorUs;
}

function finished(seriesIndex: number, bar: Building, intervalUs: number): UnplacedBar {
  return { kind: "bar", seriesIndex, ...bar, closeUs: bar.openUs + intervalUs };
}
