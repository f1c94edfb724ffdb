import { barColumnsOf, US_PER_MINUTE } from "@tradepulse/core";
import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { RecordedBars } from "./recorded-bars.ts";

function columns(count: number) {
  return barColumnsOf(
    Array.from({ length: count }, (_, k) => ({
      openUs: k * US_PER_MINUTE,
      closeUs: (k + 1) * US_PER_MINUTE,
      open: 10,
      high: 10,
      low: 10,
      close: 10,
      volume: 1,
    })),
  );
}

function world() {
  const clock = new SimClock({ seed: 1 });
  const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
  return { clock, env: new SimEnv({ clock, process: new SimProcess("paper"), seed: 1, files }) };
}

test("RecordedBars tells every bar once at its pace, each instant behind its bars, and then the end", async () => {
  const { clock, env } = world();
  const told: string[] = [];
  const bars = new RecordedBars({ env, series: [{ symbol: "A", columns: columns(3) }], perSecond: 10, room: () => Promise.resolve() });
  bars.start({
    onBar: ({ closeUs }) => told.push(`bar ${closeUs / US_PER_MINUTE}`),
    onInstant: (closeUs) => told.push(`instant ${closeUs / US_PER_MINUTE}`),
    onEnd: () => told.push("end"),
    onFailure: () => told.push("failure"),
  });
  await clock.run(clock.nowUs + 150_000);
  expect(told).toEqual(["bar 1", "instant 1", "bar 2", "instant 2"]);
  await clock.run(clock.nowUs + 1_000_000);
  expect(told.slice(4)).toEqual(["bar 3", "instant 3", "end"]);
});

test("RecordedBars tells when there will never be room for more: the session must not wait for ever", async () => {
  const { clock, env } = world();
  const failures: unknown[] = [];
  const lost = new Error("the journal is lost");
  const series = [{ symbol: "A", columns: columns(1_000) }];
  let asked = 0;
  const room = (): Promise<void> => {
    asked += 1;
    return asked > 2 ? Promise.reject(lost) : Promise.resolve();
  };
  const bars = new RecordedBars({ env, series, perSecond: Number.POSITIVE_INFINITY, room });
  let told = 0;
  bars.start({
    onBar: () => {
      told += 1;
    },
    onInstant: () => undefined,
    onEnd: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  await clock.run(clock.nowUs + 1_000_000);
  expect(told).toBeLessThan(1_000);
  expect(failures).toEqual([lost]);
});
