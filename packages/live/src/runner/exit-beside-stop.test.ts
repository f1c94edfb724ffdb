import { buy, close, defineStrategy, sell } from "@tradepulse/core";
import { expect, test } from "vitest";
import { LiveTown, loaderOf } from "../testing/live-town.ts";

const guarded = (exit: () => ReturnType<typeof close>) => {
  let count = 0;
  return defineStrategy({
    name: "guarded",
    create: () => ({
      onBar: (_bar, { position }) => {
        count += 1;
        if (count === 3) return buy({ quantity: 0.5, stopLoss: { ratio: 0.2 } });
        return count === 6 && position.isLong ? exit() : undefined;
      },
    }),
  });
};

async function played(exit: () => ReturnType<typeof close>): Promise<LiveTown> {
  const town = new LiveTown();
  // No coins but those that the session buys.
  const { exchange } = town.world.venue;
  exchange.transfer("main", "BTC", -exchange.accounts.balance("main", "BTC").free);
  await town.start({ loadStrategy: loaderOf(guarded(exit)) });
  await town.arm();
  await town.run(12);
  return town;
}

test("a strategy that closes its position sells what its stop has locked at the venue", async () => {
  const town = await played(() => close());
  expect(town.working).toEqual([]);
  expect(town.lastStatus).toMatchObject({ fills: 2 });
});

test("what is left after a sale in part has its stop again", async () => {
  const town = await played(() => sell({ quantity: 0.2 }));
  expect(town.working).toHaveLength(1);
  expect(town.lastStatus).toMatchObject({ fills: 2 });
});
