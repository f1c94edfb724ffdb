import { expect, test } from "vitest";
import { orderParameters } from "./format.ts";

const ORDER = {
  symbol: "BTCUSDT",
  clientId: "tp-1-1",
  side: "sell",
  type: "stop",
  timeInForce: "GTC",
  quantity: "0.5",
  stopPrice: "95",
  deadlineUs: 1,
} as const;

test("orderParameters() names which of two own orders ends, where the order says so", () => {
  const modeOf = (selfTrade?: "expire-taker" | "expire-maker"): string | undefined =>
    Object.fromEntries(orderParameters(selfTrade === undefined ? ORDER : { ...ORDER, selfTrade }))["selfTradePreventionMode"];
  expect([modeOf(), modeOf("expire-taker"), modeOf("expire-maker")]).toEqual([undefined, "EXPIRE_TAKER", "EXPIRE_MAKER"]);
});
