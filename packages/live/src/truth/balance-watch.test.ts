import { expect, test } from "vitest";
import { BalanceWatch } from "./balance-watch.ts";

const MINUTE = 60_000_000;

test("settled() gives a difference once three readings over the time of settling have stated it alike", () => {
  const watch = new BalanceWatch(2 * MINUTE);
  const difference = { asset: "USDT", excess: 500 };
  expect(watch.settled([difference], 0)).toEqual([]);
  expect(watch.settled([difference], MINUTE)).toEqual([]);
  expect(watch.settled([difference], 2 * MINUTE)).toEqual([difference]);
});

test("settled() waits anew when the difference changes or goes away in between, as it does while balances lag", () => {
  const watch = new BalanceWatch(2 * MINUTE);
  watch.settled([{ asset: "USDT", excess: 500 }], 0);
  watch.settled([{ asset: "USDT", excess: 400 }], MINUTE);
  watch.settled([{ asset: "USDT", excess: 500 }], 2 * MINUTE);
  watch.settled([], 3 * MINUTE);
  watch.settled([{ asset: "USDT", excess: 500 }], 4 * MINUTE);
  expect(watch.settled([{ asset: "USDT", excess: 500 }], 6 * MINUTE)).toEqual([]);
});
