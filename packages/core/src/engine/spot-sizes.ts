import { causeCode } from "../model/event.ts";
import { OrderType, TimeInForce } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";
import type { VenueSink } from "../simulator/venue-port.ts";
import type { AccountState } from "./account-state.ts";

const CAUSE_MIN_NOTIONAL = causeCode("min-notional");
const CAUSE_ZERO = causeCode("zero-quantity");
const CAUSE_REDUCE_ONLY = causeCode("reduce-only");

export interface SpotSizesParts {
  readonly sink: Pick<VenueSink, "canceled" | "shrunk">;
  readonly account: Pick<AccountState, "signedLots" | "instrument" | "marks" | "valueOf" | "isCash">;
  working(): readonly Order[];
  /** An order that was decided and not sent yet. */
  isHeld(order: Order): boolean;
}

/** Sizes that a spot venue takes, for the orders of a live engine. */
export class SpotSizes {
  private readonly parts: SpotSizesParts;

  constructor(parts: SpotSizesParts) {
    this.parts = parts;
  }

  /**
   * Cuts an order to what the venue can take, and ends it when too little is left; true when it may go. Whole steps, where fees in the base have left a
   * position between two of them, and for reduce-only, which no spot venue knows, no more than is held and not sold already by an order on its way. That
   * holds for every sale at once: of those that waited for the same stop only the first finds what they all were to sell.
   */
  fit(order: Order, timeUs: number): boolean {
    const { account, sink } = this.parts;
    const reduces = order.isReduceOnly || (account.isCash && order.side < 0 && isAtOnce(order));
    const held = account.signedLots(order.instrumentIndex) * -order.side - (reduces ? this.lotsOnTheirWay(order) : 0);
    // Nobody is short at a spot venue: a position below zero only says that not all of it has been read yet, and buying it back would open one.
    const reducesNothing = held <= 0 || (order.side > 0 && account.isCash);
    if (reduces && reducesNothing) {
      sink.canceled(order, CAUSE_REDUCE_ONLY, timeUs);
      return false;
    }
    const wanted = order.lots;
    const allowed = reduces ? Math.min(wanted, held) : wanted;
    order.lots = allowed - (allowed % account.instrument(order.instrumentIndex).stepLots);
    if (order.lots === 0) {
      order.lots = wanted;
      sink.canceled(order, CAUSE_ZERO, timeUs);
      return false;
    }
    if (this.isDust(order)) {
      sink.canceled(order, CAUSE_MIN_NOTIONAL, timeUs);
      return false;
    }
    if (order.lots < wanted) sink.shrunk(order, wanted, timeUs);
    return true;
  }

  /** Whether an order of so many lots, cut to whole steps, is large enough at a price in units. */
  takes(instrumentIndex: number, lots: number, units: number): boolean {
    const { account } = this.parts;
    const instrument = account.instrument(instrumentIndex);
    const whole = lots - (lots % instrument.stepLots);
    return whole > 0 && Math.abs(account.valueOf(instrumentIndex, whole, units)) >= instrument.minNotional;
  }

  /** Lots of other reductions at the market that were sent and have not been answered: they will fill, and the position does not know yet. */
  private lotsOnTheirWay(order: Order): number {
    let lots = 0;
    for (const other of this.parts.working()) {
      const isAlike = other.instrumentIndex === order.instrumentIndex && other.side === order.side;
      const isSent = other !== order && other.mayFill && isAtOnce(other) && !this.parts.isHeld(other);
      if (isAlike && isSent && (other.isReduceOnly || this.parts.account.isCash)) lots += other.leftLots;
    }
    return lots;
  }

  /** Worth less than the smallest order: what is left of a position after fees, or after a fill in part. */
  private isDust(order: Order): boolean {
    const { account } = this.parts;
    const { instrumentIndex: index } = order;
    const units = order.limitUnits !== 0 ? order.limitUnits : order.triggerUnits !== 0 ? order.triggerUnits : account.marks[index]!;
    return Math.abs(account.valueOf(index, order.lots, units)) < account.instrument(index).minNotional;
  }
}

/** True for an order that fills at its arrival or not at all. */
export function isAtOnce({ type, timeInForce }: Order): boolean {
  return type === OrderType.market || timeInForce === TimeInForce.ioc || timeInForce === TimeInForce.fok;
}
