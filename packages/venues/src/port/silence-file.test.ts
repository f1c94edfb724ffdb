import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { SilenceFile } from "./silence-file.ts";

const MINUTE_US = 60_000_000;

/** A process keeps a silence of two minutes; another one reads it after some time, with its wall clock set by so much meanwhile. */
async function leftAfter(passedUs: number, setByUs: number): Promise<number | undefined> {
  const clock = new SimClock({ seed: 1, startUs: 1_700_000_000_000_000 });
  const disk = new SimDisk(seededStream(1, "disk"));
  const envOf = (name: string): SimEnv => new SimEnv({ clock, process: new SimProcess(name), seed: 1, files: new SimFiles(disk) });
  const fileOf = (env: SimEnv): SilenceFile =>
    new SilenceFile({ env, path: "/state/silence.json", longestUs: 3 * 24 * 60 * MINUTE_US, unreadableUs: 2 * MINUTE_US });
  const first = envOf("first");
  await fileOf(first).keep(first.monoUs() + 2 * MINUTE_US);
  await clock.run(clock.nowUs + passedUs);
  const second = envOf("second");
  second.wallAheadUs = setByUs;
  const untilUs = await fileOf(second).read();
  return untilUs === undefined ? undefined : untilUs - second.monoUs();
}

test("a silence is kept for the next process, for as long as is left of it", async () => {
  expect(await leftAfter(30_000_000, 0)).toBe(1.5 * MINUTE_US);
  expect(await leftAfter(3 * MINUTE_US, 0)).toBeUndefined();
});

test("a wall clock that was set back an hour makes no silence longer than the venue asked for", async () => {
  expect(await leftAfter(30_000_000, -60 * MINUTE_US)).toBe(2 * MINUTE_US);
});
