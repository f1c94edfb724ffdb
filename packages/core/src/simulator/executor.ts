import { MONEY_LIMIT } from "../model/currency.ts";
import { causeCode } from "../model/event.ts";
import { invariant } from "../model/failure.ts";
import { mulDivHalfEven } from "../model/mul-div.ts";
import { OrderRole, OrderType, TimeInForce } from "../model/order-terms.ts";
import type { Order } from "../orders/order.ts";
import { type TakerFill, takerCost } from "./cost-model.ts";
import { fillFee, owedFee, rateFee } from "./fee-model.ts";
import type { InstrumentBook } from "./instrument-book.ts";
import type { Execution, VenueAccount, VenueSink } from "./venue-port.ts";
import type { VenueTerms } from "./venue-terms.ts";

const CAUSE_FLAT = causeCode("flat");
const CAUSE_FOK = causeCode("fok");
const CAUSE_FUNDS = causeCode("insufficient-funds");
const CAUSE_NO_SHORT = causeCode("no-short");
const CAUSE_ZERO = causeCode("zero-quantity");
const CAUSE_MONEY = causeCode("money-limit");

/** The largest double below one: keeps a computed size from rounding up past the money. */
const JUST_BELOW_ONE = 1 - 2.2e-16;

/** Where in the bar a fill happens and whether it takes liquidity. Four constants, so that a fill allocates none. */
export interface FillManner {
  readonly atOpen: boolean;
  readonly isMaker: boolean;
}

export const TAKES_AT_OPEN: FillManner = { atOpen: true, isMaker: false };
export const MAKES_AT_OPEN: FillManner = { atOpen: true, isMaker: true };
export const TAKES_ON_PATH: FillManner = { atOpen: false, isMaker: false };
export const MAKES_ON_PATH: FillManner = { atOpen: false, isMaker: true };

/** Turns a touched order into a fill: how much, at what money, with which fee. */
export class Executor {
  readonly counts = { shrunk: 0, overParticipation: 0, outsideBar: 0 };
  private readonly terms: VenueTerms;
  private readonly sink: VenueSink;
  private readonly account: VenueAccount;
  private readonly execution: Execution = {
    lots: 0,
    notional: 0,
    fee: 0,
    slippage: 0,
    isMaker: false,
    referenceUnits: 0,
    atOpen: false,
  };
  private readonly taker: TakerFill = { lots: 0, notional: 0, referenceUnits: 0, growsExposure: false, volumeShare: 0 };
  /** Money of the last {@link price} call. */
  private notional = 0;
  private cost = 0;
  private fee = 0;
  private owed = 0;

  constructor(terms: VenueTerms, sink: VenueSink, account: VenueAccount) {
    this.terms = terms;
    this.sink = sink;
    this.account = account;
  }

  /**
   * Fills what may fill of `order` at `units`. The order leaves the book's lists when it is done or when it must be canceled.
   * True when something filled.
   */
  execute(book: InstrumentBook, order: Order, units: number, timeUs: number, how: FillManner): boolean {
    const held = this.account.signedLots(book.index);
    const opposite = held !== 0 && held > 0 !== order.side > 0 ? Math.abs(held) : 0;
    if (order.isReduceOnly && opposite === 0) return this.cancel(book, order, CAUSE_FLAT, timeUs);
    let lots = order.leftLots;
    if ((order.fractionAtFill !== 0 || order.budget !== 0) && order.filledLots === 0) {
      lots = this.lotsForBudget(book, order, units, how.isMaker);
      const announced = order.lots;
      order.lots = lots;
      if (lots !== 0 && lots !== announced) this.sink.sized(order, timeUs);
      if (lots === 0) return this.cancel(book, order, CAUSE_ZERO, timeUs);
    }
    if (order.isReduceOnly) lots = Math.min(lots, opposite);
    if (order.timeInForce === TimeInForce.fok && book.lotsLeft < lots) return this.cancel(book, order, CAUSE_FOK, timeUs);
    lots = Math.min(lots, book.lotsLeft);
    if (lots === 0) return false;

    const isAllOrNone = order.timeInForce === TimeInForce.fok;
    if (this.account.isCash && order.side < 0 && lots > opposite) {
      if (opposite === 0 || isAllOrNone) return this.cancel(book, order, CAUSE_NO_SHORT, timeUs);
      this.noteShrunk(order, opposite, lots - opposite, timeUs);
      lots = opposite;
    }
    this.price(book, order, units, lots, how.isMaker, lots > opposite);
    if (!(this.notional < MONEY_LIMIT)) return this.cancel(book, order, CAUSE_MONEY, timeUs);
    if (lots > opposite && !this.covers(book, order, lots, opposite)) {
      if (this.terms.shortfall === "reject" || isAllOrNone) return this.cancel(book, order, CAUSE_FUNDS, timeUs);
      const affordable = this.affordableLots(book, order, units, lots, opposite, how.isMaker);
      if (affordable === 0) return this.cancel(book, order, CAUSE_FUNDS, timeUs);
      this.noteShrunk(order, affordable, lots - affordable, timeUs);
      lots = affordable;
    }
    // A cash account never owes: a sale whose fee is more than it brings and the cash there is does not happen.
    const proceeds = this.notional - this.cost - this.fee;
    if (this.account.isCash && order.side < 0 && proceeds < 0 && this.account.fundsToGrow(book.index, 1) + proceeds < 0) {
      return this.cancel(book, order, CAUSE_FUNDS, timeUs);
    }
    this.report(book, order, units, lots, timeUs, how);
    return true;
  }

  private report(book: InstrumentBook, order: Order, units: number, lots: number, timeUs: number, how: FillManner): void {
    book.lotsLeft -= lots;
    if (book.barLots > 0 && lots > book.barLots * 0.1) this.counts.overParticipation += 1;
    if (this.cost > 0 && book.barHigh > 0) this.noteOutside(book, order.side, units, lots);
    if (lots === order.leftLots) book.forget(order);
    order.feeOwed += this.owed;
    const execution = this.execution;
    execution.lots = lots;
    execution.notional = this.notional + order.side * this.cost;
    execution.fee = this.fee;
    execution.slippage = this.cost;
    execution.isMaker = how.isMaker;
    execution.referenceUnits = units;
    execution.atOpen = how.atOpen;
    this.sink.filled(order, execution, timeUs);
  }

  /** Sets notional, cost and fee of a fill. */
  private price(book: InstrumentBook, order: Order, units: number, lots: number, isMaker: boolean, growsExposure: boolean): void {
    const { numerator, denominator } = book.instrument.notional;
    this.notional = mulDivHalfEven(units, lots * numerator, denominator);
    this.cost = 0;
    if (!isMaker && order.type !== OrderType.limit && !isRestingLimit(order)) {
      const taker = this.taker;
      taker.lots = lots;
      taker.notional = this.notional;
      taker.referenceUnits = units;
      taker.growsExposure = growsExposure;
      taker.volumeShare = book.barLots > 0 ? lots / book.barLots : 0;
      this.cost = takerCost(this.terms.spread, this.terms.slippage, book.instrument, taker);
      if (this.terms.roundFillsToTick && this.cost > 0) this.cost = this.costOnTick(book, order, units, lots);
    }
    const notional = this.notional + order.side * this.cost;
    const schedule = this.terms.fees[book.index]!;
    this.owed = owedFee(schedule, isMaker, lots, notional, order);
    this.fee = fillFee(schedule, this.owed, notional, order);
    if (order.role === OrderRole.liquidation) this.fee += rateFee(notional, this.account.liquidationFee);
  }

  /** Counts a fill that its spread and slippage carried beyond the bar's range. */
  private noteOutside(book: InstrumentBook, side: number, units: number, lots: number): void {
    const { numerator, denominator } = book.instrument.notional;
    const price = units + (side * this.cost * denominator) / (lots * numerator);
    if (price > book.barHigh || price < book.barLow) this.counts.outsideBar += 1;
  }

  /** The cost when the fill price must stand on the tick, rounded against the order. */
  private costOnTick(book: InstrumentBook, order: Order, units: number, lots: number): number {
    const { numerator, denominator } = book.instrument.notional;
    const tick = book.instrument.tickKnown
      ? book.instrument.tickUnits
      : 10 ** (book.instrument.priceScale - book.instrument.displayDecimals);
    const off = (this.cost * denominator) / (lots * numerator);
    const price = order.side > 0 ? Math.ceil((units + off) / tick - 1e-9) * tick : Math.floor((units - off) / tick + 1e-9) * tick;
    return mulDivHalfEven(Math.abs(price - units), lots * numerator, denominator);
  }

  /** True when the account's money backs the priced fill. */
  private covers(book: InstrumentBook, order: Order, lots: number, opposite: number): boolean {
    const notional = this.notional + order.side * this.cost;
    const growing = opposite === 0 ? notional : (notional * (lots - opposite)) / lots;
    // As a size is computed from the budget: the fee is part of what the margin must carry, and a seller's costs are in the notional.
    return this.account.fundsNeeded(growing + this.fee) <= this.account.fundsToGrow(book.index, order.side);
  }

  private affordableLots(book: InstrumentBook, order: Order, units: number, wanted: number, opposite: number, isMaker: boolean): number {
    const funds = this.account.fundsToGrow(book.index, order.side);
    if (!(funds > 0)) return opposite;
    const perLot = this.account.fundsNeeded(this.notional + order.side * this.cost + this.fee) / wanted;
    const estimate = Math.min(wanted, opposite + Math.floor((funds / perLot) * (1 + 1e-12)));
    const tries = Math.max(opposite, estimate - 4);
    for (let lots = estimate; lots > tries; lots -= 1) {
      this.price(book, order, units, lots, isMaker, true);
      if (this.covers(book, order, lots, opposite)) return this.onStep(book, order, units, lots, opposite, isMaker);
    }
    // A fixed or least fee weighs more on fewer lots: search the rest by halves.
    let enough = opposite;
    let tooMany = tries + 1;
    while (tooMany - enough > 1) {
      const middle = enough + Math.floor((tooMany - enough) / 2);
      this.price(book, order, units, middle, isMaker, true);
      if (this.covers(book, order, middle, opposite)) enough = middle;
      else tooMany = middle;
    }
    return this.onStep(book, order, units, enough, opposite, isMaker);
  }

  /** Lots that stay when an order is cut to what the money covers: whole steps of the instrument, priced. */
  private onStep(book: InstrumentBook, order: Order, units: number, lots: number, opposite: number, isMaker: boolean): number {
    const { stepLots } = book.instrument;
    const whole = lots <= opposite || stepLots === 1 ? lots : Math.max(opposite, Math.floor(lots / stepLots) * stepLots);
    if (whole > 0) this.price(book, order, units, whole, isMaker, whole > opposite);
    return whole;
  }

  /** Size of an order whose budget is fixed at the fill: `floor(budget / (price with costs + fee per unit))`. */
  private lotsForBudget(book: InstrumentBook, order: Order, units: number, isMaker: boolean): number {
    const budget = order.budget !== 0 ? order.budget : order.fractionAtFill * this.account.fundsToGrow(book.index, order.side);
    const { numerator, denominator } = book.instrument.notional;
    const schedule = this.terms.fees[book.index]!;
    const aside = Math.max(schedule.fixed, schedule.minimum);
    const left = budget - (order.budget !== 0 ? aside : this.account.fundsNeeded(aside));
    if (!(left > 0)) return 0;
    const kind = this.terms.slippage.kind;
    // Impact depends on the size, so it is priced at about the size to come; without it a block is priced that is large enough for
    // rounding to the quantum not to matter.
    const money = kind === "volume-share" || kind === "square-root" ? left / this.account.fundsNeeded(1) : 1e12;
    const block = Math.max(1, Math.round((money * denominator) / (units * numerator)));
    this.price(book, order, units, block, isMaker, true);
    const needed = this.notional + order.side * this.cost + this.owed - schedule.fixed;
    const lots = Math.floor(((left * JUST_BELOW_ONE) / (order.budget !== 0 ? needed : this.account.fundsNeeded(needed))) * block);
    return lots - (lots % book.instrument.stepLots);
  }

  private noteShrunk(order: Order, lots: number, missing: number, timeUs: number): void {
    this.counts.shrunk += 1;
    const wanted = order.lots;
    order.lots = order.filledLots + lots;
    invariant(missing > 0, `order ${order.id} shrinks by ${missing} lots`);
    this.sink.shrunk(order, wanted, timeUs);
  }

  private cancel(book: InstrumentBook, order: Order, cause: number, timeUs: number): false {
    book.forget(order);
    this.sink.canceled(order, cause, timeUs);
    return false;
  }
}

function isRestingLimit(order: Order): boolean {
  return (order.type === OrderType.stopLimit || order.type === OrderType.limitIfTouched) && order.triggered;
}
