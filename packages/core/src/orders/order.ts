import { OrderFlag, OrderRole, OrderSource, OrderType, TimeInForce } from "../model/order-terms.ts";
import type { Side } from "../model/side.ts";
import { OrderState } from "./lifecycle.ts";

/** How a bracket leg's price is given: against the market, or against the price of the fill it protects. */
export const LegForm = { none: 0, price: 1, offset: 2, ratio: 3, trail: 4 } as const;
export type LegForm = (typeof LegForm)[keyof typeof LegForm];

/**
 * One order. Prices in price units, sizes in lots, money in quanta. Only the order desk and the venue write to it.
 * Every field is a number from the start, so that all orders share one shape.
 */
export class Order {
  id = 0;
  instrumentIndex = 0;
  accountId = 0;
  strategyId = 0;
  source: OrderSource = OrderSource.strategy;
  side: Side = 1;
  type: OrderType = OrderType.market;
  timeInForce: TimeInForce = TimeInForce.gtc;
  flags = 0;
  role: OrderRole = OrderRole.entry;
  lots = 0;
  filledLots = 0;
  filledNotional = 0;
  feePaid = 0;
  /** What the order would owe without a minimum or maximum fee, in quanta. */
  feeOwed = 0;
  /** Price limit; 0 for none. */
  limitUnits = 0;
  /** Stop or touch price; 0 for none. */
  triggerUnits = 0;
  state: OrderState = OrderState.initialized;
  triggered = false;
  pendingCancel = false;
  pendingAmend = false;
  /** The order may fill before this instant only; Infinity for none. */
  expireUs = Number.POSITIVE_INFINITY;
  submittedUs = 0;
  /** The entry this order belongs to; 0 for none. */
  parentId = 0;
  /** Orders of one group cancel each other; 0 for none. */
  groupId = 0;
  /** The other leg of a bracket; 0 for none. */
  siblingId = 0;
  /** Money set aside for the exposure this order may open, in quanta. */
  reserved = 0;

  /** Trailing stop: distance in units, or as a ratio per billion when `trailIsRatio`. */
  trailDistance = 0;
  trailIsRatio = false;
  /** Profit per unit from the entry before trailing starts, in units or per billion like the distance; 0 starts at once. */
  trailActivation = 0;
  /** Distance after activation, when it differs; 0 keeps `trailDistance`. */
  trailDistanceAfter = 0;
  /** True when the stop stands still at its distance from the entry until the activation. */
  trailHolds = false;
  /** Best price seen while live, in units; 0 before the first. */
  highWaterUnits = 0;
  trailActive = false;
  /** Price the trailing activation counts from, in units. */
  trailEntryUnits = 0;

  stopForm: LegForm = LegForm.none;
  stopValue = 0;
  targetForm: LegForm = LegForm.none;
  targetValue = 0;
  stopChildId = 0;
  targetChildId = 0;

  /** Money to spend, when the size is fixed at the fill; 0 otherwise. */
  budget = 0;
  /** Multiplies the budget share of free margin when the size is fixed at the fill. */
  fractionAtFill = 0;

  /** Set by the venue: first open already seen, so a post-only or immediate order had its instant. */
  offered = false;
  /** Set by the venue: the last price had already passed the trigger when the order arrived, so it triggers at the next open. */
  touchedAtSubmit = false;
  /** Set by the venue while the order rests: the price that touches it, the heap that holds it and its place there. */
  touchUnits = 0;
  touchFromBelow = false;
  heapIndex = -1;
  resting = false;
  /** Market orders and orders that wait for the next open. */
  queued = false;
  /** Neighbours in the ledger's list of working orders. */
  previous: Order | undefined = undefined;
  next: Order | undefined = undefined;
  /** The next order in the ledger's slot of its id. */
  sameSlot: Order | undefined = undefined;

  get leftLots(): number {
    return this.lots - this.filledLots;
  }

  get isReduceOnly(): boolean {
    return (this.flags & OrderFlag.reduceOnly) !== 0;
  }

  get isPostOnly(): boolean {
    return (this.flags & OrderFlag.postOnly) !== 0;
  }

  /** True while the venue may still fill it: at work, or of unknown outcome. */
  get mayFill(): boolean {
    return this.isWorking || this.state === OrderState.unknown;
  }

  get isWorking(): boolean {
    return this.state >= OrderState.submitted && this.state <= OrderState.partiallyFilled;
  }

  /** Back to the blank order, for another life under another id. */
  reset(): void {
    this.source = OrderSource.strategy;
    this.timeInForce = TimeInForce.gtc;
    this.flags = 0;
    this.role = OrderRole.entry;
    this.filledLots = 0;
    this.filledNotional = 0;
    this.feePaid = 0;
    this.feeOwed = 0;
    this.limitUnits = 0;
    this.triggerUnits = 0;
    this.state = OrderState.initialized;
    this.triggered = false;
    this.pendingCancel = false;
    this.pendingAmend = false;
    this.expireUs = Number.POSITIVE_INFINITY;
    this.parentId = 0;
    this.groupId = 0;
    this.siblingId = 0;
    this.reserved = 0;
    this.trailDistance = 0;
    this.trailIsRatio = false;
    this.trailActivation = 0;
    this.trailDistanceAfter = 0;
    this.trailHolds = false;
    this.highWaterUnits = 0;
    this.trailActive = false;
    this.trailEntryUnits = 0;
    this.stopForm = LegForm.none;
    this.stopValue = 0;
    this.targetForm = LegForm.none;
    this.targetValue = 0;
    this.stopChildId = 0;
    this.targetChildId = 0;
    this.budget = 0;
    this.fractionAtFill = 0;
    this.offered = false;
    this.touchedAtSubmit = false;
    this.touchUnits = 0;
    this.heapIndex = -1;
    this.resting = false;
    this.queued = false;
    this.previous = undefined;
    this.next = undefined;
    this.sameSlot = undefined;
  }
}
