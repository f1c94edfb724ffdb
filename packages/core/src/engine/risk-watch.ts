import { OrderRole, OrderType } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";
import type { PreTradeRisk } from "../risk/risk-view.ts";
import type { AccountRiskView } from "./account-risk-view.ts";
import type { EventLog } from "./event-log.ts";
import type { ExecutionMarket } from "./execution-market.ts";

/** Tells risk what happened, bar closes and fills, and logs the trading state that follows. */
export class RiskWatch {
  private readonly risk: PreTradeRisk;
  private readonly view: AccountRiskView;
  private readonly log: EventLog;
  private readonly market: ExecutionMarket;
  /** As it was last logged. */
  tradingState = 0;

  constructor(risk: PreTradeRisk, view: AccountRiskView, log: EventLog, market: ExecutionMarket) {
    this.risk = risk;
    this.view = view;
    this.log = log;
    this.market = market;
  }

  /** The bars of an instant are in: `barUs` is when they closed, `timeUs` when that was known. */
  onBars(timeUs: number, barUs: number): void {
    for (let index = 0; index < this.market.series.length; index += 1) {
      if (this.market.closedAt(index, barUs)) this.risk.onBarClose(index, barUs);
    }
    this.risk.onMark(this.view);
    this.note(timeUs);
  }

  onFill(order: Order, timeUs: number): void {
    const { risk, view } = this;
    view.lastExitWasStop = order.role === OrderRole.stopLoss || order.type === OrderType.stop || order.type === OrderType.trailingStop;
    const trade = view.closedTradeAfterFill(order.instrumentIndex, timeUs);
    view.nowUs = timeUs;
    risk.onMark(view);
    if (trade !== undefined) risk.onClosedTrade(trade, view);
    this.note(timeUs);
  }

  /** Logs the trading state when it changed. */
  note(timeUs: number): void {
    if (this.risk.tradingState === this.tradingState) return;
    this.tradingState = this.risk.tradingState;
    this.log.tradingState(this.risk.tradingState, this.risk.tradingStateCause, timeUs);
  }
}
