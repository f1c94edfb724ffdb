import { buy, defineStrategy, type Failure } from "@tradepulse/core";
import { expect, test } from "vitest";
import { SessionStage } from "../session/session-stage.ts";

const FULL: Failure = { code: "TP_JOURNAL_DISK_FULL", message: "the disk is full", details: [], next: "free room" };

/** Holds 1 BTC with a stop at 90 that rests at the venue, and a target at 110. */
async function holding(): Promise<SessionStage> {
  const strategy = defineStrategy({
    name: "bracket",
    create: () => ({ onBar: ({ index }) => (index === 0 ? buy({ quantity: 1, limit: 100, stopLoss: 90, takeProfit: 110 }) : undefined) }),
  });
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

test("a stop stays while the journal cannot take the intent of the target that it would make way for", async () => {
  const stage = await holding();
  stage.isDiskStuck = true;
  await stage.bar(111, 60_000_000);
  expect([canceled(stage), stage.venue.sent.length]).toEqual([[], 2]);
  stage.isDiskStuck = false;
  await stage.run(1_000_000);
  expect([canceled(stage), stage.venue.sent.at(-1)]).toMatchObject([[stage.clientId(2)], { type: "market", quantity: "1" }]);
});

test("a stop stays while the journal says that it is out of room, though it still has some for a record", async () => {
  const stage = await holding();
  stage.refusal = FULL;
  await stage.bar(111, 60_000_000);
  expect([canceled(stage), stage.venue.sent.length]).toEqual([[], 2]);
  stage.refusal = undefined;
  await stage.run(1_000_000);
  expect([canceled(stage), stage.venue.sent.at(-1)]).toMatchObject([[stage.clientId(2)], { type: "market" }]);
});

test("a stop that waits to make way goes at once when a person wants everything canceled", async () => {
  const stage = await holding();
  stage.isDiskStuck = true;
  await stage.bar(111, 5_000_000);
  stage.session.operate("cancel-all", "a person");
  await stage.run(1_000_000);
  expect(canceled(stage)).toEqual([stage.clientId(2)]);
});

test("a session that ends while a stop waits to make way leaves it at the venue, and the next one takes the exit up again", async () => {
  const stage = await holding();
  stage.refusal = FULL;
  await stage.bar(111, 5_000_000);
  const stopped = stage.session.stop();
  await stage.run(60_000_000);
  await stopped;
  stage.refusal = undefined;
  await stage.run(60_000_000);
  expect(canceled(stage)).toEqual([]);
  stage.kill();
  await stage.start(60_000_000);
  expect([canceled(stage), stage.venue.sent.at(-1)]).toMatchObject([[stage.clientId(2)], { type: "market", quantity: "1" }]);
});
