import type { OrderSource, OrderType, TimeInForce } from "./order-terms.ts";
import type { Side } from "./side.ts";

interface CommandBase {
  readonly seq: number;
  readonly timeUs: number;
  readonly orderId: number;
  readonly instrumentIndex: number;
  readonly accountId: number;
  readonly strategyId: number;
  readonly source: OrderSource;
}

/** Send a new order. Prices in units, sizes in lots; 0 for no price. */
export interface SubmitOrder extends CommandBase {
  readonly kind: "submit";
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly flags: number;
  readonly lots: number;
  readonly limitUnits: number;
  readonly triggerUnits: number;
  readonly parentId: number;
  /** By the venue's clock: the order may neither enter nor fill from this instant on. Absent for one that does not expire. */
  readonly expireUs?: number;
}

export interface CancelOrder extends CommandBase {
  readonly kind: "cancel";
  /** The exit that a stop makes way for, sent once the stop is gone: while the exit could not be sent the stop must stay, and its cancel has failed. */
  readonly makesWayFor?: number;
}

export interface AmendOrder extends CommandBase {
  readonly kind: "amend";
  readonly lots: number;
  readonly limitUnits: number;
  readonly triggerUnits: number;
}

/** What the engine wants done by a venue. */
export type OrderCommand = SubmitOrder | CancelOrder | AmendOrder;
