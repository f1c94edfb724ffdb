import type { InstrumentBook } from "../simulator/instrument-book.ts";
import type { AccountState } from "./account-state.ts";
import type { ExecutionMarket } from "./execution-market.ts";
import { Register } from "./registers.ts";

/** Sets the prices at which the first instrument needs attention: its nearest orders, the marks of its trailing stops, its liquidation. */
export function setGatePrices(registers: Float64Array, book: InstrumentBook, account: AccountState, market: ExecutionMarket): void {
  let up = book.upperUnits;
  let down = book.lowerUnits;
  const liquidation = account.isCash ? Number.NaN : account.liquidationUnits(0);
  if (!Number.isNaN(liquidation)) {
    if (account.signedLots(0) > 0) down = Math.max(down, liquidation);
    else up = Math.min(up, liquidation);
  }
  registers[Register.up] = market.priceOf(0, up);
  registers[Register.down] = market.priceOf(0, down);
}

/** Sets the money that the bar loop values each bar with. */
export function setGateMoney(registers: Float64Array, market: ExecutionMarket): void {
  registers[Register.cash] = market.cash;
  registers[Register.exposure] = market.exposureOf(0);
}
