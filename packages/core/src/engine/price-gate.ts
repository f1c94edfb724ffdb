import type { InstrumentBook } from "../simulator/instrument-book.ts";
import type { AccountState } from "./account-state.ts";
import type { ExecutionMarket } from "./execution-market.ts";
import { Register } from "./registers.ts";

/** Sets the gate of the bar loop but its times: the first instrument's nearest orders, trailing marks and liquidation, and the money. */
export function setGate(registers: Float64Array, book: InstrumentBook, account: AccountState, market: ExecutionMarket): void {
  let up = book.upperUnits;
  let down = book.lowerUnits;
  const liquidation = account.isCash ? Number.NaN : account.liquidationUnits(0);
  if (!Number.isNaN(liquidation)) {
    if (account.signedLots(0) > 0) down = Math.max(down, liquidation);
    else up = Math.min(up, liquidation);
  }
  registers[Register.up] = market.priceOf(0, up);
  registers[Register.down] = market.priceOf(0, down);
  setGateMoney(registers, market);
}

/** Sets when the next bar is needed whatever its prices: at once when something waits for an open, else at `nextUs` or the first expiry. */
export function setGateTimes(registers: Float64Array, book: InstrumentBook, waits: boolean, nextUs: number): void {
  registers[Register.pending] = waits || book.needsNextOpen ? 1 : 0;
  registers[Register.nextUs] = Math.min(book.nextExpiryUs, nextUs);
}

/** Sets the money that the bar loop values each bar with. */
export function setGateMoney(registers: Float64Array, market: ExecutionMarket): void {
  registers[Register.cash] = market.cash;
  registers[Register.exposure] = market.exposureOf(0);
}
