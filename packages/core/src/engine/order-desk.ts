import { MONEY_LIMIT } from "../model/currency.ts";
import { type CauseName, causeCode, EventKind } from "../model/event.ts";
import { lotsOf } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { OrderType } from "../model/order-terms.ts";
import { LegForm, type Order } from "../orders/order.ts";
import type { OrderLedger } from "../orders/order-ledger.ts";
import type { PreTradeRisk, RiskView } from "../risk/risk-view.ts";
import type { Intent } from "../strategy/intent.ts";
import type { AccountState } from "./account-state.ts";
import { isOnWrongSide } from "./bracket-legs.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { EventLog } from "./event-log.ts";
import { OrderAmender } from "./order-amender.ts";
import { OrderGroups } from "./order-groups.ts";
import { expectedUnits, orderReserve, proposalOf } from "./order-money.ts";
import { OrderOpener } from "./order-opener.ts";
import { notAnIntent, referenceUnits, setTerms, sizingStopUnits } from "./order-terms.ts";
import type { OrderVenue } from "./order-venue.ts";
import { Refusals } from "./refusals.ts";
import { type SizingRequest, shareOf, sizeInLots, targetLots } from "./sizing.ts";

const CAUSE_STRATEGY = causeCode("strategy");
const CAUSE_REPLACED = causeCode("replaced");

/** An engine runs one strategy so far; its events carry this number. */
const STRATEGY_ID = 1;

export interface DeskParts {
  readonly account: AccountState;
  readonly orders: OrderLedger;
  readonly log: EventLog;
  readonly options: EngineOptions;
  readonly riskView: RiskView;
  /** Instrument index of an input name; the first input's for an empty name, -1 for an unknown one. */
  instrumentOf(input: string): number;
  readonly venue: OrderVenue;
  /** False while new risk in an instrument must wait: its data or an order's outcome is in doubt. */
  mayTakeRisk(instrumentIndex: number): boolean;
}

/** Turns wishes into orders: prices onto the grid, sizes into lots, judged by risk, numbered, logged and sent. */
export class OrderDesk {
  private readonly parts: DeskParts;
  private readonly risk: PreTradeRisk | undefined;
  private nowUs = 0;
  readonly groups = new OrderGroups();
  readonly opener: OrderOpener;
  readonly refusals: Refusals;
  private readonly amender: OrderAmender;

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.risk = parts.options.risk;
    this.opener = new OrderOpener(parts.account, parts.orders, parts.log, STRATEGY_ID);
    this.refusals = new Refusals(parts.log, parts.orders, STRATEGY_ID);
    this.amender = new OrderAmender(parts, this.refusals);
  }

  /** Carries out what a reaction returned, in order, at the given instant. */
  take(wish: Intent | readonly Intent[], timeUs: number): void {
    this.nowUs = timeUs;
    if (!Array.isArray(wish)) {
      this.one(wish as Intent);
      this.groups.endReaction();
      return;
    }
    const intents = wish as readonly Intent[];
    const most = this.parts.options.maxIntents;
    for (let k = 0; k < intents.length && k < most; k += 1) this.one(intents[k]!);
    if (intents.length > most) this.refuse(0, "intent-limit", intents.length, most);
    this.groups.endReaction();
  }

  private one(intent: Intent): void {
    if (typeof intent !== "object" || intent === null || typeof intent.kind !== "string") throw notAnIntent(intent);
    const index = this.parts.instrumentOf(intent.input);
    if (index < 0) {
      this.refuse(0, "unknown-input", 0, 0);
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
      this.refuse(index, "no-position", 0, 0);
      return;
    }
    if (!(intent.size > 0 && intent.size <= 1)) {
      this.refuse(index, "size", intent.size, 1);
      return;
    }
    this.send(intent, index, held > 0 ? -1 : 1, shareOf(held, intent.size), true);
  }

  private target(intent: Intent, index: number): void {
    const { account } = this.parts;
    if (!Number.isFinite(intent.size)) {
      this.refuse(index, "size", intent.size, 0);
      return;
    }
    if (account.marks[index] === 0 && intent.sizing !== "quantity" && intent.size !== 0) {
      this.refuse(index, "price", 0, 0);
      return;
    }
    for (const order of this.parts.orders.orders()) {
      // Its own reductions still on their way are replaced too; protective stops and limits stay.
      const isOnItsWay = !order.isReduceOnly || (order.type === OrderType.market && order.parentId === 0);
      if (order.instrumentIndex === index && order.strategyId === STRATEGY_ID && isOnItsWay && order.isWorking) {
        this.parts.venue.cancel(order, CAUSE_REPLACED, this.nowUs);
      }
    }
    const held = account.signedLots(index);
    const wanted = targetLots(intent, index, account, this.parts.venue.terms, this.parts.options.buffer);
    const difference = wanted - held;
    if (difference === 0) return;
    const side = difference > 0 ? 1 : -1;
    const reducing = held !== 0 && held > 0 !== side > 0 ? Math.min(Math.abs(held), Math.abs(difference)) : 0;
    if (reducing > 0) this.send(intent, index, side, reducing, true);
    const growing = Math.abs(difference) - reducing;
    if (growing > 0) this.send(intent, index, side, growing, false);
  }

  private order(intent: Intent, index: number, side: 1 | -1, isReduceOnly: boolean): void {
    const { account, options } = this.parts;
    const venue = this.parts.venue;
    const instrument = account.instrument(index);
    const held = account.signedLots(index);
    if (intent.sizing === "position" || (account.isCash && side < 0 && intent.sizing === "fraction")) {
      if (held === 0) this.refuse(index, "no-position", 0, 0);
      else if (!(intent.size > 0 && Number.isFinite(intent.size))) this.refuse(index, "size", intent.size, 1);
      else this.send(intent, index, side, shareOf(held, intent.size), isReduceOnly);
      return;
    }
    const isAtFill = options.sizeAt === "fill" && (intent.sizing === "fraction" || (intent.sizing === "notional" && isMarket(intent)));
    const reference = referenceUnits(intent, instrument, side, account.marks[index]!);
    // Before the first bar there is no price that a size could be computed from.
    if (Number.isNaN(reference) || (reference === 0 && intent.sizing !== "quantity" && !isAtFill)) {
      this.refuse(index, "price", Number.isNaN(intent.limit) ? intent.stop : intent.limit, 0);
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
    if (lots === "stop-missing") this.refuse(index, "stop-missing", 0, 0);
    else if (Number.isNaN(lots)) this.refuse(index, "size", intent.size, 0);
    else if (isAtFill) {
      // Until its fill the order goes by the size of today's estimate.
      const estimate = Number.isFinite(lots) ? Math.max(1, lots) : 1;
      if (intent.sizing === "fraction") this.send(intent, index, side, estimate, isReduceOnly, intent.size * (1 - options.buffer));
      else this.send(intent, index, side, estimate, isReduceOnly, 0, intent.size * powerOfTen(instrument.quote.scale));
    } else if (lots <= 0) this.refuse(index, "zero-quantity", 0, 1);
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
      this.refuse(index, "zero-quantity", lots, 1);
      return;
    }
    const order = this.opener.blank(index, side, lots, this.nowUs);
    order.fractionAtFill = fractionAtFill;
    order.budget = budget;
    const cause = setTerms(order, intent, instrument, this.parts.options.offTick, this.nowUs, isReduceOnly);
    if (intent.group !== undefined) order.groupId = this.groups.idOf(intent.group);
    if (cause !== undefined) {
      this.dismiss(order, intent, cause, 0, 0);
      return;
    }
    const reference = expectedUnits(order, account.marks[index]!);
    if (isOnWrongSide(order, "stop", reference) || isOnWrongSide(order, "target", reference)) {
      this.dismiss(order, intent, "wrong-side", reference, order.stopForm === LegForm.price ? order.stopValue : order.targetValue);
      return;
    }
    if (account.isRuined && !order.isReduceOnly) {
      this.dismiss(order, intent, "ruined", account.equity, 0);
      return;
    }
    const notional = Math.abs(account.valueOf(index, lots, reference));
    if (!(notional < MONEY_LIMIT && lots < MONEY_LIMIT)) {
      this.dismiss(order, intent, "money-limit", lots < MONEY_LIMIT ? notional : lots, MONEY_LIMIT);
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
    const refusal = this.risk?.check(proposalOf(order, lots, account, this.risk), this.parts.riskView);
    if (refusal !== undefined) {
      this.refusals.order(order, intent, refusal.cause, refusal.present, refusal.limit, this.nowUs);
      return;
    }
    if (!order.isReduceOnly && !(account.isCash && side < 0)) {
      order.reserved = orderReserve(order, lots, account, this.parts.venue.terms);
      account.reserved += order.reserved;
    }
    this.opener.announce(order, intent.reason, intent.tag, this.nowUs);
    this.parts.venue.submit(order, this.nowUs, account.marks[index]!, true);
    if (order.groupId !== 0) this.groups.add(order.groupId, order.id);
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
      this.refusals.about(EventKind.cancelRefused, 0, index, "unknown-order", intent.orderId, 0, this.nowUs);
      return;
    }
    this.parts.venue.cancel(order, CAUSE_STRATEGY, this.nowUs);
  }

  private amend(intent: Intent, index: number): void {
    const order = this.find(intent);
    if (order === undefined) this.refusals.about(EventKind.amendRefused, 0, index, "unknown-order", intent.orderId, 0, this.nowUs);
    else this.amender.amend(order, intent, index, this.nowUs);
  }

  private cancelAll(intent: Intent, index: number): void {
    for (const order of this.parts.orders.orders()) {
      if (!order.isWorking || (intent.input !== "" && order.instrumentIndex !== index)) continue;
      this.parts.venue.cancel(order, CAUSE_STRATEGY, this.nowUs);
    }
  }

  private dismiss(order: Order, intent: Intent, cause: CauseName, present: number, limit: number): void {
    this.refusals.order(order, intent, causeCode(cause), present, limit, this.nowUs);
  }

  private refuse(index: number, cause: CauseName, present: number, limit: number): void {
    this.refusals.wish(index, cause, present, limit, this.nowUs);
  }
}

function isMarket(intent: Intent): boolean {
  return Number.isNaN(intent.limit) && Number.isNaN(intent.stop) && Number.isNaN(intent.touch) && Number.isNaN(intent.trail);
}
