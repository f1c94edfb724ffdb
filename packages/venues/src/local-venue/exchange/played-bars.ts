import type { BarColumns } from "@tradepulse/core";
import { type E8, e8FromNumber, maxE8, minE8, nearestTo, timesE8 } from "./amount.ts";
import type { PlayedBar } from "./bar-path.ts";
import type { KlineView } from "./exchange-event.ts";
import { klineOpenUs } from "./kline-interval.ts";

/**
 * A dataset's bars as the venue shows them: one after the other without gaps, re-stamped so that bar `firstLive` opens at `startUs`.
 * Earlier bars are history. Prices are put on the symbol's tick.
 */
export class PlayedBars {
  readonly symbol: string;
  readonly intervalUs: number;
  readonly firstLive: number;
  readonly startUs: number;
  readonly #columns: BarColumns;
  readonly #tick: E8;
  readonly #step: E8;
  /** Bars that are over: those below this index. */
  #over: number;
  #current: KlineView | undefined;

  constructor(symbol: string, columns: BarColumns, intervalUs: number, firstLive: number, startUs: number, tick: E8, step: E8) {
    this.symbol = symbol;
    this.#columns = columns;
    this.intervalUs = intervalUs;
    this.firstLive = firstLive;
    this.startUs = startUs;
    this.#tick = tick;
    this.#step = step;
    this.#over = firstLive;
  }

  get length(): number {
    return this.#columns.length;
  }

  openUs(index: number): number {
    return this.startUs + (index - this.firstLive) * this.intervalUs;
  }

  bar(index: number): PlayedBar {
    const c = this.#columns;
    const price = (value: number): E8 => nearestTo(e8FromNumber(value), this.#tick);
    const volume = c.volumeKnown ? e8FromNumber(Math.min(c.volume[index]!, 8e7)) : 0n;
    return {
      open: price(c.open[index]!),
      high: price(c.high[index]!),
      low: price(c.low[index]!),
      close: price(c.close[index]!),
      volume: volume - (volume % this.#step),
    };
  }

  /** The bar in progress, as the market has made it so far. */
  progress(kline: KlineView): void {
    this.#current = kline;
  }

  /** Ends the bar in progress. */
  finish(index: number): KlineView {
    this.#over = index + 1;
    this.#current = undefined;
    return this.#closed(index);
  }

  /** Bars of a length that is a multiple of the played one, opening from `fromUs` to `toUs`, both inclusive; the last may be in progress. */
  klines(intervalUs: number, fromUs: number, toUs: number): KlineView[] {
    const first = Math.max(0, this.#indexAt(klineOpenUs(fromUs, intervalUs)));
    const merged: KlineView[] = [];
    for (let i = first; i < this.#over && this.openUs(i) < toUs + intervalUs; i += 1) this.#merge(merged, this.#closed(i), intervalUs);
    if (this.#current !== undefined) this.#merge(merged, this.#current, intervalUs);
    return merged.filter((kline) => kline.openUs >= fromUs && kline.openUs <= toUs);
  }

  /** The bar of a longer interval that a played bar belongs to, up to it. */
  enclosing(kline: KlineView, intervalUs: number): KlineView {
    if (intervalUs === this.intervalUs) return kline;
    const openUs = klineOpenUs(kline.openUs, intervalUs);
    const merged: KlineView[] = [];
    for (let i = Math.max(0, this.#indexAt(openUs)); this.openUs(i) < kline.openUs && i < this.#over; i += 1)
      this.#merge(merged, this.#closed(i), intervalUs);
    this.#merge(merged, kline, intervalUs);
    return merged.at(-1)!;
  }

  #indexAt(timeUs: number): number {
    return this.firstLive + Math.ceil((timeUs - this.startUs) / this.intervalUs);
  }

  #closed(index: number): KlineView {
    const bar = this.bar(index);
    const openUs = this.openUs(index);
    const quoteVolume = timesE8(bar.close, bar.volume);
    return {
      symbol: this.symbol,
      openUs,
      endUs: openUs + this.intervalUs,
      open: bar.open,
      high: bar.high,
      low: bar.low,
      close: bar.close,
      volume: bar.volume,
      quoteVolume,
      takerBuyVolume: bar.volume / 2n,
      takerBuyQuoteVolume: quoteVolume / 2n,
      trades: 0,
      firstTradeId: -1,
      lastTradeId: -1,
      closed: true,
    };
  }

  #merge(into: KlineView[], next: KlineView, intervalUs: number): void {
    const openUs = klineOpenUs(next.openUs, intervalUs);
    const endUs = openUs + intervalUs;
    const closed = next.closed && next.endUs >= endUs;
    const last = into.at(-1);
    if (last === undefined || last.openUs !== openUs) {
      into.push({ ...next, openUs, endUs, closed });
      return;
    }
    into[into.length - 1] = {
      ...last,
      closed,
      high: maxE8(last.high, next.high),
      low: minE8(last.low, next.low),
      close: next.close,
      volume: last.volume + next.volume,
      quoteVolume: last.quoteVolume + next.quoteVolume,
      takerBuyVolume: last.takerBuyVolume + next.takerBuyVolume,
      takerBuyQuoteVolume: last.takerBuyQuoteVolume + next.takerBuyQuoteVolume,
      trades: last.trades + next.trades,
      lastTradeId: next.lastTradeId,
    };
  }
}
