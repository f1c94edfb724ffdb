import { SimFiles } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { LiveTown } from "../testing/live-town.ts";

test("a session that is killed in the middle of a ban is started again in silence, and runs when the ban is over", async () => {
  const town = new LiveTown();
  await town.start();
  await town.run(0.5);
  town.world.venue.faults.on({ name: "banned", delayUs: 90_000_000, times: 1 });
  await town.run(0.5);
  const text = new TextDecoder().decode(await new SimFiles(town.disk).read("/state/binance-silence.json"));
  const { untilUs } = JSON.parse(text) as { readonly untilUs: number };
  expect(untilUs).toBeGreaterThan(town.world.clock.nowUs);
  town.crash();
  await town.start();
  expect(town.world.clock.nowUs).toBeGreaterThanOrEqual(untilUs - 1_000_000);
  expect(town.lastStatus).toBeDefined();
});
