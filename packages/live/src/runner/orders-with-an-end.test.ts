import { buy, defineStrategy } from "@tradepulse/core";
import { expect, test } from "vitest";
import { LiveTown, loaderOf } from "../testing/live-town.ts";

const MINUTE_US = 60_000_000;

/** One order at a time, far from the market, good until an instant. */
const patientUntil = (endUs: number) =>
  defineStrategy({
    name: "patient",
    create: () => ({
      onBar: (_bar, { orders }) => (orders.length === 0 ? buy({ quantity: 0.5, limit: 50, expiresUs: endUs }) : undefined),
    }),
  });

test("an order with an end is gone from a venue that knows no such orders, at its time, also when nobody ran then", async () => {
  const town = new LiveTown();
  const patient = patientUntil(town.world.clock.nowUs + 7.5 * MINUTE_US);
  await town.start({ loadStrategy: loaderOf(patient) });
  await town.arm();
  await town.run(4);
  expect(town.working).toHaveLength(1);
  town.crash();
  await town.run(10);
  expect(town.working).toHaveLength(1);
  await town.start({ loadStrategy: loaderOf(patient) });
  await town.run(1);
  expect(town.working).toEqual([]);
  expect(town.lastStatus).toMatchObject({ openOrders: 0 });
});
