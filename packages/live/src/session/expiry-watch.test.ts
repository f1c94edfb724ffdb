import { buy, defineStrategy, type Intent } from "@tradepulse/core";
import { expect, test } from "vitest";
import { SessionStage, START_US } from "./session-stage.ts";

const scripted = (wishes: Readonly<Record<number, Intent | readonly Intent[]>>) =>
  defineStrategy({ name: "scripted", create: () => ({ onBar: (bar) => wishes[bar.index] }) })();

/** Decided at the close of the first bar, a minute after the start. */
const EXPIRES_US = START_US + 150_500_000;
const gtd = scripted({ 0: buy({ quantity: 1, limit: 90, expiresUs: EXPIRES_US }) });

const cancelsOf = (stage: SessionStage): number => stage.venue.callsOf("cancel").length;

async function resting(options: { readonly aheadUs?: number } = {}): Promise<SessionStage> {
  const stage = new SessionStage({ strategy: gtd });
  stage.venue.aheadUs = options.aheadUs ?? 0;
  await stage.start();
  await stage.bar(100);
  return stage;
}

/** Lets time pass up to an instant of the world. */
const until = (stage: SessionStage, us: number): Promise<void> => stage.clock.run(us);

test("an order with an end is canceled at that instant where the venue knows none, and has expired once that is proved", async () => {
  const stage = await resting();
  expect(stage.venue.sent[0]).toMatchObject({ timeInForce: "GTC" });
  await until(stage, EXPIRES_US - 1_000);
  expect(cancelsOf(stage)).toBe(0);
  await until(stage, EXPIRES_US + 1_000);
  expect(cancelsOf(stage)).toBe(1);
  expect(stage.engine.openOrderIds()).toEqual([1]);
  await stage.run(1_000_000);
  expect(stage.engine.openOrderIds()).toEqual([]);
  expect(stage.kinds("timer").map(({ payload }) => payload)).toMatchObject([{ dueUs: EXPIRES_US }]);
  expect(stage.engine.events.records().at(-1)).toMatchObject({ kind: 7, orderId: 1 });
});

test("an order expires by the venue's clock and not by ours, also when ours is set meanwhile", async () => {
  const stage = await resting({ aheadUs: 20_000_000 });
  stage.env.wallAheadUs = -3_600_000_000;
  await until(stage, EXPIRES_US - 20_100_000);
  expect(cancelsOf(stage)).toBe(0);
  await until(stage, EXPIRES_US - 19_900_000);
  expect(cancelsOf(stage)).toBe(1);
});

test("an order whose end passed while nobody ran is canceled by the next start, and again until it has ended", async () => {
  const stage = await resting();
  stage.kill();
  await until(stage, EXPIRES_US + 3_600_000_000);
  let losses = 2;
  stage.venue.cancels = () => {
    losses -= 1;
    return losses >= 0 ? "lost" : "answered";
  };
  await stage.start(20_000_000);
  expect(cancelsOf(stage)).toBe(3);
  expect(stage.engine.openOrderIds()).toEqual([]);
  stage.kill();
  await stage.start();
  expect([stage.engine.openOrderIds(), cancelsOf(stage)]).toEqual([[], 0]);
});

test("what fills between its end and the proof of its cancel counts", async () => {
  const stage = await resting();
  stage.venue.cancels = () => {
    stage.venue.fill(stage.clientId(1), "1");
    return "answered";
  };
  await until(stage, EXPIRES_US + 1_000_000);
  expect([stage.news(1).at(-1), stage.engine.account.signedLots(0)]).toEqual(["filled", 100_000_000]);
});

test("an order with little time left states its end as the last instant at which it may enter, and is not sent after it", async () => {
  const soon = START_US + 60_300_000;
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90, expiresUs: soon }) }) });
  await stage.start();
  await stage.bar(100);
  expect(stage.venue.sent[0]!.deadlineUs).toBe(soon);

  const late = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90, expiresUs: soon }) }) });
  await late.start();
  await late.clock.run(START_US + 61_000_000);
  await late.bar(100);
  expect([late.venue.sent, late.news(1)]).toEqual([[], ["rejected"]]);
});

test("an order for the day ends with its UTC day", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90, timeInForce: "DAY" }) }) });
  await stage.start();
  await stage.bar(100);
  await until(stage, START_US + 86_400_000_000 - 1_000);
  expect(cancelsOf(stage)).toBe(0);
  await until(stage, START_US + 86_400_000_000 + 1_000_000);
  expect([cancelsOf(stage), stage.engine.openOrderIds()]).toEqual([1, []]);
});

test("without an order that ends nobody asks for the venue's clock", async () => {
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90 }) }) });
  await stage.start();
  await stage.bar(100);
  await stage.run(600_000_000);
  expect(stage.venue.callsOf("clock")).toEqual([]);
});

test("an order with an end is judged by the venue's clock from the first one on: ours, ahead of it, does not end it before it was sent", async () => {
  const soon = START_US + 75_000_000;
  const stage = new SessionStage({ strategy: scripted({ 0: buy({ quantity: 1, limit: 90, expiresUs: soon }) }) });
  stage.env.wallAheadUs = 20_000_000;
  await stage.start();
  await stage.bar(100);
  expect(stage.news(1)).toEqual(["accepted"]);
  await until(stage, soon - 1_000);
  expect(cancelsOf(stage)).toBe(0);
  await until(stage, soon + 1_000_000);
  expect(stage.engine.openOrderIds()).toEqual([]);
});
