import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import type { ReconciliationReport } from "../truth/reconciler.ts";
import { ReconciliationLoop } from "./reconciliation-loop.ts";

const READ_US = 10;
const PAUSE_US = 1_000;

function started(outcomes: readonly string[], pauseUs = PAUSE_US) {
  const clock = new SimClock({ seed: 1, startUs: 0 });
  const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
  const env = new SimEnv({ clock, process: new SimProcess("test"), seed: 1, files });
  const starts: number[] = [];
  const complete: number[] = [];
  const alarms: string[] = [];
  const loop = new ReconciliationLoop({
    env,
    read: async () => {
      const why = outcomes[starts.length] ?? "";
      starts.push(env.monoUs());
      await env.sleep(READ_US);
      return report(why);
    },
    pauseUs,
    onComplete: (_report, startedUs) => complete.push(startedUs),
    unverified: (knowsOrders) => (knowsOrders ? "balances" : "stops of BTCUSDT"),
    onAlarm: (text) => alarms.push(text),
  });
  const originUs = env.monoUs();
  const since = (list: readonly number[]): readonly number[] => list.map((us) => us - originUs);
  return { clock, loop, alarms, starts: () => since(starts), complete: () => since(complete) };
}

function report(why: string): ReconciliationReport {
  const knowsOrders = why === "" || why.startsWith("balances");
  return { isComplete: why === "", why, knowsOrders, missingFills: 0, foreignOrders: [], revived: [], balanceDifferences: [] };
}

test("ReconciliationLoop reads once more for a wish that comes while it reads, however often it is wished", async () => {
  const { clock, loop, starts } = started([]);
  loop.soon();
  clock.after(5, () => {
    loop.soon();
    loop.soon();
  });
  await clock.run(1_000_000);
  expect(starts()).toEqual([0, 10]);
});

test("ReconciliationLoop tries again after a pause until a reading is complete, and tells when it began", async () => {
  const { clock, loop, starts, complete, alarms } = started(["no answer", "no answer"]);
  loop.soon();
  await clock.run(1_000_000);
  expect(starts()).toEqual([0, 1_010, 2_020]);
  expect(complete()).toEqual([2_020]);
  expect(alarms).toEqual(["reconciliation could not be completed: no answer"]);
  expect(loop.lastReport?.isComplete).toBe(true);
});

test("ReconciliationLoop tells what cannot be verified when no reading was complete for a minute, and every other minute while that lasts", async () => {
  const failing = Array.from({ length: 400 }, (_, k) => (k % 2 === 0 ? "no answer" : "status 502"));
  const { clock, loop, alarms } = started(failing, 1_000_000);
  loop.soon();
  await clock.run(59_000_000);
  expect(alarms).toEqual(["reconciliation could not be completed: no answer"]);
  await clock.run(310_000_000);
  expect(alarms.slice(1).map((text) => text.replace(/\(.*\)/, "(why)"))).toEqual([
    "the venue's truth could not be read for 60 s (why): stops of BTCUSDT cannot be verified",
    "the venue's truth could not be read for 180 s (why): stops of BTCUSDT cannot be verified",
    "the venue's truth could not be read for 300 s (why): stops of BTCUSDT cannot be verified",
  ]);
});

test("ReconciliationLoop does not doubt the stops while orders are read and only balances are not", async () => {
  const { clock, loop, alarms } = started(
    Array.from({ length: 100 }, () => "balances: status 502"),
    1_000_000,
  );
  loop.soon();
  await clock.run(62_000_000);
  expect(alarms[1]).toBe("the venue's truth could not be read for 60 s (balances: status 502): balances cannot be verified");
});

test("ReconciliationLoop begins anew with its patience after a complete reading", async () => {
  const { clock, loop, alarms } = started([...Array.from({ length: 59 }, () => "no answer"), "", "no answer"], 1_000_000);
  loop.soon();
  await clock.run(61_000_000);
  loop.soon();
  await clock.run(80_000_000);
  expect(alarms).toEqual(["reconciliation could not be completed: no answer", "reconciliation could not be completed: no answer"]);
});

test("ReconciliationLoop hears a wish that comes with the very end of a reading", async () => {
  const { clock, loop, starts } = started([]);
  loop.soon();
  await clock.run(10);
  for (let k = 0; k < 6; k += 1) {
    await Promise.resolve();
    loop.soon();
  }
  await clock.run(1_000);
  expect(starts().length).toBeGreaterThanOrEqual(2);
  const before = starts().length;
  loop.soon();
  await clock.run(2_000);
  expect(starts()).toHaveLength(before + 1);
});

test("ReconciliationLoop reads no more once it is stopped", async () => {
  const { clock, loop, starts } = started(["no answer"]);
  loop.soon();
  clock.after(50, () => loop.stop());
  await clock.run(1_000_000);
  loop.soon();
  expect(starts()).toEqual([0]);
});
