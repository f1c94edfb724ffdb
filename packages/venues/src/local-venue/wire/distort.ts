import { e8 } from "../exchange/amount.ts";
import type { KlineView } from "../exchange/exchange-event.ts";
import type { FaultBoard, FaultScene } from "../faults/fault-board.ts";

/** What stands in the place of a price when there is none. */
const NO_PRICES: readonly unknown[] = ["NaN", "0.00000000", "-1.00000000", "1e308", "", null, "Infinity", 12.5];
const PRICE_FIELDS: readonly string[] = ["p", "c", "h", "l", "o", "b", "a"];

/** A market message as it leaves: whole, with a price that is none, or with bid and ask crossed. */
export function distortMessage(
  faults: FaultBoard,
  scene: FaultScene,
  message: Record<string, unknown>,
  note: (fault: string) => void,
): Record<string, unknown> {
  if (typeof message["b"] === "string" && typeof message["a"] === "string" && faults.draw("book-crossed", scene) !== undefined) {
    note("book-crossed");
    return { ...message, b: message["a"], a: message["b"] };
  }
  if (!faults.isOn("garbage-price")) return message;
  const nested = message["k"] as Record<string, unknown> | undefined;
  const body = nested ?? message;
  const fields = PRICE_FIELDS.filter((field) => typeof body[field] === "string");
  if (fields.length === 0 || faults.draw("garbage-price", scene) === undefined) return message;
  const random = faults.random("garbage-price");
  const field = fields[random.below(fields.length)]!;
  const value = NO_PRICES[random.below(NO_PRICES.length)];
  note("garbage-price");
  return nested === undefined ? { ...message, [field]: value } : { ...message, k: { ...nested, [field]: value } };
}

/** A bar with another close, within its range where that has room. */
export function distortKline(kline: KlineView): KlineView {
  const close = kline.close === kline.high ? kline.low : kline.high;
  return close === kline.close ? { ...kline, volume: kline.volume + e8("1") } : { ...kline, close };
}
