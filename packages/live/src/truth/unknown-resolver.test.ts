import { buy, defineStrategy, type Intent } from "@tradepulse/core";
import { expect, test } from "vitest";
import { SessionStage } from "../session/session-stage.ts";

const scripted = (wishes: Readonly<Record<number, Intent | readonly Intent[]>>) =>
  defineStrategy({ name: "scripted", create: () => ({ onBar: (bar) => wishes[bar.index] }) })();

/** One order whose send is lost before it arrives. */
async function withLostOrder(): Promise<SessionStage> {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90 }) }) });
  await stage.start();
  stage.venue.submits = () => "lost";
  await stage.bar(100);
  return stage;
}

test("an order that never arrived stays unknown until deadline, horizon and read lag have passed, and is absent only then", async () => {
  const stage = await withLostOrder();
  // 2 s of life, 10 s of the venue's horizon, 10 s of lag.
  await stage.run(20_000_000);
  expect([stage.news(1), stage.session.resolver.count]).toEqual([["unknown"], 1]);
  await stage.run(60_000_000);
  expect([stage.news(1), stage.session.resolver.count]).toEqual([["unknown", "rejected"], 0]);
});

test("an order is not absent by reads that failed, however many and however long", async () => {
  const stage = await withLostOrder();
  stage.venue.reads = (name) => (name === "order" ? "status 502" : undefined);
  await stage.run(3_600_000_000);
  expect([stage.news(1), stage.session.resolver.count]).toEqual([["unknown"], 1]);
  expect(stage.alarms.filter((text) => text.includes("unknown outcome"))).toHaveLength(1);
});

test("an order is not absent while a witness fails or while the private stream has a gap", async () => {
  for (const witness of ["openOrders", "fills"]) {
    const stage = await withLostOrder();
    stage.venue.reads = (name) => (name === witness ? "status 502" : undefined);
    await stage.run(600_000_000);
    expect(stage.news(1)).toEqual(["unknown"]);
  }
  const blind = await withLostOrder();
  blind.venue.doubt("cut");
  await blind.run(600_000_000);
  expect(blind.news(1)).toEqual(["unknown"]);
  blind.venue.ready();
  await blind.run(60_000_000);
  expect(blind.news(1)).toEqual(["unknown", "rejected"]);
});

test("an order that turns up late is adopted with its fills, and nothing is sent again", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90 }) }) });
  await stage.start();
  stage.venue.isStreaming = false;
  let isHidden = true;
  stage.venue.reads = (name) => (isHidden && name !== "balances" ? "status 502" : undefined);
  stage.venue.submits = () => "answer-lost";
  await stage.bar(100);
  stage.venue.fill(stage.clientId(1), "0.4");
  await stage.run(30_000_000);
  expect(stage.news(1)).toEqual(["unknown"]);
  isHidden = false;
  await stage.run(60_000_000);
  expect(stage.engine.orderState(1)).toMatchObject({ isPlaced: true, filledLots: 40_000_000 });
  expect([stage.venue.sent.length, stage.session.isReady]).toEqual([1, true]);
});

test("trades are read from where an order began, not from the beginning of the account", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 100 }), 1: buy({ quantity: 1, limit: 90 }) }) });
  await stage.start();
  await stage.bar(100);
  stage.venue.fill(stage.clientId(1), "1");
  await stage.run(70_000_000);
  stage.venue.submits = () => "lost";
  stage.venue.calls.length = 0;
  await stage.bar(100);
  await stage.run(60_000_000);
  expect(stage.news(2)).toEqual(["unknown", "rejected"]);
  expect(new Set(stage.venue.callsOf("fills"))).toEqual(new Set(["2"]));
});
