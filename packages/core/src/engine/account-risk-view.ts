import type { BarSeries } from "../market/bar-series.ts";
import type { OrderLedger } from "../orders/order-ledger.ts";
import type { ClosedTrade, RiskView, WorkingOrder } from "../risk/risk-view.ts";
import type { AccountState } from "./account-state.ts";

/** What is kept of a position until it is closed or turned over. */
export interface OpenTrade {
  side: 1 | -1;
  realized: number;
  fees: number;
  entry: number;
  flat: boolean;
}

/** What risk's view remembers of the trades that are open, by instrument. */
export interface CarriedTrades {
  readonly nowUs: number;
  readonly open: readonly Readonly<OpenTrade>[];
}

/** The account as risk sees it. */
export class AccountRiskView implements RiskView {
  nowUs = 0;
  groupsMayAllFill = false;
  private readonly account: AccountState;
  private readonly orders: OrderLedger;
  private readonly series: readonly BarSeries[];
  private readonly open: OpenTrade[];

  constructor(account: AccountState, orders: OrderLedger, series: readonly BarSeries[]) {
    this.account = account;
    this.orders = orders;
    this.series = series;
    this.open = account.portfolio.instruments.map(() => ({ side: 1, realized: 0, fees: 0, entry: 0, flat: true }));
  }

  get instrumentCount(): number {
    return this.account.portfolio.instruments.length;
  }

  signedLots(instrumentIndex: number): number {
    return this.account.signedLots(instrumentIndex);
  }

  markUnits(instrumentIndex: number): number {
    return this.account.marks[instrumentIndex]!;
  }

  markUs(instrumentIndex: number): number {
    const series = this.series[instrumentIndex]!;
    return series.columns.closeUs[series.cursor.index] ?? 0;
  }

  valueOf(instrumentIndex: number, lots: number, units: number): number {
    return this.account.valueOf(instrumentIndex, lots, units);
  }

  get equity(): number {
    return this.account.equity;
  }

  get workingCount(): number {
    return this.orders.size;
  }

  *workingOrders(): Iterable<WorkingOrder> {
    for (let order = this.orders.first; order !== undefined; order = order.next) {
      // An order of unknown outcome counts in its worst case until evidence says otherwise.
      if (!order.mayFill) continue;
      const priceUnits =
        order.limitUnits !== 0 ? order.limitUnits : order.triggerUnits !== 0 ? order.triggerUnits : this.markUnits(order.instrumentIndex);
      yield {
        id: order.id,
        instrumentIndex: order.instrumentIndex,
        side: order.side,
        type: order.type,
        lotsLeft: order.leftLots,
        priceUnits,
        notional: Math.abs(this.valueOf(order.instrumentIndex, order.leftLots, priceUnits)),
        isReduceOnly: order.isReduceOnly,
        groupId: order.groupId,
      };
    }
  }

  /** Follows a position through its fills; a trade when this fill closed it or turned it over (its whole fee counts to the closed trade). */
  closedTradeAfterFill(instrumentIndex: number, timeUs: number): ClosedTrade | undefined {
    const position = this.account.portfolio.position(instrumentIndex);
    const open = this.open[instrumentIndex]!;
    if (position.signedLots !== 0) {
      const side = position.signedLots > 0 ? 1 : -1;
      const turned = !open.flat && side !== open.side;
      const trade = turned ? this.close(open, instrumentIndex, timeUs) : undefined;
      if (open.flat || turned) {
        open.flat = false;
        open.side = side;
        open.realized = position.realized;
        open.fees = position.fees;
        open.entry = position.basis;
      } else open.entry = Math.max(open.entry, position.basis);
      return trade;
    }
    if (open.flat) return undefined;
    open.flat = true;
    return this.close(open, instrumentIndex, timeUs);
  }

  carry(): CarriedTrades {
    return { nowUs: this.nowUs, open: this.open.map((each) => ({ ...each })) };
  }

  resume(carried: CarriedTrades): void {
    this.nowUs = carried.nowUs;
    for (const [index, each] of carried.open.entries()) Object.assign(this.open[index]!, each);
  }

  private close(open: OpenTrade, instrumentIndex: number, timeUs: number): ClosedTrade {
    const position = this.account.portfolio.position(instrumentIndex);
    const profit = position.realized - open.realized - (position.fees - open.fees);
    return {
      instrumentIndex,
      side: open.side,
      exitUs: timeUs,
      profit,
      profitRatio: open.entry === 0 ? 0 : profit / open.entry,
      stoppedOut: profit < 0 && this.lastExitWasStop,
    };
  }

  /** Set by the engine before {@link closedTradeAfterFill}. */
  lastExitWasStop = false;
}
