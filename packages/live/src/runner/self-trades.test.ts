import { buy, close, defineStrategy } from "@tradepulse/core";
import { expect, test } from "vitest";
import { LiveTown, loaderOf, TOWN_CONFIG } from "../testing/live-town.ts";

/** Buys one unit, then closes it beside a bid that rests. */
const bidAndExit = defineStrategy({
  name: "bid-and-exit",
  create: () => ({
    onBar: (_bar, { position, orders }) => {
      if (position.isFlat) return buy({ quantity: 1 });
      return orders.length === 0 ? [close(), buy({ quantity: 0.5, limit: 90 })] : undefined;
    },
  }),
});

for (const [word, entry, exit] of [
  ["cancel-newer", "EXPIRE_TAKER", "EXPIRE_MAKER"],
  ["allow", "NONE", "NONE"],
] as const) {
  test(`self_trade = "${word}" in the configuration reaches the venue with every order`, async () => {
    const town = new LiveTown();
    await town.start(
      { loadStrategy: loaderOf(bidAndExit) },
      TOWN_CONFIG.replace("max_notional = 500", `max_notional = 500\nself_trade = "${word}"`),
    );
    await town.arm();
    await town.run(5);
    const asked = town.world.venue.ledger.ordersOf("main").map(({ side, selfTrade }) => `${side} ${selfTrade}`);
    expect(asked.length).toBeGreaterThan(2);
    expect(new Set(asked)).toEqual(new Set([`BUY ${entry}`, `SELL ${exit}`]));
  });
}
