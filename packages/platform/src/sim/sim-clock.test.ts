import { expect, test } from "vitest";
import { SimClock, SimProcess } from "./sim-clock.ts";

test("run() takes events by time, and each one's promises before the next event", async () => {
  const clock = new SimClock({ seed: 1, startUs: 1_000 });
  const told: string[] = [];
  clock.at(1_300, () => told.push(`last at ${clock.nowUs}`));
  clock.at(1_100, () => {
    told.push(`first at ${clock.nowUs}`);
    void deep(50).then(() => told.push(`promises of the first at ${clock.nowUs}`));
  });
  clock.at(1_101, () => told.push(`second at ${clock.nowUs}`));
  await clock.run(1_200);
  expect(told).toEqual(["first at 1100", "promises of the first at 1100", "second at 1101"]);
  expect(clock.nowUs).toBe(1_200);
  await clock.run(Number.POSITIVE_INFINITY);
  expect(told.at(-1)).toBe("last at 1300");
});

test("events of one instant come in an order of the seed: the same for a seed, another for another", async () => {
  const orders = await Promise.all([1, 1, 2].map(orderOfTies));
  expect(orders[0]).toEqual(orders[1]);
  expect(orders[0]).not.toEqual(orders[2]);
  expect(orders[2]!.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at));
});

test("at() keeps thousands of events in order, canceled ones left out", async () => {
  const clock = new SimClock({ seed: 3 });
  const told: number[] = [];
  for (let at = 0; at < 3_000; at += 1) {
    const timeUs = (at * 7_919) % 3_001;
    const timer = clock.at(timeUs, () => told.push(timeUs));
    if (at % 3 === 0) timer.cancel();
  }
  await clock.run(10_000);
  expect(told).toHaveLength(2_000);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

test("kill() ends a process: nothing of it runs again, and the others go on", async () => {
  const clock = new SimClock({ seed: 4 });
  const a = new SimProcess("a");
  const told: string[] = [];
  let isEnded = false;
  a.onEnd(() => {
    isEnded = true;
  });
  clock.at(10, () => told.push("a"), a);
  clock.at(20, () => a.kill());
  clock.at(30, () => told.push("a again"), a);
  clock.at(40, () => told.push("b"), new SimProcess("b"));
  await clock.run(100);
  expect(told).toEqual(["a", "b"]);
  expect(isEnded).toBe(true);
});

test("pause() holds what comes due, and resume() lets all of it happen", async () => {
  const clock = new SimClock({ seed: 5 });
  const process = new SimProcess("a");
  const told: string[] = [];
  for (const timeUs of [10, 20, 30]) clock.at(timeUs, () => told.push(`${timeUs} at ${clock.nowUs}`), process);
  const canceled = clock.at(25, () => told.push("canceled"), process);
  clock.at(15, () => process.pause());
  clock.at(50, () => canceled.cancel());
  clock.at(60, () => process.resume());
  await clock.run(100);
  expect(told[0]).toBe("10 at 10");
  expect(told.slice(1).toSorted()).toEqual(["20 at 60", "30 at 60"]);
});

test("afterEvent() sees every event, and what it throws ends the run", async () => {
  const clock = new SimClock({ seed: 6 });
  let total = 0;
  for (let at = 1; at <= 5; at += 1) clock.at(at, () => (total += at));
  clock.afterEvent = () => {
    if (total > 5) throw new Error(`total is ${total}`);
  };
  await expect(clock.run(10)).rejects.toThrow("total is 6");
  expect([clock.nowUs, clock.eventCount]).toEqual([3, 3]);
});

async function orderOfTies(seed: number): Promise<number[]> {
  const clock = new SimClock({ seed });
  const order: number[] = [];
  for (let at = 0; at < 50; at += 1) clock.at(100, () => order.push(at));
  await clock.run(100);
  return order;
}

async function deep(levels: number): Promise<void> {
  if (levels > 0) await deep(levels - 1);
}
