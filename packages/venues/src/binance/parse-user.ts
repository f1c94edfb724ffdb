import type { VenueBalance, VenueFill, VenueOrder } from "../port/venue-records.ts";
import { clientIdOf, sideOf, stateOf } from "./parse.ts";
import type { Shape } from "./schema.ts";

export interface ExecutionReport {
  readonly order: VenueOrder;
  /** The fill that this report tells of. */
  readonly fill: VenueFill | undefined;
  /** Why a quantity changed hands in this report and yet no fill can be made of it; then the fills must be read. */
  readonly missingFill: string | undefined;
}

/**
 * An order changed. `x` is what happened, `X` how the order stands; `l`, `L`, `n`, `N`, `t` tell of the last fill and mean nothing unless `x` is
 * `TRADE`. On a cancel `c` is the id of the cancel and `C` the order's own:
 *
 * ```json
 * { "e": "executionReport", "E": 1767225600124, "s": "BTCUSDT", "c": "tp-2-1z", "S": "BUY", "o": "LIMIT", "f": "GTC", "q": "0.50000000",
 *   "p": "61000.10000000", "P": "0.00000000", "F": "0.00000000", "g": -1, "C": "", "x": "TRADE", "X": "PARTIALLY_FILLED", "r": "NONE",
 *   "i": 28457001122, "l": "0.20000000", "z": "0.20000000", "L": "61000.10000000", "n": "0.00020000", "N": "BNB", "T": 1767225600123,
 *   "t": 3735683259, "I": 8641984, "w": true, "m": false, "M": false, "O": 1767225600100, "Z": "12200.02000000", "Y": "12200.02000000",
 *   "Q": "0.00000000", "W": 1767225600100, "V": "NONE" }
 * ```
 */
export function parseExecutionReport(shape: Shape): ExecutionReport {
  const execution = shape.field("x").name();
  const original = shape.optional("C")?.text(128) ?? "";
  const isRenamed = (execution === "CANCELED" || execution === "REPLACED") && original !== "" && original !== "null";
  const order: VenueOrder = {
    symbol: shape.field("s").name(),
    venueOrderId: shape.field("i").id(),
    clientId: isRenamed ? original : clientIdOf(shape.field("c")),
    side: sideOf(shape.field("S")),
    type: shape.field("o").name(),
    state: stateOf(shape.field("X")),
    quantity: shape.field("q").decimal(),
    filledQuantity: shape.field("z").decimal(),
    filledQuote: shape.field("Z").decimal(),
    price: shape.field("p").decimal(),
    stopPrice: shape.optional("P")?.decimal() ?? "0.00000000",
    createdUs: shape.field("O").timeUs(),
    updatedUs: shape.field("T").timeUs(),
  };
  const quantity = shape.field("l").decimal();
  if (isZero(quantity)) return { order, fill: undefined, missingFill: undefined };
  const price = shape.field("L").decimal();
  if (execution !== "TRADE") return { order, fill: undefined, missingFill: `a quantity changed hands as ${execution}` };
  if (isZero(price)) return { order, fill: undefined, missingFill: "a trade came without a price" };
  const feeAsset = shape.optional("N")?.name();
  const fee = shape.field("n").signedDecimal();
  if (feeAsset === undefined && !isZero(fee)) return { order, fill: undefined, missingFill: "a fee came without its asset" };
  return {
    order,
    missingFill: undefined,
    fill: {
      symbol: order.symbol,
      venueOrderId: order.venueOrderId,
      clientId: order.clientId,
      tradeId: shape.field("t").integer(0),
      side: order.side,
      price,
      quantity,
      fee,
      feeAsset: feeAsset ?? "",
      isMaker: shape.field("m").flag(),
      timeUs: order.updatedUs,
    },
  };
}

function isZero(decimal: string): boolean {
  return /^-?[0.]+$/.test(decimal);
}

/**
 * Balances that an event may have changed, each as it is now:
 *
 * ```json
 * { "e": "outboundAccountPosition", "E": 1767225600124, "u": 1767225600123, "B": [ { "a": "BTC", "f": "1.20000000", "l": "0.50000000" } ] }
 * ```
 */
export function parseAccountPosition(shape: Shape): readonly VenueBalance[] {
  return shape
    .field("B")
    .items(10_000)
    .map((balance) => ({
      asset: balance.field("a").name(),
      free: balance.field("f").decimal(),
      locked: balance.field("l").decimal(),
    }));
}

export interface Transfer {
  readonly asset: string;
  /** Signed: what came in or went out by deposit, withdrawal or transfer between accounts. */
  readonly delta: string;
  readonly timeUs: number;
}

/** `{ "e": "balanceUpdate", "E": 1767225600124, "a": "BTC", "d": "-0.10000000", "T": 1767225600123 }` */
export function parseBalanceUpdate(shape: Shape): Transfer {
  return { asset: shape.field("a").name(), delta: shape.field("d").signedDecimal(), timeUs: shape.field("T").timeUs() };
}
