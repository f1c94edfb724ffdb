import { type Instrument, orderPriceUnits } from "../model/instrument.ts";
import { rate } from "../model/rate.ts";
import { LegForm, type Order } from "../orders/order.ts";
import type { StopPrice, Trail } from "../strategy/intent.ts";

/** Which of the two protective legs. */
export type LegKind = "stop" | "target";

/** Writes a leg's price as the strategy gave it into the entry. False when it is no positive finite number. */
export function setLeg(order: Order, kind: LegKind, leg: StopPrice | undefined, instrument: Instrument): boolean {
  if (typeof leg === "object" && "trail" in leg) {
    order.stopForm = LegForm.trail;
    return setTrail(order, leg.trail, instrument);
  }
  const [form, value] = legForm(leg);
  if (form !== LegForm.none && !(value > 0 && Number.isFinite(value))) return false;
  const stored = form === LegForm.price ? legUnits(value, order, kind, instrument) : value;
  if (Number.isNaN(stored)) return false;
  if (kind === "stop") {
    order.stopForm = form;
    order.stopValue = stored;
  } else {
    order.targetForm = form;
    order.targetValue = stored;
  }
  return true;
}

/** Writes a trailing distance into an order. False when it is no positive finite distance. */
export function setTrail(order: Order, trail: Trail, instrument: Instrument): boolean {
  const isRatio = "ratio" in trail;
  const distance = "ratio" in trail ? trail.ratio : trail.amount;
  if (!(distance > 0 && Number.isFinite(distance)) || (isRatio && distance >= 1)) return false;
  const count = (value: number): number => (isRatio ? rate(value) : Math.round(value * 10 ** instrument.priceScale));
  order.trailIsRatio = isRatio;
  order.trailDistance = count(distance);
  order.trailDistanceAfter = count(trail.after ?? 0);
  order.trailActivation = count(trail.activation ?? 0);
  return true;
}

/** Price of a leg in units for an entry filled at `entryUnits`; NaN for none or when it falls to zero. */
export function legPriceUnits(order: Order, kind: LegKind, entryUnits: number, instrument: Instrument): number {
  const form = kind === "stop" ? order.stopForm : order.targetForm;
  const value = kind === "stop" ? order.stopValue : order.targetValue;
  if (form === LegForm.none || form === LegForm.trail) return Number.NaN;
  if (form === LegForm.price) return value;
  // A stop lies against the entry's side, a target along it.
  const direction = kind === "stop" ? -order.side : order.side;
  const entry = entryUnits / 10 ** instrument.priceScale;
  const price = form === LegForm.offset ? entry + direction * value : entry * (1 + direction * value);
  return legUnits(price, order, kind, instrument);
}

/** True when a leg given as a price stands on the wrong side of the entry's expected price. */
export function isOnWrongSide(order: Order, kind: LegKind, entryUnits: number): boolean {
  const form = kind === "stop" ? order.stopForm : order.targetForm;
  if (form !== LegForm.price) return false;
  const value = kind === "stop" ? order.stopValue : order.targetValue;
  const direction = kind === "stop" ? -order.side : order.side;
  return direction > 0 ? value <= entryUnits : value >= entryUnits;
}

function legForm(leg: Exclude<StopPrice, { readonly trail: Trail }> | undefined): readonly [LegForm, number] {
  if (leg === undefined) return [LegForm.none, 0];
  if (typeof leg === "number") return [LegForm.price, leg];
  return "offset" in leg ? [LegForm.offset, leg.offset] : [LegForm.ratio, leg.ratio];
}

function legUnits(price: number, order: Order, kind: LegKind, instrument: Instrument): number {
  const side = order.side > 0 ? -1 : 1;
  const units = orderPriceUnits(instrument, price, side, kind === "stop" ? "trigger" : "limit");
  return units.ok ? units.value : Number.NaN;
}
