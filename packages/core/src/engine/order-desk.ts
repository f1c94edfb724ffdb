import { type CauseName, causeCode, EventKind } from "../model/event.ts";
import { gridUnits, lotsOf } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { OrderFlag, OrderRole, OrderSource, OrderType } from "../model/order-terms.ts";
import { OrderState } from "../orders/lifecycle.ts";
import { LegForm, type Order } from "../orders/order.ts";
import type { OrderLedger } from "../orders/order-ledger.ts";
import type { PreTradeRisk, ProposedOrder, RiskView } from "../risk/risk-view.ts";
import type { Intent } from "../strategy/intent.ts";
import type { AccountState } from "./account-state.ts";
import { isOnWrongSide } from "./bracket-legs.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { EventLog } from "./event-log.ts";
import { notAnIntent, referenceUnits, setTerms, sizingStopUnits } from "./order-terms.ts";
import type { OrderVenue } from "./order-venue.ts";
import { moneyPerLot, reserveFor, type SizingRequest, sizeInLots, wholeLots } from "./sizing.ts";

export interface DeskParts {
  readonly account: AccountState;
  readonly orders: OrderLedger;
  readonly log: EventLog;
  readonly options: EngineOptions;
  readonly riskView: RiskView;
  /** Instrument index of an input name; the first input's for an empty name, -1 for an unknown one. */
  instrumentOf(input: string): number;
  venue(): OrderVenue;
  /** False while new risk in an instrument must wait: its data or an order's outcome is in doubt. */
  mayTakeRisk(instrumentIndex: number): boolean;
}

/** Turns wishes into orders: prices onto the grid, sizes into lots, judged by risk, numbered, logged and sent. */
export class OrderDesk {
  private readonly parts: DeskParts;
  private readonly risk: PreTradeRisk | undefined;
  private readonly groups = new Map<object, number>();
  private nextGroup = 1;
  private nowUs = 0;
  private readonly strategyId = 1;
  /** Working orders of each group that a strategy made. */
  readonly groupMembers = new Map<number, number[]>();
  refusals = 0;

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.risk = parts.options.risk;
  }

  /** Carries out what a reaction returned, in order, at the given instant. */
  take(wish: Intent | readonly Intent[], timeUs: number): void {
    this.nowUs = timeUs;
    if (!Array.isArray(wish)) {
      this.one(wish as Intent);
      return;
    }
    const intents = wish as readonly Intent[];
    const most = this.parts.options.maxIntents;
    for (let k = 0; k < intents.length && k < most; k += 1) this.one(intents[k]!);
    if (intents.length > most) this.refuse(0, "intent-limit", intents.length, most, 0);
    this.groups.clear();
  }

  /** A protective leg of `entry`, for what has filled of it. It has the tag of its entry, and says by its reason which leg it is. */
  openLeg(
    entry: Order,
    role: typeof OrderRole.stopLoss | typeof OrderRole.takeProfit,
    units: number,
    lots: number,
    siblingId: number,
    timeUs: number,
  ): Order {
    const order = this.blank(entry.instrumentIndex, entry.side > 0 ? -1 : 1, lots, timeUs);
    order.role = role;
    order.parentId = entry.id;
    order.siblingId = siblingId;
    order.flags = OrderFlag.reduceOnly;
    let reason = "take profit";
    if (role === OrderRole.stopLoss && entry.stopForm === LegForm.trail) {
      reason = "trailing stop";
      order.type = OrderType.trailingStop;
      order.trailIsRatio = entry.trailIsRatio;
      order.trailDistance = entry.trailDistance;
      order.trailDistanceAfter = entry.trailDistanceAfter;
      order.trailHolds = entry.trailHolds;
      order.trailActivation = entry.trailActivation;
    } else if (role === OrderRole.stopLoss) {
      reason = "stop loss";
      order.type = OrderType.stop;
      order.triggerUnits = units;
    } else {
      order.type = OrderType.limit;
      order.limitUnits = units;
    }
    this.announce(order, reason, this.parts.log.events.tagOf(entry.id), timeUs);
    return order;
  }

  /** A market order of the engine itself: liquidation, or the close at the end of the data. */
  openForced(instrumentIndex: number, role: OrderRole, reason: string, timeUs: number, source: OrderSource = OrderSource.risk): Order {
    const held = this.parts.account.signedLots(instrumentIndex);
    const order = this.blank(instrumentIndex, held > 0 ? -1 : 1, Math.abs(held), timeUs);
    order.source = source;
    order.role = role;
    order.flags = OrderFlag.reduceOnly;
    this.announce(order, reason, "", timeUs);
    return order;
  }

  private one(intent: Intent): void {
    if (typeof intent !== "object" || intent === null || typeof intent.kind !== "string") throw notAnIntent(intent);
    const index = this.parts.instrumentOf(intent.input);
    if (index < 0) {
      this.refuse(0, "unknown-input", 0, 0, 0);
      return;
    }
    switch (intent.kind) {
      case "order":
        this.order(intent, index, intent.side, false);
        return;
      case "close":
        this.close(intent, index);
        return;
      case "target":
        this.target(intent, index);
        return;
      case "cancel":
        this.cancel(intent, index);
        return;
      case "cancel-all":
        this.cancelAll(intent, index);
        return;
      case "amend":
        this.amend(intent, index);
        return;
      default:
        throw notAnIntent(intent);
    }
  }

  private close(intent: Intent, index: number): void {
    const held = this.parts.account.signedLots(index);
    if (held === 0) {
      this.refuse(index, "no-position", 0, 0, 0);
      return;
    }
    if (!(intent.size > 0 && intent.size <= 1)) {
      this.refuse(index, "size", intent.size, 1, 0);
      return;
    }
    this.send(intent, index, held > 0 ? -1 : 1, shareOf(held, intent.size), true);
  }

  private target(intent: Intent, index: number): void {
    const { account } = this.parts;
    if (!Number.isFinite(intent.size)) {
      this.refuse(index, "size", intent.size, 0, 0);
      return;
    }
    for (const order of this.parts.orders.orders()) {
      // Its own reductions still on their way are replaced too; protective stops and limits stay.
      const isOnItsWay = !order.isReduceOnly || (order.type === OrderType.market && order.parentId === 0);
      if (order.instrumentIndex === index && order.strategyId === this.strategyId && isOnItsWay && order.isWorking) {
        this.parts.venue().cancel(order, causeCode("replaced"), this.nowUs);
      }
    }
    const held = account.signedLots(index);
    const wanted = this.targetLots(intent, index);
    const difference = wanted - held;
    if (difference === 0) return;
    const side = difference > 0 ? 1 : -1;
    const reducing = held !== 0 && held > 0 !== side > 0 ? Math.min(Math.abs(held), Math.abs(difference)) : 0;
    if (reducing > 0) this.send(intent, index, side, reducing, true);
    const growing = Math.abs(difference) - reducing;
    if (growing > 0) this.send(intent, index, side, growing, false);
  }

  private targetLots(intent: Intent, index: number): number {
    const { account, options } = this.parts;
    const instrument = account.instrument(index);
    const sign = intent.size < 0 ? -1 : 1;
    const size = Math.abs(intent.size);
    if (size === 0) return 0;
    if (intent.sizing === "quantity") return sign * lotsOf(instrument, size);
    const request: SizingRequest = {
      intent,
      instrument,
      instrumentIndex: index,
      side: sign,
      referenceUnits: account.marks[index]!,
      paysCosts: true,
      stopUnits: Number.NaN,
    };
    const perLot = moneyPerLot(request, this.parts.venue().terms);
    const leverage = 1 / account.fundsNeeded(1);
    const money =
      intent.sizing === "fraction" ? size * account.equity * leverage * (1 - options.buffer) : size * 10 ** instrument.quote.scale;
    return sign * wholeLots(money / (perLot.notional + perLot.fee));
  }

  private order(intent: Intent, index: number, side: 1 | -1, isReduceOnly: boolean): void {
    const { account, options } = this.parts;
    const venue = this.parts.venue();
    const instrument = account.instrument(index);
    const held = account.signedLots(index);
    if (intent.sizing === "position" || (account.isCash && side < 0 && intent.sizing === "fraction")) {
      if (held === 0) this.refuse(index, "no-position", 0, 0, 0);
      else if (!(intent.size > 0 && Number.isFinite(intent.size))) this.refuse(index, "size", intent.size, 1, 0);
      else this.send(intent, index, side, shareOf(held, intent.size), isReduceOnly);
      return;
    }
    const isAtFill = options.sizeAt === "fill" && (intent.sizing === "fraction" || (intent.sizing === "notional" && isMarket(intent)));
    const reference = referenceUnits(intent, instrument, side, account.marks[index]!);
    // Before the first bar there is no price that a size could be computed from.
    if (Number.isNaN(reference) || (reference === 0 && intent.sizing !== "quantity" && !isAtFill)) {
      this.refuse(index, "price", Number.isNaN(intent.limit) ? intent.stop : intent.limit, 0, 0);
      return;
    }
    if (intent.sizing === "quantity" && intent.size > 0 && Number.isFinite(intent.size)) {
      this.send(intent, index, side, lotsOf(instrument, intent.size), isReduceOnly);
      return;
    }
    const request: SizingRequest = {
      intent,
      instrument,
      instrumentIndex: index,
      side,
      referenceUnits: reference,
      paysCosts: Number.isNaN(intent.limit),
      stopUnits: sizingStopUnits(intent, reference, side, instrument),
    };
    const lots = sizeInLots(request, account, venue.terms, options.buffer);
    if (lots === "stop-missing") this.refuse(index, "stop-missing", 0, 0, 0);
    else if (Number.isNaN(lots)) this.refuse(index, "size", intent.size, 0, 0);
    else if (isAtFill) {
      // Until its fill the order goes by the size of today's estimate.
      const estimate = Number.isFinite(lots) ? Math.max(1, lots) : 1;
      if (intent.sizing === "fraction") this.send(intent, index, side, estimate, isReduceOnly, intent.size * (1 - options.buffer));
      else this.send(intent, index, side, estimate, isReduceOnly, 0, intent.size * powerOfTen(instrument.quote.scale));
    } else if (lots <= 0) this.refuse(index, "zero-quantity", 0, 1, 0);
    else this.send(intent, index, side, lots, isReduceOnly);
  }

  private send(
    intent: Intent,
    index: number,
    side: 1 | -1,
    wantedLots: number,
    isReduceOnly: boolean,
    fractionAtFill = 0,
    budget = 0,
  ): void {
    const { account } = this.parts;
    const instrument = account.instrument(index);
    const lots = instrument.stepLots === 1 ? wantedLots : Math.floor(wantedLots / instrument.stepLots) * instrument.stepLots;
    if (!(lots >= 1)) {
      this.refuse(index, "zero-quantity", lots, 1, 0);
      return;
    }
    const order = this.blank(index, side, lots, this.nowUs);
    order.fractionAtFill = fractionAtFill;
    order.budget = budget;
    const cause = setTerms(order, intent, instrument, this.parts.options.offTick, this.nowUs, isReduceOnly);
    if (intent.group !== undefined) order.groupId = this.groupOf(intent.group);
    if (cause !== undefined) {
      this.dismiss(order, intent, cause, 0, 0);
      return;
    }
    const reference = order.limitUnits !== 0 ? order.limitUnits : order.triggerUnits !== 0 ? order.triggerUnits : account.marks[index]!;
    if (isOnWrongSide(order, "stop", reference) || isOnWrongSide(order, "target", reference)) {
      this.dismiss(order, intent, "wrong-side", reference, order.stopForm === LegForm.price ? order.stopValue : order.targetValue);
      return;
    }
    if (account.isRuined && !order.isReduceOnly) {
      this.dismiss(order, intent, "ruined", account.equity, 0);
      return;
    }
    const notional = Math.abs(account.valueOf(index, lots, reference));
    if (!(notional < 2 ** 52)) {
      this.dismiss(order, intent, "money-limit", notional, 2 ** 52);
      return;
    }
    if (instrument.minNotional > 0 && notional < instrument.minNotional && !order.isReduceOnly && fractionAtFill === 0) {
      this.dismiss(order, intent, "min-notional", notional, instrument.minNotional);
      return;
    }
    if (account.isCash && side < 0 && account.signedLots(index) <= 0 && !order.isReduceOnly) {
      this.dismiss(order, intent, "no-short", account.signedLots(index), 0);
      return;
    }
    if (!order.isReduceOnly && !this.parts.mayTakeRisk(index)) {
      this.dismiss(order, intent, "in-doubt", 0, 0);
      return;
    }
    const refusal = this.risk?.check(this.proposal(order, lots), this.parts.riskView);
    if (refusal !== undefined) {
      this.dismissCode(order, intent, refusal.cause, refusal.present, refusal.limit);
      return;
    }
    if (!order.isReduceOnly && !(account.isCash && side < 0)) {
      order.reserved = this.reserve(order, reference, lots);
      account.reserved += order.reserved;
    }
    this.announce(order, intent.reason, intent.tag, this.nowUs);
    this.parts.venue().submit(order, this.nowUs, account.marks[index]!, true);
    if (order.groupId !== 0) this.groupMembers.get(order.groupId)!.push(order.id);
  }

  /** The order as risk judges it, at the worst price it may fill at: a market order at the collar. */
  private proposal(order: Order, lots: number): ProposedOrder {
    const index = order.instrumentIndex;
    const mark = this.parts.account.marks[index]!;
    const given = order.limitUnits !== 0 ? order.limitUnits : order.triggerUnits;
    const priceUnits = given !== 0 ? given : (this.risk?.marketPriceUnits?.(mark, order.side) ?? mark);
    return {
      instrumentIndex: index,
      strategyId: this.strategyId,
      source: order.source,
      side: order.side,
      type: order.type,
      lots,
      priceUnits,
      notional: Math.abs(this.parts.account.valueOf(index, lots, priceUnits)),
      isReduceOnly: order.isReduceOnly,
      groupId: order.groupId,
    };
  }

  private groupOf(group: object): number {
    const known = this.groups.get(group);
    if (known !== undefined) return known;
    const id = this.nextGroup;
    this.nextGroup += 1;
    this.groups.set(group, id);
    this.groupMembers.set(id, []);
    return id;
  }

  private find(intent: Intent): Order | undefined {
    if (intent.orderId !== 0) {
      const order = this.parts.orders.find(intent.orderId);
      return order?.isWorking === true ? order : undefined;
    }
    for (let order = this.parts.orders.first; order !== undefined; order = order.next) {
      if (order.isWorking && this.parts.log.events.tagOf(order.id) === intent.tag && order.parentId === 0) return order;
    }
    return undefined;
  }

  private cancel(intent: Intent, index: number): void {
    const order = this.find(intent);
    if (order === undefined) {
      this.refuse(index, "unknown-order", intent.orderId, 0, 0, EventKind.cancelRefused);
      return;
    }
    this.parts.venue().cancel(order, causeCode("strategy"), this.nowUs);
  }

  private cancelAll(intent: Intent, index: number): void {
    for (const order of this.parts.orders.orders()) {
      if (!order.isWorking || (intent.input !== "" && order.instrumentIndex !== index)) continue;
      this.parts.venue().cancel(order, causeCode("strategy"), this.nowUs);
    }
  }

  private amend(intent: Intent, index: number): void {
    const order = this.find(intent);
    if (order === undefined) {
      this.refuse(index, "unknown-order", intent.orderId, 0, 0, EventKind.amendRefused);
      return;
    }
    const instrument = this.parts.account.instrument(order.instrumentIndex);
    const { offTick } = this.parts.options;
    const limit = Number.isNaN(intent.limit) ? 0 : gridUnits(instrument, intent.limit, order.side, "limit", offTick);
    const stop = Number.isNaN(intent.stop) ? 0 : gridUnits(instrument, intent.stop, order.side, "trigger", offTick);
    const lots = Number.isNaN(intent.size) ? order.lots : lotsOf(instrument, intent.size);
    const lacks = (limit !== 0 && order.limitUnits === 0) || (stop !== 0 && (order.triggerUnits === 0 || order.triggered));
    if (limit < 0 || stop < 0 || lacks) this.refuse(index, "price", 0, 0, 0, EventKind.amendRefused, order.id);
    else if (!(lots > order.filledLots)) this.refuse(index, "size", lots, order.filledLots, 0, EventKind.amendRefused, order.id);
    else this.applyAmend(order, limit, stop, lots);
  }

  /** Writes the new terms; risk judges them as if the order were new, and the old ones return when it refuses. */
  private applyAmend(order: Order, limit: number, stop: number, lots: number): void {
    const { limitUnits, triggerUnits } = order;
    if (limit !== 0) order.limitUnits = limit;
    if (stop !== 0) order.triggerUnits = stop;
    const refusal = this.risk?.checkAmend?.(order.id, this.proposal(order, lots - order.filledLots), this.parts.riskView);
    if (refusal !== undefined) {
      order.limitUnits = limitUnits;
      order.triggerUnits = triggerUnits;
      this.refusals += 1;
      const { present, limit: allowed } = refusal;
      this.parts.log.refused(EventKind.amendRefused, aboutOrder(order), refusal.cause, present, allowed, order.side * lots, this.nowUs);
      return;
    }
    this.rereserve(order, lots);
    this.parts.venue().amended(order, this.parts.account.marks[order.instrumentIndex]!);
    this.parts.log.amended(order, this.nowUs);
  }

  private rereserve(order: Order, lots: number): void {
    order.lots = lots;
    if (order.reserved === 0) return;
    const mark = this.parts.account.marks[order.instrumentIndex]!;
    const price = order.limitUnits !== 0 ? order.limitUnits : order.triggerUnits !== 0 ? order.triggerUnits : mark;
    const reserved = this.reserve(order, price, order.leftLots);
    this.parts.account.reserved += reserved - order.reserved;
    order.reserved = reserved;
  }

  private reserve(order: Order, referenceUnits: number, lots: number): number {
    const { account } = this.parts;
    const { instrumentIndex, side } = order;
    const instrument = account.instrument(instrumentIndex);
    return reserveFor(
      { instrument, instrumentIndex, side, referenceUnits, paysCosts: order.limitUnits === 0 },
      lots,
      account,
      this.parts.venue().terms,
    );
  }

  private blank(index: number, side: 1 | -1, lots: number, timeUs: number): Order {
    const order = this.parts.orders.open();
    order.instrumentIndex = index;
    order.accountId = 1;
    order.strategyId = this.strategyId;
    order.side = side;
    order.type = OrderType.market;
    order.lots = lots;
    order.submittedUs = timeUs;
    return order;
  }

  private announce(order: Order, reason: string, tag: string, timeUs: number): void {
    this.parts.log.events.setTexts(order.id, reason, tag);
    this.parts.orders.transition(order, OrderState.submitted);
    this.parts.log.submitted(order, timeUs);
  }

  private dismiss(order: Order, intent: Intent, cause: CauseName, present: number, limit: number): void {
    this.dismissCode(order, intent, causeCode(cause), present, limit);
  }

  /** The order got its number, so that its refusal can be told; it was never sent. */
  private dismissCode(order: Order, intent: Intent, cause: number, present: number, limit: number): void {
    this.refusals += 1;
    this.parts.log.events.setTexts(order.id, intent.reason, intent.tag);
    this.parts.log.refused(EventKind.refused, aboutOrder(order), cause, present, limit, order.side * order.lots, this.nowUs);
    this.parts.orders.transition(order, OrderState.rejected);
  }

  private refuse(
    index: number,
    cause: CauseName,
    present: number,
    limit: number,
    lots: number,
    kind: typeof EventKind.refused | typeof EventKind.cancelRefused | typeof EventKind.amendRefused = EventKind.refused,
    orderId = 0,
  ): void {
    this.refusals += 1;
    const about = { orderId, instrumentIndex: index, strategyId: this.strategyId, source: OrderSource.strategy };
    this.parts.log.refused(kind, about, causeCode(cause), present, limit, lots, this.nowUs);
  }
}

/** A share of what is held, in lots. */
function shareOf(held: number, share: number): number {
  return wholeLots(Math.abs(held) * share);
}

function isMarket(intent: Intent): boolean {
  return Number.isNaN(intent.limit) && Number.isNaN(intent.stop) && Number.isNaN(intent.touch) && Number.isNaN(intent.trail);
}

function aboutOrder(order: Order): { orderId: number; instrumentIndex: number; strategyId: number; source: number } {
  return { orderId: order.id, instrumentIndex: order.instrumentIndex, strategyId: order.strategyId, source: order.source };
}
