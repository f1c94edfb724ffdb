import type { ProposedOrder, RiskView, WorkingOrder } from "./risk-view.ts";

/** What may come to be held, before and with a proposed order: lots of its instrument, quanta of the account. */
export interface WorstCase {
  position: number;
  gross: number;
  net: number;
}

interface GroupLeg {
  lots: number;
  value: number;
}

/**
 * The worst case of positions and working orders together.
 *
 * All working buys of an instrument may fill and none of its sells, or the other way round; they never net. Nor does an order net
 * with the position on the other side: an order that only reduces is always allowed and may close that position first. So an
 * instrument counts the larger of (long position + buys) and (short position + sells). Net exposure nets held positions, and counts
 * the reduce-only orders that may take one side of them away. Orders of one group count as their larger leg, per instrument and side;
 * legs in several instruments count in each; where they rest at a venue by themselves, all of them count. An order is worth the larger of its notional and its lots at the last price, so that at
 * an unchanged price no fill, in whatever order, raises the worst case.
 */
export class Reservations {
  readonly before: WorstCase = { position: 0, gross: 0, net: 0 };
  readonly after: WorstCase = { position: 0, gross: 0, net: 0 };
  private readonly count: number;
  private readonly buyLots: Float64Array;
  private readonly sellLots: Float64Array;
  private readonly buyValue: Float64Array;
  private readonly sellValue: Float64Array;
  private readonly closingBuyLots: Float64Array;
  private readonly closingSellLots: Float64Array;
  private readonly groups = new Map<number, GroupLeg>();

  constructor(instrumentCount: number) {
    const column = (): Float64Array => new Float64Array(instrumentCount);
    this.count = instrumentCount;
    this.buyLots = column();
    this.sellLots = column();
    this.buyValue = column();
    this.sellValue = column();
    this.closingBuyLots = column();
    this.closingSellLots = column();
  }

  /** Fills {@link before} and {@link after}. `replacedId` names the working order that the proposed one replaces; 0 for none. */
  measure(order: ProposedOrder, view: RiskView, replacedId: number): void {
    this.gather(view, 0);
    this.total(this.before, order.instrumentIndex, view);
    if (replacedId !== 0) this.gather(view, replacedId);
    this.add(order, order.lots, view);
    this.total(this.after, order.instrumentIndex, view);
  }

  private gather(view: RiskView, replacedId: number): void {
    for (const column of [this.buyLots, this.sellLots, this.buyValue, this.sellValue, this.closingBuyLots, this.closingSellLots])
      column.fill(0);
    this.groups.clear();
    for (const order of view.workingOrders()) if (order.id !== replacedId || replacedId === 0) this.add(order, order.lotsLeft, view);
  }

  private add(order: ProposedOrder | WorkingOrder, lots: number, view: RiskView): void {
    const index = order.instrumentIndex;
    if (order.isReduceOnly) {
      const closing = order.side > 0 ? this.closingBuyLots : this.closingSellLots;
      closing[index] = closing[index]! + lots;
      return;
    }
    let moreLots = lots;
    let moreValue = Math.max(order.notional, Math.abs(view.valueOf(index, lots, view.markUnits(index))));
    if (order.groupId !== 0 && view.groupsMayAllFill !== true) {
      const key = (order.groupId * this.count + index) * 2 + (order.side > 0 ? 1 : 0);
      const known = this.groups.get(key) ?? { lots: 0, value: 0 };
      this.groups.set(key, { lots: Math.max(known.lots, moreLots), value: Math.max(known.value, moreValue) });
      moreLots = Math.max(0, moreLots - known.lots);
      moreValue = Math.max(0, moreValue - known.value);
    }
    if (order.side > 0) {
      this.buyLots[index] = this.buyLots[index]! + moreLots;
      this.buyValue[index] = this.buyValue[index]! + moreValue;
    } else {
      this.sellLots[index] = this.sellLots[index]! + moreLots;
      this.sellValue[index] = this.sellValue[index]! + moreValue;
    }
  }

  private total(into: WorstCase, instrumentIndex: number, view: RiskView): void {
    let gross = 0;
    let long = 0;
    let short = 0;
    for (let k = 0; k < this.count; k += 1) {
      const held = view.signedLots(k);
      const units = view.markUnits(k);
      const value = held === 0 ? 0 : view.valueOf(k, held, units);
      const buys = this.buyValue[k]!;
      const sells = this.sellValue[k]!;
      gross += Math.max(Math.max(value, 0) + buys, Math.max(-value, 0) + sells);
      long += value + buys;
      short += sells - value;
      // A stop loss of a short position is a buy that may fill: the hedge it was is gone.
      if (held < 0) long += Math.abs(view.valueOf(k, Math.min(-held, this.closingBuyLots[k]!), units));
      if (held > 0) short += Math.abs(view.valueOf(k, Math.min(held, this.closingSellLots[k]!), units));
    }
    const held = view.signedLots(instrumentIndex);
    into.position = Math.max(Math.max(held, 0) + this.buyLots[instrumentIndex]!, Math.max(-held, 0) + this.sellLots[instrumentIndex]!);
    into.gross = gross;
    into.net = Math.max(long, short);
  }
}
