import { buy, defineStrategy, type Intent } from "@tradepulse/core";
import { expect, test } from "vitest";
import { SessionStage } from "../session/session-stage.ts";

const scripted = (wishes: Readonly<Record<number, Intent | readonly Intent[]>>) =>
  defineStrategy({ name: "scripted", create: () => ({ onBar: (bar) => wishes[bar.index] }) })();

test("an order that the private stream has told of is not unknown when the answer to its send is lost, filled or not", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 100 }), 1: buy({ quantity: 1, limit: 90 }) }) });
  await stage.start();
  stage.venue.latencyUs = 2_000_000;
  stage.venue.submits = ({ clientId, price }) => {
    // The fill is told by the stream half a second before the answer would have come.
    if (price === "100") stage.env.timer(1_200_000, () => stage.venue.fill(clientId, "1"));
    return "answer-lost";
  };
  await stage.bar(100, 20_000_000);
  await stage.bar(100, 20_000_000);
  expect([new Set(stage.news(1)), stage.news(2)]).toEqual([new Set(["accepted", "filled"]), ["accepted"]]);
  expect(stage.session.isReady).toBe(true);
  expect(stage.alarms).toEqual([]);
});

test("an order that nobody has told of is unknown when the answer to its send is lost, until it is found", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90 }) }) });
  await stage.start();
  stage.venue.isStreaming = false;
  stage.venue.submits = () => "answer-lost";
  stage.venue.reads = () => "no answer";
  await stage.bar(100, 1_000_000);
  expect([stage.news(1), stage.session.isReady]).toEqual([["unknown"], false]);
  stage.venue.reads = () => undefined;
  await stage.run(10_000_000);
  expect([stage.news(1), stage.session.isReady]).toEqual([["unknown", "accepted"], true]);
});

test("an acknowledged order is told once, however often the venue is read while it rests", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90 }) }) });
  await stage.start();
  await stage.bar(100);
  await stage.run(3_600_000_000);
  expect(stage.venue.callsOf("openOrders").length).toBeGreaterThan(50);
  expect(stage.news(1)).toEqual(["accepted"]);
});

test("an order whose intent is not on the disk before its deadline is not sent and does not hang: its end is told", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90 }) }) });
  await stage.start();
  stage.isDiskStuck = true;
  await stage.bar(100);
  await stage.run(1_500_000);
  expect([stage.news(1), stage.session.dispatcher.inFlight]).toEqual([[], 1]);
  await stage.run(1_000_000);
  expect([stage.news(1), stage.session.dispatcher.inFlight, stage.venue.sent]).toEqual([["rejected"], 0, []]);
  expect(stage.alarms).toEqual(["order 1 was not sent: the journal did not have its intent on the disk within 2000 ms"]);
  expect(stage.kinds("not-sent").map(({ payload }) => payload)).toEqual([{ orderId: 1, cause: "expired" }]);
  stage.isDiskStuck = false;
  stage.kill();
  await stage.start(60_000_000);
  expect([stage.engine.openOrderIds(), stage.venue.sent]).toEqual([[], []]);
});
