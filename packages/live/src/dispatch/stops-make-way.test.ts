import { buy, close, defineStrategy, type Intent, sell } from "@tradepulse/core";
import { expect, test } from "vitest";
import { SessionStage } from "../session/session-stage.ts";

/** Holds 1 BTC with a stop at 90 that rests at the venue, and a target at 110. Later bars bring what `later` wishes. */
async function holding(later: () => Intent | readonly Intent[] | undefined = () => undefined): Promise<SessionStage> {
  const bracket = buy({ quantity: 1, limit: 100, stopLoss: 90, takeProfit: 110 });
  const strategy = defineStrategy({ name: "bracket", create: () => ({ onBar: ({ index }) => (index === 0 ? bracket : later()) }) });
  const stage = new SessionStage({ strategy: strategy() });
  await stage.start();
  await stage.bar(100);
  stage.venue.fill(stage.clientId(1), "1");
  await stage.run(1_000_000);
  expect(stage.venue.sent.map(({ type }) => type)).toEqual(["limit", "stop"]);
  return stage;
}

const canceled = (stage: SessionStage): readonly string[] => stage.venue.callsOf("cancel");

test("a touched target takes its stop away and is sent", async () => {
  const stage = await holding();
  await stage.bar(111, 1_000_000);
  expect([canceled(stage), stage.venue.sent.at(-1)]).toMatchObject([[stage.clientId(2)], { type: "market", quantity: "1" }]);
});

test("a stop stays while the journal cannot take the intent of its target, which a person is told, and the next touch takes it away", async () => {
  const stage = await holding();
  stage.isDiskStuck = true;
  await stage.bar(111, 59_000_000);
  expect([canceled(stage), stage.venue.sent.length]).toEqual([[], 2]);
  expect(stage.alarms).toEqual(["stop 2 stays and order 3 is not sent: the journal did not have its record on the disk within 2000 ms"]);
  stage.isDiskStuck = false;
  await stage.bar(109, 1_000_000);
  expect(canceled(stage)).toEqual([]);
  await stage.bar(112, 1_000_000);
  expect([canceled(stage), stage.venue.sent.at(-1)]).toMatchObject([[stage.clientId(2)], { type: "market", quantity: "1" }]);
});

test("a stop that waits to make way goes in any case when a person wants everything canceled", async () => {
  const stage = await holding();
  stage.isDiskStuck = true;
  await stage.bar(111, 500_000);
  stage.session.operate("cancel-all", "a person");
  await stage.run(5_000_000);
  expect([canceled(stage), stage.venue.sent.length]).toEqual([[stage.clientId(2)], 2]);
});

test("a session that ends while a stop waits to make way leaves it at the venue", async () => {
  const stage = await holding();
  stage.isDiskStuck = true;
  await stage.bar(111, 500_000);
  const stopped = stage.session.stop();
  stage.isDiskStuck = false;
  await stage.run(60_000_000);
  await stopped;
  expect(canceled(stage)).toEqual([]);
});

test("sales that wait for one stop sell together no more than is held", async () => {
  const stage = await holding(() => [sell({ quantity: 0.7 }), sell({ quantity: 0.7 }), sell({ quantity: 0.7 })]);
  await stage.bar(101, 5_000_000);
  const sales = stage.venue.sent.filter(({ side, type }) => side === "sell" && type === "market").map(({ quantity }) => quantity);
  expect([canceled(stage), sales.toSorted()]).toEqual([[stage.clientId(2)], ["0.3", "0.7"]]);
});

test("a stop that stayed stays through a restart too", async () => {
  const stage = await holding();
  stage.isDiskStuck = true;
  await stage.bar(111, 10_000_000);
  stage.isDiskStuck = false;
  await stage.run(1_000_000);
  stage.kill();
  await stage.start(60_000_000);
  expect([canceled(stage), stage.venue.sent.length]).toEqual([[], 0]);
  await stage.bar(112, 1_000_000);
  expect([canceled(stage), stage.venue.sent.at(-1)]).toMatchObject([[stage.clientId(2)], { type: "market", quantity: "1" }]);
});

test("a stop whose cancel was under way when the process died goes, and its exit follows", async () => {
  const stage = await holding(() => close());
  stage.venue.cancels = () => "lost";
  await stage.bar(101, 200_000);
  stage.kill();
  await stage.start(60_000_000);
  expect(stage.venue.sent.at(-1)).toMatchObject({ side: "sell", type: "market", quantity: "1" });
  expect(stage.venue.orders.get(stage.clientId(2))!.state).toBe("canceled");
});

test("an exit that trading is halted for takes no stop away", async () => {
  const stage = await holding(() => close());
  stage.isHalted = true;
  await stage.bar(101, 5_000_000);
  expect([canceled(stage), stage.venue.sent.length, stage.news(2)]).toEqual([[], 2, ["accepted", "cancel-failed"]]);
  stage.isHalted = false;
  await stage.bar(101, 5_000_000);
  expect([canceled(stage), stage.venue.sent.at(-1)]).toMatchObject([[stage.clientId(2)], { type: "market", quantity: "1" }]);
});
