import { FailureError } from "../model/failure.ts";
import { priceOf, quantityOf } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { ORDER_TYPE_NAMES } from "../model/order-terms.ts";
import { sideName } from "../model/side.ts";
import type { OrderLedger } from "../orders/order-ledger.ts";
import { unknownInput } from "../strategy/inputs.ts";
import type { PositionView, StrategyView, WorkingOrderView } from "../strategy/strategy-view.ts";
import type { AccountState } from "./account-state.ts";
import type { EventList } from "./event-list.ts";

/** The position in one instrument, read through to the portfolio. */
export class LivePositionView implements PositionView {
  readonly #account: AccountState;
  readonly #index: number;
  /** A rest below the venue's order step cannot be traded, so it is no position. A fee that the venue keeps in coins leaves such rests. */
  readonly #least: number;
  readonly #barsHeld: () => number;
  readonly #refreshMarks: () => void;

  constructor(account: AccountState, index: number, barsHeld: () => number, refreshMarks: () => void) {
    this.#account = account;
    this.#index = index;
    this.#least = account.instrument(index).stepLots;
    this.#barsHeld = barsHeld;
    this.#refreshMarks = refreshMarks;
  }

  get isFlat(): boolean {
    return Math.abs(this.#account.signedLots(this.#index)) < this.#least;
  }

  get isLong(): boolean {
    return this.#account.signedLots(this.#index) >= this.#least;
  }

  get isShort(): boolean {
    return this.#account.signedLots(this.#index) <= -this.#least;
  }

  get quantity(): number {
    return quantityOf(this.#account.instrument(this.#index), this.#account.signedLots(this.#index));
  }

  get averagePrice(): number {
    const units = this.#account.entryUnits(this.#index);
    return units === 0 ? Number.NaN : units / powerOfTen(this.#account.instrument(this.#index).priceScale);
  }

  get unrealized(): number {
    this.#refreshMarks();
    const position = this.#account.portfolio.position(this.#index);
    const value = this.#account.valueOf(this.#index, position.signedLots, this.#account.marks[this.#index]!);
    return this.#account.money(position.signedLots >= 0 ? value - position.basis : value + position.basis);
  }

  get realized(): number {
    return this.#account.money(this.#account.portfolio.position(this.#index).realized);
  }

  get openedUs(): number {
    return this.isFlat ? Number.NaN : this.#account.portfolio.position(this.#index).openedUs;
  }

  get barsHeld(): number {
    return this.isFlat ? -1 : this.#barsHeld();
  }
}

export interface ViewParts {
  readonly account: AccountState;
  readonly orders: OrderLedger;
  readonly events: EventList;
  readonly inputs: readonly string[];
  instrumentOf(input: string): number;
  inputOf(instrumentIndex: number): string;
  /** Bars since the one on which the position was opened. */
  barsHeld(instrumentIndex: number): number;
  /** The instant of the reaction that is running. */
  now(): number;
  /** Brings the marks to the last visible closes. */
  readonly refreshMarks: () => void;
}

/** The account as a strategy sees it: one object for the whole run, every member computed when it is read. */
export class LiveStrategyView implements StrategyView {
  readonly #parts: ViewParts;
  readonly #positions: readonly LivePositionView[];
  /** The instrument whose position `position` shows. Set by the engine before each reaction. */
  position: LivePositionView;
  // Functions of their own, so that a strategy may write `onBars({ positionOf })`.
  readonly positionOf: (input: string) => PositionView;
  readonly isWorking: (tag: string) => boolean;

  constructor(parts: ViewParts) {
    this.#parts = parts;
    this.#positions = parts.account.portfolio.instruments.map(
      (_, index) => new LivePositionView(parts.account, index, () => parts.barsHeld(index), parts.refreshMarks),
    );
    this.position = this.#positions[0]!;
    this.positionOf = (input) => {
      const index = parts.instrumentOf(input);
      if (index < 0) throw new FailureError(unknownInput(input, parts.inputs));
      return this.#positions[index]!;
    };
    this.isWorking = (tag) => {
      const { orders, events } = parts;
      for (let order = orders.first; order !== undefined; order = order.next) {
        if (order.isWorking && order.parentId === 0 && events.tagOf(order.id) === tag) return true;
      }
      return false;
    };
  }

  get nowUs(): number {
    return this.#parts.now();
  }

  positionAt(instrumentIndex: number): LivePositionView {
    return this.#positions[instrumentIndex]!;
  }

  get equity(): number {
    this.#parts.refreshMarks();
    return this.#parts.account.money(this.#parts.account.equity);
  }

  get cash(): number {
    return this.#parts.account.money(this.#parts.account.portfolio.ledger.cash);
  }

  get orders(): readonly WorkingOrderView[] {
    const { account, orders, events } = this.#parts;
    const views: WorkingOrderView[] = [];
    for (let order = orders.first; order !== undefined; order = order.next) {
      if (!order.isWorking) continue;
      const instrument = account.instrument(order.instrumentIndex);
      views.push({
        id: order.id,
        tag: events.tagOf(order.id),
        side: sideName(order.side),
        type: ORDER_TYPE_NAMES[order.type],
        quantity: quantityOf(instrument, order.lots),
        filledQuantity: quantityOf(instrument, order.filledLots),
        limit: order.limitUnits === 0 ? Number.NaN : priceOf(instrument, order.limitUnits),
        trigger: order.triggerUnits === 0 ? Number.NaN : priceOf(instrument, order.triggerUnits),
        isReduceOnly: order.isReduceOnly,
        input: this.#parts.inputOf(order.instrumentIndex),
      });
    }
    return views;
  }
}
