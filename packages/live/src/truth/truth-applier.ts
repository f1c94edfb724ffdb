import { causeCode } from "@tradepulse/core";
import type { VenueFill, VenueOrder } from "@tradepulse/venues";
import { countAt, decimal } from "../news/decimal-money.ts";
import { type ExternalNews, fillAmounts, fillNews, type OrderNews, orderNews } from "../news/order-news.ts";
import type { LiveInstrument } from "../session/live-instrument.ts";
import type { OrderRegister } from "../session/order-register.ts";

/** What the engine thinks of an order, as far as the venue's word must be compared with it. */
export interface EngineOrder {
  readonly filledLots: number;
  readonly mayFill: boolean;
  /** It works, and that is known. */
  readonly isPlaced: boolean;
}

export interface TruthParts {
  readonly register: OrderRegister;
  readonly instruments: readonly LiveInstrument[];
  engineOrder(orderId: number): EngineOrder | undefined;
  tell(news: OrderNews): void;
  tellExternal(news: ExternalNews): void;
  onAlarm(text: string): void;
}

const MOST_FEES = 1_000;

/** How the venue's word on an order and ours stand to each other. */
export type TruthVerdict = "agrees" | "fills-missing" | "revived";

/**
 * Turns what a venue says, by stream or by answer, into news. Fills first, then the state, so that an order never ends before what it filled is
 * known; what the venue's counters claim beyond the fills we have is reported as missing and must be read.
 */
export class TruthApplier {
  /** The latest fees taken in assets that are neither base nor quote. */
  readonly otherFees: { readonly asset: string; readonly amount: string; readonly tradeId: number }[] = [];
  unreadable = 0;
  private readonly parts: TruthParts;

  constructor(parts: TruthParts) {
    this.parts = parts;
  }

  /** One own fill, of an order of ours or of anyone else on the account. */
  fill(fill: VenueFill): void {
    const index = this.parts.instruments.findIndex((each) => each.symbol === fill.symbol);
    if (index < 0) return;
    const live = this.parts.instruments[index]!;
    const amounts = fillAmounts(fill, live.instrument, live.baseAsset);
    if (amounts === undefined) {
      this.unreadable += 1;
      this.parts.onAlarm(`a fill of ${fill.symbol} has figures that are no whole lots: price ${fill.price}, quantity ${fill.quantity}`);
      return;
    }
    if (amounts.otherFee !== undefined) {
      this.otherFees.push({ ...amounts.otherFee, tradeId: fill.tradeId });
      if (this.otherFees.length > MOST_FEES) this.otherFees.shift();
    }
    const ours = this.parts.register.findByClientId(fill.clientId) ?? this.byVenueId(fill);
    if (ours !== undefined) {
      this.parts.register.place(ours, fill.venueOrderId);
      this.parts.tell(fillNews(ours.orderId, fill, amounts));
      return;
    }
    this.parts.onAlarm(`a fill of ${fill.symbol} belongs to no order of ours: trade ${fill.tradeId}, order ${fill.venueOrderId}`);
    const { lots, notional, fee, feeLots } = amounts;
    this.parts.tellExternal({
      instrumentIndex: index,
      side: fill.side === "buy" ? 1 : -1,
      tradeId: fill.tradeId,
      lots,
      notional,
      fee,
      feeLots,
    });
  }

  /**
   * The venue's word on one of our orders. `fills-missing`: it counts more filled than we have, which must be read before its end can be told.
   * `revived`: we think it ended and the venue, which never told its end, says that it works.
   */
  order(order: VenueOrder): TruthVerdict {
    const ours = this.parts.register.findByClientId(order.clientId);
    if (ours === undefined) return "agrees";
    this.parts.register.place(ours, order.venueOrderId);
    if (isOpen(order) && ours.hasEnded) return "agrees";
    const engine = this.parts.engineOrder(ours.orderId);
    if (engine === undefined) return "agrees";
    const { instrument } = this.parts.instruments[ours.instrumentIndex]!;
    const filled = decimal(order.filledQuantity);
    const claimed = filled === undefined ? Number.NaN : countAt(filled, instrument.lotScale) / instrument.lotUnits;
    if (!(claimed <= engine.filledLots)) return "fills-missing";
    // A word from before the last fill that we know of says nothing of now.
    if (isOpen(order) && claimed < engine.filledLots) return "agrees";
    if (!isOpen(order) && order.state !== "unknown") ours.hasEnded = true;
    if (!engine.mayFill) return isOpen(order) ? "revived" : "agrees";
    // Read again and again while it rests: only the first word is news.
    if (isOpen(order) && engine.isPlaced) return "agrees";
    this.tellState(order, ours.orderId);
    return "agrees";
  }

  private tellState(order: VenueOrder, orderId: number): void {
    const { venueOrderId } = order;
    switch (order.state) {
      case "new":
      case "partially-filled":
        this.parts.tell(orderNews("accepted", orderId, { venueOrderId }));
        return;
      case "canceled":
        this.parts.tell(orderNews("canceled", orderId, { venueOrderId, cause: causeCode("strategy") }));
        return;
      case "expired":
        this.parts.tell(orderNews("expired", orderId, { venueOrderId, cause: causeCode("expired") }));
        return;
      case "rejected":
        this.parts.tell(orderNews("rejected", orderId, { venueOrderId, cause: causeCode("venue") }));
        return;
      case "filled":
        // Ended there with less filled than was ordered: a trade of it was taken back. Nothing more of it will fill.
        this.parts.tell(orderNews("canceled", orderId, { venueOrderId, cause: causeCode("venue") }));
        return;
      case "unknown":
        return;
    }
  }

  private byVenueId(fill: VenueFill) {
    return fill.clientId === "" ? this.parts.register.findByVenueId(fill.symbol, fill.venueOrderId) : undefined;
  }
}

export function isOpen(order: VenueOrder): boolean {
  return order.state === "new" || order.state === "partially-filled";
}
