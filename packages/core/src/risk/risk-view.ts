import type { OrderSource, OrderType } from "../model/order-terms.ts";
import type { Side } from "../model/side.ts";

/** An order as risk sees it, before anything is sent. Money in quanta, prices in units, sizes in lots. */
export interface ProposedOrder {
  readonly instrumentIndex: number;
  readonly strategyId: number;
  readonly source: OrderSource;
  readonly side: Side;
  readonly type: OrderType;
  readonly lots: number;
  /** Worst price it may fill at: its limit, its trigger, or the last price worsened by the collar; in units. */
  readonly priceUnits: number;
  readonly notional: number;
  readonly isReduceOnly: boolean;
  /** Orders of one group fill at most once: their worst case is the larger, not the sum. 0 for none. */
  readonly groupId: number;
}

/** A working order as risk sees it. */
export interface WorkingOrder {
  readonly id: number;
  readonly instrumentIndex: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly lotsLeft: number;
  readonly priceUnits: number;
  readonly notional: number;
  readonly isReduceOnly: boolean;
  readonly groupId: number;
}

/** What risk may know of the account. Defined here, implemented by the engine. */
export interface RiskView {
  readonly nowUs: number;
  readonly instrumentCount: number;
  signedLots(instrumentIndex: number): number;
  /** Last visible price in units; 0 before the first. */
  markUnits(instrumentIndex: number): number;
  /** When that price was made. */
  markUs(instrumentIndex: number): number;
  /** Quanta that lots are worth at a price in units. */
  valueOf(instrumentIndex: number, lots: number, units: number): number;
  /** Equity at the marks, in quanta. */
  readonly equity: number;
  workingOrders(): Iterable<WorkingOrder>;
  readonly workingCount: number;
  /** True where the orders of a group rest at a venue by themselves: one that fills ends the others too late to count on. */
  readonly groupsMayAllFill?: boolean;
}

/** Why risk says no: a stable cause code (core/model/event `CauseTable`), the present value and the limit, in the unit of the limit. */
export interface Refusal {
  readonly cause: number;
  readonly present: number;
  readonly limit: number;
}

/** A closed trade, as protections count it. */
export interface ClosedTrade {
  readonly instrumentIndex: number;
  /** +1 for a long trade. */
  readonly side: Side;
  readonly exitUs: number;
  /** Net of fees, in quanta. */
  readonly profit: number;
  /** Net profit over entry notional. */
  readonly profitRatio: number;
  readonly stoppedOut: boolean;
}

/**
 * The judge of every order before it leaves, in every mode.
 *
 * Within one bar the driver calls `onMark` and `onClosedTrade` for its fills, then `onBarClose`, then `onMark` at the close, and `check`
 * only after that. With several instruments, the bars of one instant all come before the `onMark` of that instant.
 */
export interface PreTradeRisk {
  /** `undefined` approves. Approval is noted for the order rate. */
  check(order: ProposedOrder, view: RiskView): Refusal | undefined;
  /** After every bar close and every fill: loss and drawdown limits, which may latch a trading state. */
  onMark(view: RiskView): void;
  onClosedTrade(trade: ClosedTrade, view: RiskView): void;
  /** Called with each new bar close of an instrument, for limits and cooldowns counted in bars. */
  onBarClose(instrumentIndex: number, closeUs: number): void;
  /** The latched trading state: 0 enabled, 1 reduce-only, 2 halted, and the cause of the last change. */
  readonly tradingState: 0 | 1 | 2;
  readonly tradingStateCause: number;
  /**
   * Judges the new terms of a working order, whose old terms then do not count besides them. `order.lots` are those left to fill.
   * Absent where amendments are not judged.
   */
  checkAmend?(orderId: number, order: ProposedOrder, view: RiskView): Refusal | undefined;
  /** Worst price a market order is expected to fill at: the mark worsened by the collar. Without it the mark itself. */
  marketPriceUnits?(markUnits: number, side: Side): number;
  /** Latches a trading state on someone's word. */
  restrict?(state: "reduce-only" | "halted", reason: string, nowUs: number): void;
  /** Releases every latch on purpose. */
  rearm?(reason: string, nowUs: number): void;
  /** All that it remembers, as plain data. Absent where a session that goes on from a snapshot is not offered. */
  carry?(): unknown;
  /** Goes on from what {@link carry} gave, in a judge of the same limits. */
  resume?(carried: unknown): void;
  /** False promises that the call has nothing to do, so a driver may leave it out. */
  readonly watchesMarks?: boolean;
  readonly watchesBars?: boolean;
  readonly watchesTrades?: boolean;
}
