import { formatDecimal } from "../model/decimal.ts";
import { causeName, causeText } from "../model/event.ts";
import type { Failure } from "../model/failure.ts";
import { type Instrument, priceOf, quantityOf } from "../model/instrument.ts";
import { sideName } from "../model/side.ts";
import { formatTimeUs } from "../model/time.ts";
import { refusalCode, riskCodes } from "./codes.ts";
import { type LimitEntry, limitTable, protectionTable, type RefusalUnit, standingTable } from "./limit-table.ts";
import type { ProposedOrder, Refusal } from "./risk-view.ts";
import { TRADING_STATES } from "./trading-state.ts";

const ENTRIES = new Map<string, LimitEntry>([...limitTable, ...protectionTable, ...standingTable].map((entry) => [entry.cause, entry]));

/** A refusal for a reader: the order, why, the present value and the limit with their units. */
export function refusalFailure(refusal: Refusal, order: ProposedOrder, instrument: Instrument): Failure {
  const cause = causeName(refusal.cause);
  const entry = ENTRIES.get(cause);
  const code = refusalCode(cause);
  const unit = entry?.refusalUnit ?? "orders";
  const wish = `${sideName(order.side)} ${quantityOf(instrument, order.lots)} ${instrument.id}`;
  return {
    code,
    message: `Cannot submit "${wish}": ${causeText(refusal.cause)}, present is ${amount(refusal.present, unit, instrument)}, limit is ${amount(refusal.limit, unit, instrument)}`,
    details: entry === undefined ? [] : [["limit", entry.name]],
    next: riskCodes[code]?.remedy ?? "change the order",
  };
}

/** Any instant after this is a time of day; any smaller number is a count of bars. */
const SMALLEST_INSTANT_US = 1e12;

function amount(value: number, unit: RefusalUnit, instrument: Instrument): string {
  switch (unit) {
    case "quanta":
      return `${formatDecimal(Math.round(value), instrument.quote.scale, 2)} ${instrument.quote.code}`;
    case "lots":
      return String(quantityOf(instrument, value));
    case "price units":
      return `${priceOf(instrument, value)} ${instrument.quote.code}`;
    case "trading state":
      return TRADING_STATES[value] ?? String(value);
    case "instant or bars":
      return value >= SMALLEST_INSTANT_US ? formatTimeUs(value) : `${value} bars`;
    default:
      return `${value} ${unit}`;
  }
}
