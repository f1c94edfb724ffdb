import { buy, cancelAll, defineStrategy, type Intent } from "@tradepulse/core";
import { expect, test } from "vitest";
import { SessionStage } from "../session/session-stage.ts";

/** Wishes by the number of the bar. */
const scripted = (wishes: Readonly<Record<number, Intent | readonly Intent[]>>) =>
  defineStrategy({ name: "scripted", create: () => ({ onBar: (bar) => wishes[bar.index] }) })();

/** One order at the venue; the next bar asks for its cancel. */
async function withOrder(): Promise<SessionStage> {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90 }), 1: cancelAll(), 2: cancelAll() }) });
  await stage.start();
  await stage.bar(100);
  return stage;
}

test("a cancel that never arrived is asked for again until the order has ended, and the strategy's own wish adds none", async () => {
  const stage = await withOrder();
  let losses = 4;
  stage.venue.cancels = () => {
    losses -= 1;
    return losses >= 0 ? "lost" : "answered";
  };
  await stage.bar(100);
  expect(stage.engine.openOrderIds()).toEqual([1]);
  await stage.run(10_000_000);
  await stage.bar(100);
  await stage.run(60_000_000);
  expect(stage.venue.callsOf("cancel")).toHaveLength(5);
  expect(stage.news(1)).toEqual(["accepted", "canceled"]);
  expect([stage.engine.openOrderIds(), stage.session.pursuit.count]).toEqual([[], 0]);
});

test("a cancel whose answer was lost is not asked for again: the order is read, and that proves its end", async () => {
  const stage = await withOrder();
  stage.venue.isStreaming = false;
  stage.venue.cancels = () => "answer-lost";
  await stage.bar(100);
  await stage.run(120_000_000);
  expect(stage.venue.callsOf("cancel")).toHaveLength(1);
  expect(stage.news(1)).toEqual(["accepted", "canceled"]);
});

test("a cancel that the venue did not let in is asked for again: a full rate budget takes back no wish", async () => {
  const stage = await withOrder();
  let refusals = 2;
  stage.venue.cancels = () => {
    refusals -= 1;
    return refusals >= 0
      ? { kind: "refused", code: "not-sent", message: "the rate budget allows it in 900 ms", cause: "rate-limit" }
      : "answered";
  };
  await stage.bar(100);
  await stage.run(30_000_000);
  expect(stage.news(1)).toEqual(["accepted", "canceled"]);
});

test("an answer that says canceled is no proof while the venue still lists the order", async () => {
  const stage = await withOrder();
  let lies = 2;
  stage.venue.cancels = (clientId) => {
    lies -= 1;
    return lies >= 0 ? { kind: "canceled", order: { ...stage.venue.orders.get(clientId)!, state: "canceled" } } : "answered";
  };
  await stage.bar(100);
  expect(stage.engine.openOrderIds()).toEqual([1]);
  await stage.run(30_000_000);
  expect(stage.venue.callsOf("cancel")).toHaveLength(3);
  expect(stage.news(1)).toEqual(["accepted", "canceled"]);
});

test("a venue that takes no cancel is asked about once a minute, and somebody is told once", async () => {
  const stage = await withOrder();
  stage.venue.cancels = () => "lost";
  await stage.bar(100);
  await stage.run(3_600_000_000);
  expect(stage.venue.callsOf("cancel").length).toBeGreaterThan(50);
  expect(stage.venue.callsOf("cancel").length).toBeLessThan(90);
  expect(stage.alarms.filter((text) => text.includes("not proved canceled"))).toHaveLength(1);
  stage.venue.fill(stage.clientId(1), "1");
  await stage.run(120_000_000);
  expect([stage.session.pursuit.count, stage.news(1).at(-1)]).toEqual([0, "filled"]);
});

test("a cancel that died with its process is asked for by the next one, again and again", async () => {
  const stage = await withOrder();
  stage.venue.cancels = () => "lost";
  await stage.bar(100);
  stage.kill();
  let losses = 2;
  stage.venue.cancels = () => {
    losses -= 1;
    return losses >= 0 ? "lost" : "answered";
  };
  await stage.start(60_000_000);
  expect(stage.venue.callsOf("cancel")).toHaveLength(3);
  expect(stage.news(1).at(-1)).toBe("canceled");
});
