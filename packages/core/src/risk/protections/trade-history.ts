import type { ClosedTrade } from "../risk-view.ts";
import type { BarClock } from "./bar-clock.ts";
import type { ProtectionScope, Span } from "./protection-settings.ts";

/** A closed trade and the number of the bar, of its instrument, that it ended in. */
export interface RecordedTrade extends ClosedTrade {
  readonly exitBar: number;
}

export interface CarriedHistory {
  readonly trades: readonly RecordedTrade[];
  readonly pruneAt: number;
}

const PRUNE_FROM = 64;

/** Closed trades by exit time, as far back as the longest look-back. */
export class TradeHistory {
  private trades: RecordedTrade[] = [];
  private readonly clock: BarClock;
  private readonly lookBacks: readonly Span[];
  private pruneAt = PRUNE_FROM;

  constructor(clock: BarClock, lookBacks: readonly Span[]) {
    this.clock = clock;
    this.lookBacks = lookBacks;
  }

  add(trade: ClosedTrade): RecordedTrade {
    const recorded = { ...trade, exitBar: this.clock.barOf(trade.instrumentIndex, trade.exitUs) };
    if (this.lookBacks.length === 0) return recorded;
    this.trades.push(recorded);
    if (this.trades.length >= this.pruneAt) {
      this.trades = this.trades.filter((each) => this.lookBacks.some((span) => this.isWithin(each, span, trade.exitUs)));
      this.pruneAt = Math.max(PRUNE_FROM, this.trades.length * 2);
    }
    return recorded;
  }

  carry(): CarriedHistory {
    return { trades: [...this.trades], pruneAt: this.pruneAt };
  }

  resume(carried: CarriedHistory): void {
    this.trades = [...carried.trades];
    this.pruneAt = carried.pruneAt;
  }

  /**
   * Trades that share the scope of `trade` and ended less than `span` before it, itself included. A span of bars counts the bars of
   * each trade's own instrument, the running one first.
   */
  within(span: Span, trade: RecordedTrade, scope: ProtectionScope): RecordedTrade[] {
    return this.trades.filter((each) => sharesScope(each, trade, scope) && this.isWithin(each, span, trade.exitUs));
  }

  private isWithin(trade: RecordedTrade, span: Span, nowUs: number): boolean {
    if ("us" in span) return nowUs - trade.exitUs < span.us;
    return this.clock.barOf(trade.instrumentIndex, nowUs) - trade.exitBar < span.bars;
  }
}

function sharesScope(a: ClosedTrade, b: ClosedTrade, scope: ProtectionScope): boolean {
  const sameInstrument = scope === "all" || scope === "side" || a.instrumentIndex === b.instrumentIndex;
  const sameSide = scope === "all" || scope === "instrument" || a.side === b.side;
  return sameInstrument && sameSide;
}
