import type { Side } from "./side.ts";
import type { TimeUs } from "./time.ts";

export type Liquidity = "maker" | "taker";

/** What brought a fill about. */
export type FillCause = "order" | "stop" | "target" | "trailing-stop" | "liquidation" | "end-of-data";

/** One execution of our own, as it is listed in the result of a run. Money in quanta of the quote currency. */
export interface Fill {
  /** Sequence number of the event that reported it. */
  readonly seq: number;
  readonly timeUs: TimeUs;
  readonly tradeId: number;
  readonly orderId: number;
  readonly instrumentIndex: number;
  readonly accountId: number;
  readonly strategyId: number;
  readonly side: Side;
  readonly lots: number;
  /** Exact money exchanged, cost of spread and slippage included. The price of a fill is derived from it. */
  readonly notional: number;
  /** Negative for a rebate. */
  readonly fee: number;
  /** Spread and slippage paid: what the reference price of the same instant would have saved. Included in `notional`. */
  readonly slippage: number;
  readonly liquidity: Liquidity;
  readonly cause: FillCause;
  readonly reason: string;
  readonly tag: string;
}
