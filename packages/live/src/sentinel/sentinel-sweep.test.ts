import { RawClient } from "@tradepulse/venues/testing";
import { expect, test } from "vitest";
import { TOWN_KEY } from "../testing/live-town.ts";
import { BEAT, kindsOf, reasonOf, WATCHED, watchedTown } from "./watched-town.ts";

test("keep-stops leaves stops that sell and cancels the rest", async () => {
  const config = WATCHED.replace("[sentinel]", '[sentinel]\naction = "keep-stops"');
  const town = await watchedTown(config);
  const hand = new RawClient(town.world, TOWN_KEY, "10.0.0.9");
  const stop = { side: "SELL", type: "STOP_LOSS_LIMIT", timeInForce: "GTC", quantity: "1", price: "49", stopPrice: "50" };
  expect((await hand.order({ ...stop, newClientOrderId: "hand-stop" })).status).toBe(200);
  town.crash();
  await town.run(1.5);
  expect(town.working).toEqual(["hand-stop"]);
  expect(town.sentinelAlarms.join("\n")).toContain("1 stops that sell were left");
});

test("a venue that is away for minutes is asked until it is back; then everything is canceled", async () => {
  const town = await watchedTown();
  town.world.venue.outage(6 * 60e6);
  town.crash();
  await town.run(5.5);
  expect((await reasonOf(town))[1]).toBe("sentinel");
  expect(town.working.length).toBeGreaterThan(1);
  expect(town.sentinelAlarms.join("\n")).toContain("times in vain");
  expect(town.sentinelAlarms.join("\n")).not.toContain("no order works");
  await town.run(1.5);
  expect(town.working).toEqual([]);
});

test("silence that the venue asks for is kept to its end, then everything is canceled", async () => {
  const town = await watchedTown();
  town.world.venue.faults.on({ name: "rate-limited", times: 1, only: { method: "DELETE", path: "/api/v3/openOrders" } });
  town.crash();
  await town.run(4);
  expect(town.working).toEqual([]);
  expect(town.sentinelAlarms.join("\n")).toContain("the venue asks for silence");
  expect(town.world.venue.limits.bansGiven).toBe(0);
});

test("cancels whose answers are lost, or are untrue, are repeated until the orders are gone", async () => {
  const town = await watchedTown();
  town.world.venue.faults.on({ name: "cancel-forged", times: 3 });
  town.world.venue.faults.on({ name: "response-lost", times: 2, only: { method: "DELETE" } });
  town.crash();
  await town.run(4);
  expect(town.working).toEqual([]);
  expect(await kindsOf(town)).toContain("swept");
});

test("an order that was on its way when the trader died is waited for: nothing enters once the sentinel says that nothing works", async () => {
  const town = await watchedTown();
  // Into the second before a bar, whose orders then pass the venue's gate and enter its engine nine seconds later.
  await town.world.run(60e6 - (town.world.clock.nowUs % 60e6) - 25e6);
  town.world.venue.faults.on({ name: "engine-delay", delayUs: 9e6, only: { method: "POST" } });
  const before = town.orders.length;
  town.disk.onOperation = ({ path }) => (path.startsWith(BEAT) && !path.endsWith(".json") ? "EIO" : undefined);
  await town.run(2.5);
  expect(town.orders.length).toBeGreaterThan(before);
  expect(town.working).toEqual([]);
  const kinds = await kindsOf(town);
  expect(kinds.slice(kinds.indexOf("swept"))).not.toContain("working");
});

test("a sentinel that is killed in the middle of canceling is gone on with by the next", async () => {
  const town = await watchedTown();
  town.world.venue.outage(90e6);
  town.crash();
  await town.run(0.7);
  town.crash(town.watcher);
  await town.run(0.2);
  await town.guard();
  await town.run(3);
  expect(town.working).toEqual([]);
});

test("a sentinel never asks for an order", async () => {
  const town = await watchedTown();
  const traderSent = town.requests("place").length;
  town.crash();
  await town.run(10);
  expect(town.requests("place").length).toBe(traderSent);
  await town.stopSentinel();
  const evidence = await kindsOf(town);
  expect(evidence.at(-1)).toBe("stop");
});
