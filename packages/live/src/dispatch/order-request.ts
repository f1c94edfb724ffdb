import { type Instrument, OrderType, type SubmitOrder, TimeInForce } from "@tradepulse/core";
import type { OrderRequest } from "@tradepulse/venues";
import { decimalText } from "../news/decimal-money.ts";

const POST_ONLY = 1;
const REDUCE_ONLY = 2;

const TYPE_ON_WIRE: Readonly<Partial<Record<OrderType, OrderRequest["type"]>>> = {
  [OrderType.market]: "market",
  [OrderType.limit]: "limit",
  [OrderType.stop]: "stop",
  [OrderType.stopLimit]: "stop-limit",
  [OrderType.marketIfTouched]: "take-profit",
  [OrderType.limitIfTouched]: "take-profit-limit",
};

/** A command in the venue's words, exact decimals throughout; `undefined` for what no spot venue takes, such as a trailing stop. */
export function orderRequestOf(
  command: SubmitOrder,
  instrument: Instrument,
  symbol: string,
  clientId: string,
  deadlineUs: number,
  preventsSelfTrade = false,
): OrderRequest | undefined {
  const type = command.type === OrderType.limit && (command.flags & POST_ONLY) !== 0 ? "limit-maker" : TYPE_ON_WIRE[command.type];
  if (type === undefined) return undefined;
  const timeInForce = command.timeInForce === TimeInForce.ioc ? "IOC" : command.timeInForce === TimeInForce.fok ? "FOK" : "GTC";
  return {
    symbol,
    clientId,
    side: command.side > 0 ? "buy" : "sell",
    type,
    timeInForce,
    quantity: decimalText(command.lots * instrument.lotUnits, instrument.lotScale),
    ...(command.limitUnits === 0 ? {} : { price: decimalText(command.limitUnits, instrument.priceScale) }),
    ...(command.triggerUnits === 0 ? {} : { stopPrice: decimalText(command.triggerUnits, instrument.priceScale) }),
    // The newer one ends, but a way out is never given up for an entry that rests: a stop was there before it, and only now goes to the market.
    ...(preventsSelfTrade ? { selfTrade: (command.flags & REDUCE_ONLY) === 0 ? "expire-taker" : "expire-maker" } : {}),
    deadlineUs,
  };
}
