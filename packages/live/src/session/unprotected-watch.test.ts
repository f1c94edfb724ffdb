import { buy, defineStrategy } from "@tradepulse/core";
import { expect, test } from "vitest";
import { SessionStage, stageInstrument } from "./session-stage.ts";
import { UnprotectedWatch } from "./unprotected-watch.ts";

const guarded = defineStrategy({
  name: "guarded",
  create: () => ({ onBar: (bar) => (bar.index === 0 ? buy({ quantity: 1, limit: 100, stopLoss: 90 }) : undefined) }),
})();

async function filledInParts(): Promise<SessionStage> {
  const stage = new SessionStage({ strategy: guarded, minNotional: "5" });
  await stage.start();
  await stage.bar(101);
  return stage;
}

const stopsOf = (stage: SessionStage): readonly string[] =>
  stage.venue.sent.filter(({ type }) => type === "stop").map(({ quantity }) => quantity);
const toldOf = (stage: SessionStage): readonly string[] => stage.alarms.filter((text) => text.includes("have no stop"));

test("a fill too small for a stop of its own is told, and protected together with the next one", async () => {
  const stage = await filledInParts();
  stage.venue.fill(stage.clientId(1), "0.05");
  await stage.run(20_000_000);
  expect(toldOf(stage)).toEqual([]);
  await stage.run(13_000_000);
  expect([stopsOf(stage), toldOf(stage)]).toEqual([
    [],
    ["0.05 BTC of BTCUSDT have no stop: too few for an order of their own, or the venue takes none; they get one as soon as it does"],
  ]);
  await stage.run(60_000_000);
  expect(toldOf(stage)).toHaveLength(1);
  stage.venue.fill(stage.clientId(1), "0.5");
  await stage.run(3_000_000);
  expect(stopsOf(stage)).toEqual(["0.55"]);
  stage.venue.fill(stage.clientId(1), "0.04");
  await stage.run(33_000_000);
  expect(toldOf(stage)).toHaveLength(2);
});

test("a stop that the venue refuses is told, and placed again with every bar until it stands", async () => {
  const stage = await filledInParts();
  let refusals = 2;
  stage.venue.submits = ({ type }) => {
    if (type !== "stop") return "answered";
    refusals -= 1;
    return refusals >= 0
      ? { kind: "refused", code: "-1013", message: "Filter failure: PERCENT_PRICE_BY_SIDE", cause: "filter" }
      : "answered";
  };
  stage.venue.fill(stage.clientId(1), "1");
  await stage.run(33_000_000);
  expect(toldOf(stage)).toHaveLength(1);
  for (let k = 0; k < 4; k += 1) await stage.bar(101);
  expect(stopsOf(stage)).toEqual(["1", "1", "1"]);
  expect(new Set(stage.venue.sent.map(({ clientId }) => clientId)).size).toBe(stage.venue.sent.length);
});

test("a restart remembers what has no stop", async () => {
  const stage = await filledInParts();
  stage.venue.fill(stage.clientId(1), "0.05");
  await stage.run(3_000_000);
  stage.kill();
  stage.alarms.length = 0;
  await stage.start(33_000_000);
  expect(toldOf(stage)).toHaveLength(1);
  stage.venue.fill(stage.clientId(1), "0.5");
  await stage.run(3_000_000);
  expect(stopsOf(stage)).toEqual(["0.55"]);
});

test("a stop that is tried again and again and never leaves is told, although each attempt covers the position for a moment", async () => {
  const stage = await filledInParts();
  // Nothing gets to the disk any more: each attempt ends after the order's life, and each bar brings another.
  stage.isDiskStuck = true;
  stage.venue.fill(stage.clientId(1), "1");
  for (let k = 0; k < 4; k += 1) {
    await stage.run(20_000_000);
    await stage.bar(101);
  }
  expect([stopsOf(stage), toldOf(stage).length]).toEqual([[], 1]);
});

test("look() tells of a stop that is lost once more, although crumbs beside it never had one", () => {
  const alarms: string[] = [];
  const attemptsUs: number[] = [];
  let nowUs = 0;
  let bareLots = 0;
  const watch = new UnprotectedWatch({
    monoUs: () => nowUs,
    attemptUs: 2_000_000,
    instruments: [stageInstrument("5")],
    bareLots: () => bareLots,
    worth: (_index, lots) => lots,
    tryAgain: () => attemptsUs.push(nowUs),
    onAlarm: (text) => alarms.push(text.split(" of ")[0]!),
  });
  const pass = (lots: number, seconds: number): void => {
    bareLots = lots;
    for (let k = 0; k < seconds; k += 1) {
      nowUs += 1_000_000;
      watch.look();
    }
  };
  pass(94_000, 35);
  pass(4_000, 60);
  pass(94_000, 35);
  // An attempt covers the most of it for a moment: no news.
  pass(4_000, 2);
  pass(94_000, 35);
  expect(alarms).toHaveLength(2);
  expect(attemptsUs.length).toBeGreaterThan(1);
  expect(Math.min(...attemptsUs.slice(1).map((atUs, k) => atUs - attemptsUs[k]!))).toBeGreaterThanOrEqual(30_000_000);
});

test("a stop that the venue took away is placed again within half a minute, although the next bar is far", async () => {
  const stage = new SessionStage({ strategy: guarded });
  await stage.start();
  await stage.bar(100);
  stage.venue.fill(stage.clientId(1), "1");
  await stage.run(3_000_000);
  stage.venue.end(stage.clientId(2), "canceled");
  await stage.run(34_000_000);
  expect(stopsOf(stage)).toEqual(["1", "1"]);
});
