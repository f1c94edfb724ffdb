import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import type { ReconciliationReport } from "../truth/reconciler.ts";
import { ReconciliationLoop } from "./reconciliation-loop.ts";

const READ_US = 10;
const PAUSE_US = 1_000;

function started(outcomes: readonly string[]) {
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
    pauseUs: PAUSE_US,
    onComplete: (_report, startedUs) => complete.push(startedUs),
    onAlarm: (text) => alarms.push(text),
  });
  const originUs = env.monoUs();
  const since = (list: readonly number[]): readonly number[] => list.map((us) => us - originUs);
  return { clock, loop, alarms, starts: () => since(starts), complete: () => since(complete) };
}

function report(why: string): ReconciliationReport {
  return { isComplete: why === "", why, missingFills: 0, foreignOrders: [], revived: [], balanceDifferences: [] };
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
  expect(alarms).toHaveLength(2);
  expect(loop.lastReport?.isComplete).toBe(true);
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
