import type { CauseName } from "../model/event.ts";
import { FailureError } from "../model/failure.ts";
import { gridUnits, type Instrument, OFF_TICK } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { OrderFlag, OrderType, TIME_IN_FORCE_NAMES, TimeInForce } from "../model/order-terms.ts";
import type { Side } from "../model/side.ts";
import type { Order } from "../orders/order.ts";
import type { Intent } from "../strategy/intent.ts";
import { setLeg, setTrail } from "./bracket-legs.ts";

/** Writes type, prices, life and flags of an intent into its order. The cause when one of them cannot be. */
export function setTerms(
  order: Order,
  intent: Intent,
  instrument: Instrument,
  offTick: "refuse" | "round",
  nowUs: number,
  isReduceOnly: boolean,
): CauseName | undefined {
  const hasLimit = !Number.isNaN(intent.limit);
  const hasStop = !Number.isNaN(intent.stop);
  const hasTouch = !Number.isNaN(intent.touch);
  const hasTrail = !Number.isNaN(intent.trail);
  // Prices that contradict each other make no order: a stop is not a touch, and a trailing stop finds its own price.
  if ((hasStop && hasTouch) || (hasTrail && (hasLimit || hasStop || hasTouch))) return "price";
  if (hasLimit) {
    const units = gridUnits(instrument, intent.limit, order.side, "limit", offTick);
    if (units < 0) return units === OFF_TICK ? "off-tick" : "price";
    order.limitUnits = units;
  }
  if (hasStop || hasTouch) {
    const units = gridUnits(instrument, hasStop ? intent.stop : intent.touch, order.side, "trigger", offTick);
    if (units < 0) return units === OFF_TICK ? "off-tick" : "price";
    order.triggerUnits = units;
  }
  if (hasTrail) {
    const form = { activation: intent.trailActivation, after: intent.trailAfter, holds: intent.trailHolds };
    const trail = intent.trailIsRatio ? { ratio: intent.trail, ...form } : { amount: intent.trail, ...form };
    if (!setTrail(order, trail, instrument)) return "price";
    order.type = OrderType.trailingStop;
  } else if (hasStop) order.type = hasLimit ? OrderType.stopLimit : OrderType.stop;
  else if (hasTouch) order.type = hasLimit ? OrderType.limitIfTouched : OrderType.marketIfTouched;
  else order.type = hasLimit ? OrderType.limit : OrderType.market;
  if (intent.timeInForce !== "GTC") {
    order.timeInForce = TIME_IN_FORCE_NAMES.indexOf(intent.timeInForce) as TimeInForce;
    if (order.timeInForce === TimeInForce.gtd) {
      if (!(intent.expiresUs > nowUs)) return "expired";
      order.expireUs = intent.expiresUs;
    }
  }
  if (intent.postOnly && !hasLimit) return "would-take";
  order.flags = (intent.postOnly ? OrderFlag.postOnly : 0) | (intent.reduceOnly || isReduceOnly ? OrderFlag.reduceOnly : 0);
  const legsStand = setLeg(order, "stop", intent.stopLoss, instrument) && setLeg(order, "target", intent.takeProfit, instrument);
  if (!legsStand) return "price";
  const isOnGrid = legIsOnGrid(intent.stopLoss, instrument, offTick) && legIsOnGrid(intent.takeProfit, instrument, offTick);
  return isOnGrid ? undefined : "off-tick";
}

/** A leg's own price must stand on a known tick like any other; what is computed from the fill is rounded. */
function legIsOnGrid(leg: Intent["stopLoss"], instrument: Instrument, offTick: "refuse" | "round"): boolean {
  return typeof leg !== "number" || gridUnits(instrument, leg, 1, "limit", offTick) !== OFF_TICK;
}

/** Worst price the order is expected to fill at before costs, in units: its limit, stop or touch, else the mark. NaN when its price is none. */
export function referenceUnits(intent: Intent, instrument: Instrument, side: Side, markUnits: number): number {
  const hasLimit = !Number.isNaN(intent.limit);
  const price = hasLimit ? intent.limit : Number.isNaN(intent.stop) ? intent.touch : intent.stop;
  if (Number.isNaN(price)) return markUnits;
  const units = gridUnits(instrument, price, side, hasLimit ? "limit" : "trigger");
  return units > 0 ? units : Number.NaN;
}

/** Stop of a bracket in units, as far as sizing by risk needs it; NaN for none. */
export function sizingStopUnits(intent: Intent, reference: number, side: Side, instrument: Instrument): number {
  const leg = intent.stopLoss;
  if (leg === undefined) return Number.NaN;
  const entry = reference / powerOfTen(instrument.priceScale);
  const units = gridUnits(instrument, stopPrice(leg, entry, side), side > 0 ? -1 : 1, "trigger");
  return units > 0 ? units : Number.NaN;
}

function stopPrice(leg: NonNullable<Intent["stopLoss"]>, entry: number, side: Side): number {
  if (typeof leg === "number") return leg;
  if ("offset" in leg) return entry - side * leg.offset;
  if ("ratio" in leg) return entry * (1 - side * leg.ratio);
  return entry - side * ("ratio" in leg.trail ? entry * leg.trail.ratio : leg.trail.amount);
}

/** The failure for a returned value that is no intent. */
export function notAnIntent(value: unknown): FailureError {
  return new FailureError({
    code: "TP_STRATEGY_NOT_AN_INTENT",
    message: `Cannot act on what the strategy returned: it is ${describe(value)}, allowed are nothing, an intent, or an array of intents`,
    details: [],
    next: "return what buy, sell, bracket, close, target, cancel, cancelAll or amend give",
  });
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? "a nested array" : "another object";
  return typeof value === "function" ? "a function" : `${typeof value} ${JSON.stringify(value)}`;
}
