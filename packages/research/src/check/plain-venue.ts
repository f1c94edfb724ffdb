import type { Instrument, OrderCommand, OrderFact } from "@tradepulse/core";

interface Resting {
  readonly orderId: number;
  readonly side: 1 | -1;
  readonly lots: number;
  readonly limitUnits: number;
  readonly triggerUnits: number;
  readonly isMarket: boolean;
}

/** What of an order fact its place does not say. */
export type PlainNews = Omit<OrderFact, "seq" | "timeUs" | "receiveUs">;

const BLANK = {
  kind: "order",
  venueOrderId: "",
  tradeId: 0,
  lots: 0,
  notional: 0,
  fee: 0,
  feeLots: 0,
  isMaker: false,
  cause: 0,
} as const;

/**
 * A venue without costs for a strategy that is rehearsed live: it accepts everything, cancels what is asked, and fills at the open, the limit or the trigger of
 * the bars that touch them. It is no measure of profit; it only has to say the same to everyone who is asked the same.
 */
export class PlainVenue {
  private readonly instrument: Instrument;
  private readonly scale: number;
  private orders: Resting[] = [];
  private news: PlainNews[] = [];
  private readonly nextTradeId: () => number;

  constructor(instrument: Instrument, nextTradeId: () => number) {
    this.instrument = instrument;
    this.scale = 10 ** instrument.priceScale;
    this.nextTradeId = nextTradeId;
  }

  /** Commands about this instrument. */
  take(command: OrderCommand): void {
    const { orderId } = command;
    if (command.kind === "submit") {
      const { side, lots, limitUnits, triggerUnits, type } = command;
      this.orders.push({ orderId, side, lots, limitUnits, triggerUnits, isMarket: type === 0 });
      this.news.push({ ...BLANK, event: "accepted", orderId });
      return;
    }
    const known = this.orders.length;
    this.orders = this.orders.filter((order) => order.orderId !== orderId);
    if (command.kind === "cancel" && this.orders.length < known) this.news.push({ ...BLANK, event: "canceled", orderId });
  }

  /** What it says before a bar with these prices is seen. */
  before(bar: { readonly open: number; readonly high: number; readonly low: number }): PlainNews[] {
    const [open, high, low] = [bar.open, bar.high, bar.low].map((price) => Math.round(price * this.scale)) as [number, number, number];
    const news = this.news;
    this.news = [];
    const left: Resting[] = [];
    for (const order of this.orders) {
      const units = fillUnits(order, open, high, low);
      if (units === undefined) {
        left.push(order);
        continue;
      }
      const { notional } = this.instrument;
      const money = Math.round((order.lots * units * notional.numerator) / notional.denominator);
      news.push({ ...BLANK, event: "filled", orderId: order.orderId, tradeId: this.nextTradeId(), lots: order.lots, notional: money });
    }
    this.orders = left;
    return news;
  }
}

function fillUnits({ side, limitUnits, triggerUnits, isMarket }: Resting, open: number, high: number, low: number): number | undefined {
  if (isMarket) return open;
  if (triggerUnits !== 0 && !(low <= triggerUnits && triggerUnits <= high)) return undefined;
  if (limitUnits === 0) return triggerUnits === 0 ? undefined : triggerUnits;
  return side > 0 ? (low <= limitUnits ? limitUnits : undefined) : high >= limitUnits ? limitUnits : undefined;
}
