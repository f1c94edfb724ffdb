import { gridUnits, type Instrument } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { rate } from "../model/rate.ts";
import { LegForm, type Order } from "../orders/order.ts";
import type { StopPrice, Trail } from "../strategy/intent.ts";

/** Which of the two protective legs. */
export type LegKind = "stop" | "target";

/** Writes a leg's price as the strategy gave it into the entry. False when it is no positive finite number. */
export function setLeg(order: Order, kind: LegKind, leg: StopPrice | undefined, instrument: Instrument): boolean {
  if (leg === undefined) return true;
  if (typeof leg === "number") return storeLeg(order, kind, LegForm.price, legUnits(leg, order, kind, instrument));
  if ("offset" in leg) return storeLeg(order, kind, LegForm.offset, leg.offset);
  if ("ratio" in leg) return storeLeg(order, kind, LegForm.ratio, leg.ratio);
  order.stopForm = LegForm.trail;
  return setTrail(order, leg.trail, instrument);
}

function storeLeg(order: Order, kind: LegKind, form: LegForm, value: number): boolean {
  if (!(value > 0 && Number.isFinite(value))) return false;
  if (kind === "stop") {
    order.stopForm = form;
    order.stopValue = value;
  } else {
    order.targetForm = form;
    order.targetValue = value;
  }
  return true;
}

/** Writes a trailing distance into an order. False when it is no positive finite distance. */
export function setTrail(order: Order, trail: Trail, instrument: Instrument): boolean {
  const isRatio = "ratio" in trail;
  const distance = "ratio" in trail ? trail.ratio : trail.amount;
  const { activation = 0, after = 0 } = trail;
  if (!(distance > 0 && Number.isFinite(distance)) || (isRatio && distance >= 1)) return false;
  if (!(activation >= 0 && Number.isFinite(activation) && after >= 0 && Number.isFinite(after)) || (isRatio && after >= 1)) return false;
  const count = (value: number): number => (isRatio ? rate(value) : Math.round(value * 10 ** instrument.priceScale));
  order.trailIsRatio = isRatio;
  order.trailDistance = count(distance);
  order.trailDistanceAfter = count(after);
  order.trailHolds = trail.holds ?? false;
  order.trailActivation = count(activation);
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
  const entry = entryUnits / powerOfTen(instrument.priceScale);
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

function legUnits(price: number, order: Order, kind: LegKind, instrument: Instrument): number {
  const units = gridUnits(instrument, price, order.side > 0 ? -1 : 1, kind === "stop" ? "trigger" : "limit");
  return units > 0 ? units : Number.NaN;
}
