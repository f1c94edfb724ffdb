import { buy, defineStrategy, type Intent } from "@tradepulse/core";
import { expect, test } from "vitest";
import { SessionStage } from "../session/session-stage.ts";

const scripted = (wishes: Readonly<Record<number, Intent | readonly Intent[]>>) =>
  defineStrategy({ name: "scripted", create: () => ({ onBar: (bar) => wishes[bar.index] }) })();

async function resting(): Promise<SessionStage> {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90 }) }) });
  await stage.start();
  await stage.bar(100);
  return stage;
}

test("fills and ends that no stream has told are read: fills first, each once", async () => {
  const stage = await resting();
  stage.venue.isStreaming = false;
  stage.venue.fill(stage.clientId(1), "0.4");
  stage.venue.fill(stage.clientId(1), "0.2");
  stage.venue.end(stage.clientId(1), "canceled");
  await stage.run(70_000_000);
  expect(stage.news(1)).toEqual(["accepted", "filled", "filled", "canceled"]);
  expect(stage.engine.account.signedLots(0)).toBe(60_000_000);
  await stage.run(300_000_000);
  expect(stage.news(1)).toHaveLength(4);
});

test("an order at the venue that nobody here has sent is named, and its fills are adopted as somebody else's", async () => {
  const stage = await resting();
  const own = stage.venue.orders.get(stage.clientId(1))!;
  stage.venue.orders.set("by-hand", { ...own, clientId: "by-hand", venueOrderId: "77" });
  stage.venue.isStreaming = false;
  stage.venue.fill("by-hand", "0.3");
  await stage.run(70_000_000);
  expect(stage.alarms.filter((text) => text.includes("is not ours"))).not.toEqual([]);
  expect(stage.kinds("external")).toHaveLength(1);
  expect([stage.engine.account.signedLots(0), stage.news(1)]).toEqual([30_000_000, ["accepted"]]);
});

test("an order that we think ended and that still works is canceled", async () => {
  const stage = await resting();
  // Somebody said that it was refused, and it works all the same.
  stage.session.sequencer.push({ kind: "order", event: "rejected", orderId: 1, ...blank });
  expect(stage.engine.openOrderIds()).toEqual([]);
  await stage.run(70_000_000);
  expect(stage.venue.orders.get(stage.clientId(1))!.state).toBe("canceled");
  expect(stage.alarms.filter((text) => text.includes("believed ended"))).toHaveLength(1);
});

test("an order that worked and that the venue knows no more ends by proof, not by the first read that lags", async () => {
  const stage = await resting();
  const clientId = stage.clientId(1);
  const order = stage.venue.orders.get(clientId)!;
  stage.venue.orders.delete(clientId);
  await stage.run(100_000_000);
  stage.venue.orders.set(clientId, order);
  await stage.run(200_000_000);
  expect([stage.news(1), stage.session.resolver.count]).toEqual([["accepted"], 0]);
  stage.venue.orders.delete(clientId);
  await stage.run(400_000_000);
  expect([stage.news(1).at(-1), stage.engine.openOrderIds(), stage.session.isReady]).toEqual(["rejected", [], true]);
});

test("an order that ended is found although something else cannot be read: only the whole reading waits for that", async () => {
  const stage = await resting();
  stage.venue.isStreaming = false;
  stage.venue.end(stage.clientId(1), "expired");
  stage.venue.reads = (name) => (name === "fills" ? "status 502" : undefined);
  await stage.run(70_000_000);
  expect(stage.news(1)).toEqual(["accepted", "expired"]);
  expect(stage.session.lastReport).toMatchObject({ isComplete: false, why: "fills of BTCUSDT: status 502" });
});

test("fills that cannot be read of many orders do not hide an order that has ended", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: Array.from({ length: 5 }, (_, k) => buy({ quantity: 0.1, limit: 90 - k })) }) });
  await stage.start();
  await stage.bar(100);
  stage.venue.isStreaming = false;
  for (const orderId of [1, 2, 3, 4]) stage.venue.fill(stage.clientId(orderId), "0.05");
  stage.venue.end(stage.clientId(5), "expired");
  stage.venue.reads = (name) => (name === "fills" ? "status 502" : undefined);
  await stage.run(61_000_000);
  expect([stage.news(1), stage.news(5)]).toEqual([["accepted"], ["accepted", "expired"]]);
  expect(stage.session.lastReport).toMatchObject({ isComplete: false, knowsOrders: false });
});

test("orders that can never be read do not keep the others from being asked for", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: Array.from({ length: 5 }, (_, k) => buy({ quantity: 0.1, limit: 90 - k })) }) });
  await stage.start();
  await stage.bar(100);
  stage.venue.isStreaming = false;
  for (const orderId of [1, 2, 3, 4, 5]) stage.venue.end(stage.clientId(orderId), "canceled");
  const unreadable = new Set([1, 2, 3].map((orderId) => stage.clientId(orderId)));
  stage.venue.reads = (name, argument) => (name === "order" && unreadable.has(argument) ? "Invalid symbol." : undefined);
  await stage.run(70_000_000);
  expect([stage.news(3), stage.news(4), stage.news(5)]).toEqual([["accepted"], ["accepted", "canceled"], ["accepted", "canceled"]]);
});

test("a venue that answers nothing is not asked for every single order: the next try comes soon", async () => {
  const limits = Array.from({ length: 8 }, (_, k) => buy({ quantity: 0.1, limit: 90 - k }));
  const stage = new SessionStage({ strategy: scripted({ 0: limits }) });
  await stage.start();
  await stage.bar(100);
  stage.venue.isStreaming = false;
  for (const clientId of stage.venue.orders.keys()) stage.venue.end(clientId, "canceled");
  stage.venue.reads = (name) => (name === "order" ? "no answer within 10 s" : undefined);
  const before = stage.venue.callsOf("order").length;
  await stage.run(61_000_000);
  expect(stage.session.lastReport).toMatchObject({ isComplete: false });
  const readings = stage.venue.callsOf("openOrders").length;
  expect(stage.venue.callsOf("order").length - before).toBeLessThanOrEqual(readings * 3);
});

test("a cancel of everything reaches an order of unknown outcome too: what turns up late does not stay", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90 }) }) });
  await stage.start();
  stage.venue.isStreaming = false;
  let isHidden = true;
  stage.venue.reads = (name) => (isHidden && name !== "balances" ? "status 502" : undefined);
  stage.venue.submits = () => "answer-lost";
  // While the venue hides the order it takes no cancel of it either.
  stage.venue.cancels = () => (isHidden ? { kind: "not-open", message: "Unknown order sent." } : "answered");
  await stage.bar(100);
  expect(stage.news(1)).toEqual(["unknown"]);
  stage.session.operate("cancel-all", "a person");
  await stage.run(5_000_000);
  isHidden = false;
  await stage.run(120_000_000);
  expect(stage.venue.orders.get(stage.clientId(1))!.state).toBe("canceled");
  expect(stage.engine.openOrderIds()).toEqual([]);
});

const blank = { venueOrderId: "", tradeId: 0, lots: 0, notional: 0, fee: 0, feeLots: 0, isMaker: false, cause: 0 } as const;
