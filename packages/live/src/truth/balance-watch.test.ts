import { expect, test } from "vitest";
import { BalanceWatch } from "./balance-watch.ts";

const MINUTE = 60_000_000;

test("look() settles a difference once three readings over the time of settling have stated it alike", () => {
  const watch = new BalanceWatch(2 * MINUTE);
  const difference = { asset: "USDT", excess: 500 };
  expect(watch.look([difference], 0)).toEqual({ standing: [], settled: [] });
  expect(watch.look([difference], MINUTE)).toEqual({ standing: [difference], settled: [] });
  expect(watch.look([difference], 2 * MINUTE).settled).toEqual([difference]);
});

test("look() waits anew when the difference changes or goes away in between, as it does while balances lag", () => {
  const watch = new BalanceWatch(2 * MINUTE);
  watch.look([{ asset: "USDT", excess: 500 }], 0);
  watch.look([{ asset: "USDT", excess: 400 }], MINUTE);
  watch.look([{ asset: "USDT", excess: 500 }], 2 * MINUTE);
  watch.look([], 3 * MINUTE);
  watch.look([{ asset: "USDT", excess: 500 }], 4 * MINUTE);
  expect(watch.look([{ asset: "USDT", excess: 500 }], 6 * MINUTE).settled).toEqual([]);
});
