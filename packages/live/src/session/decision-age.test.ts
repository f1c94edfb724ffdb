import { buy, close, defineStrategy } from "@tradepulse/core";
import { expect, test } from "vitest";
import { DecisionAge } from "./decision-age.ts";
import { SessionStage } from "./session-stage.ts";

test("DecisionAge measures by the bar that came soonest, whatever the two clocks show", () => {
  const age = new DecisionAge();
  expect(age.ageUs(5_000, 1_000_000)).toBe(0);
  age.arrived(5_000, 1_000_000);
  age.arrived(70_000, 1_060_000);
  expect([age.ageUs(70_000, 1_060_000), age.ageUs(95_000, 1_060_000)]).toEqual([5_000, 30_000]);
});

test("what was decided on a bar that arrives a minute late opens no position; what gets out of one may go", async () => {
  const strategy = defineStrategy({
    name: "late",
    create: () => ({ onBar: ({ index }) => (index === 0 ? buy({ quantity: 1, limit: 100 }) : [close(), buy({ quantity: 1, limit: 90 })]) }),
  });
  const stage = new SessionStage({ strategy: strategy() });
  await stage.start();
  await stage.bar(100);
  stage.venue.fill(stage.clientId(1), "1");
  await stage.run(180_000_000);
  // The bar of the second minute comes two minutes after its close.
  await stage.bar(101);
  expect(stage.venue.sent.slice(1).map(({ side, type }) => `${side} ${type}`)).toEqual(["sell market"]);
  expect(stage.news(3)).toEqual(["rejected"]);
});

test("an order decided on a bar in time is sent however far our wall clock is off", async () => {
  const stage = new SessionStage({
    strategy: defineStrategy({ name: "prompt", create: () => ({ onBar: () => buy({ quantity: 0.1, limit: 90 }) }) })(),
  });
  await stage.start();
  stage.env.wallAheadUs = -3_600_000_000;
  await stage.bar(100);
  await stage.bar(100);
  expect(stage.venue.sent).toHaveLength(2);
});
