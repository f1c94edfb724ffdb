import type { ExternalFact, Instrument, OrderFact } from "@tradepulse/core";
import type { VenueFill } from "@tradepulse/venues";
import { countAt, decimal, lotsOfDecimal, notionalOf } from "./decimal-money.ts";

/** The money of a fill, in the engine's exact units. */
export interface FillAmounts {
  readonly lots: number;
  readonly notional: number;
  /** In quanta of the quote; 0 when the fee was taken in another asset. */
  readonly fee: number;
  readonly feeLots: number;
  /** A fee in an asset that is neither base nor quote: kept beside, valued at nothing. */
  readonly otherFee: { readonly asset: string; readonly amount: string } | undefined;
}

/** Exact amounts of a venue's fill; `undefined` when a figure is no decimal, or no whole number of lots. */
export function fillAmounts(fill: VenueFill, instrument: Instrument, baseAsset: string): FillAmounts | undefined {
  const price = decimal(fill.price);
  const quantity = decimal(fill.quantity);
  const feeAmount = decimal(fill.fee === "" ? "0" : fill.fee);
  if (price === undefined || quantity === undefined || feeAmount === undefined) return undefined;
  const lots = lotsOfDecimal(instrument, quantity);
  const notional = notionalOf(instrument, price, quantity);
  if (!(lots > 0) || !(notional >= 0)) return undefined;
  const isQuote = fill.feeAsset === instrument.quote.code;
  const isBase = fill.feeAsset === baseAsset;
  const isNone = feeAmount.digits === 0n;
  return {
    lots,
    notional,
    fee: isQuote ? countAt(feeAmount, instrument.quote.scale) : 0,
    feeLots: isBase ? countAt(feeAmount, instrument.lotScale) / instrument.lotUnits : 0,
    otherFee: isQuote || isBase || isNone ? undefined : { asset: fill.feeAsset, amount: fill.fee },
  };
}

/** News without its head: the sequencer adds place and time. */
export type OrderNews = Omit<OrderFact, "kind" | "seq" | "timeUs" | "receiveUs">;
export type ExternalNews = Omit<ExternalFact, "kind" | "seq" | "timeUs" | "receiveUs">;

/** News of an order that carries no fill. */
export function orderNews(
  event: OrderFact["event"],
  orderId: number,
  more: { readonly venueOrderId?: string; readonly cause?: number } = {},
): OrderNews {
  return {
    event,
    orderId,
    venueOrderId: more.venueOrderId ?? "",
    tradeId: 0,
    lots: 0,
    notional: 0,
    fee: 0,
    feeLots: 0,
    isMaker: false,
    cause: more.cause ?? 0,
  };
}

export function fillNews(orderId: number, fill: VenueFill, amounts: FillAmounts): OrderNews {
  const { lots, notional, fee, feeLots } = amounts;
  return {
    event: "filled",
    orderId,
    venueOrderId: fill.venueOrderId,
    tradeId: fill.tradeId,
    lots,
    notional,
    fee,
    feeLots,
    isMaker: fill.isMaker,
    cause: 0,
  };
}
