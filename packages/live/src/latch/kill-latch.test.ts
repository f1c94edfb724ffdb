import { type RandomStream, SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { type KillLatch, openKillLatch } from "./kill-latch.ts";
import type { LatchState } from "./latch-files.ts";

const FOLDER = "/state/latch";

test("openKillLatch() is halted when trading was never armed", async () => {
  const { latch } = await opened(new SimDisk(seededStream(1, "disk")));
  expect(latch.current).toEqual({ state: "halted", reason: "trading was never armed", by: "latch", atUs: 0 });
});

test("arm() allows trading and a restart keeps it", async () => {
  const disk = new SimDisk(seededStream(1, "disk"));
  const { latch } = await opened(disk);
  await latch.arm("enabled", "first day", "ada");
  expect(latch.current).toMatchObject({ state: "enabled", reason: "first day", by: "ada" });
  disk.powerCut();
  expect((await opened(disk)).latch.state).toBe("enabled");
});

test("trip() binds this process at once, every other at its next look, and outlives a power cut", async () => {
  const disk = new SimDisk(seededStream(2, "disk"));
  const clock = new SimClock({ seed: 2 });
  const a = await opened(disk, clock);
  const b = await opened(disk, clock);
  await a.latch.arm("enabled", "go", "ada");
  await clock.run(clock.nowUs + 25_000);
  expect(b.latch.state).toBe("enabled");
  const trip = a.latch.trip("halted", "daily loss", "loss watch");
  expect(a.latch.state).toBe("halted");
  await trip;
  await clock.run(clock.nowUs + 25_000);
  expect(b.latch.current).toMatchObject({ state: "halted", reason: "daily loss", by: "loss watch" });
  expect(b.changes.map(({ state }) => state)).toEqual(["enabled", "halted"]);
  disk.powerCut();
  expect((await opened(disk)).latch.state).toBe("halted");
});

test("trip() never makes trading less strict, in whatever order processes do it", async () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    const clock = new SimClock({ seed });
    const a = await opened(disk, clock, slow(clock, seededStream(seed, "a")));
    const b = await opened(disk, clock, slow(clock, seededStream(seed, "b")));
    await inTime(clock, a.latch.arm("enabled", "go", "ada"));
    const trips = Promise.all([a.latch.trip("halted", "one", "a"), b.latch.trip("reduce-only", "two", "b")]);
    await inTime(clock, trips);
    await clock.run(clock.nowUs + 200_000);
    expect([a.latch.state, b.latch.state]).toEqual(["halted", "halted"]);
    await inTime(clock, a.latch.trip("reduce-only", "three", "a"));
    await clock.run(clock.nowUs + 200_000);
    expect([a.latch.state, b.latch.state]).toEqual(["halted", "halted"]);
  }
});

test("arm() ends the trips it saw, never one that comes in meanwhile", async () => {
  let held = 0;
  for (let seed = 0; seed < 300; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    const clock = new SimClock({ seed });
    const random = seededStream(seed, "race");
    const a = await opened(disk, clock, slow(clock, random));
    const b = await opened(disk, clock, slow(clock, random));
    await inTime(clock, a.latch.trip("halted", "first", "a"));
    const arming = a.latch.arm("enabled", "looked into it", "ada");
    let trippedAtUs = 0;
    const late = new Promise<void>((resolve, reject) => {
      clock.after(random.below(40_000), () => {
        b.latch.trip("halted", "second", "b").then(() => {
          trippedAtUs = clock.nowUs;
          resolve();
        }, reject);
      });
    });
    let armedAtUs = 0;
    await inTime(clock, Promise.all([arming.then(() => (armedAtUs = clock.nowUs)), late]));
    await clock.run(clock.nowUs + 200_000);
    expect(a.latch.state).toBe(b.latch.state);
    if (trippedAtUs > armedAtUs) expect(a.latch.state).toBe("halted");
    if (a.latch.state === "halted") held += 1;
  }
  expect(held).toBeGreaterThan(250);
});

test("trip() that the disk does not take halts this process, raises an alarm, and is written when there is room", async () => {
  const disk = new SimDisk(seededStream(3, "disk"));
  const clock = new SimClock({ seed: 3 });
  const a = await opened(disk, clock);
  const b = await opened(disk, clock);
  await a.latch.arm("enabled", "go", "ada");
  for (const kind of ["write", "sync", "rename"] as const) {
    disk.onOperation = (operation) => (operation.kind === kind ? "ENOSPC" : undefined);
    await expect(a.latch.trip("halted", "the disk", "ada")).rejects.toThrow('TP_LATCH_WRITE: Cannot latch trading state "halted"');
    await clock.run(clock.nowUs + 100_000);
    expect([a.latch.state, b.latch.state]).toEqual(["halted", "enabled"]);
    disk.onOperation = undefined;
    await clock.run(clock.nowUs + 100_000);
    expect([a.latch.state, b.latch.state]).toEqual(["halted", "halted"]);
    await a.latch.arm("enabled", "there is room", "ada");
    await clock.run(clock.nowUs + 100_000);
    expect([a.latch.state, b.latch.state]).toEqual(["enabled", "enabled"]);
  }
  expect(a.alarms).toEqual(["TP_LATCH_WRITE", "TP_LATCH_WRITE", "TP_LATCH_WRITE"]);
});

test("a power cut at any operation of trip() and arm() never leaves trading allowed after a trip that was confirmed", async () => {
  let halts = 0;
  for (let seed = 0; seed < 1_000; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    const random = seededStream(seed, "latch");
    const { latch } = await opened(disk);
    await latch.arm("enabled", "go", "ada");
    let mustHalt = false;
    let left = 1 + random.below(40);
    const dark = new Promise<void>((resolve) => {
      disk.onOperation = ({ kind, path }) => {
        if (kind === "rename" && path.endsWith("armed.json")) mustHalt = false;
        left -= 1;
        if (left > 0) return undefined;
        resolve();
        return "power-cut";
      };
    });
    const work = async (): Promise<void> => {
      for (;;) {
        await latch.trip("halted", "loss", "watch");
        mustHalt = true;
        await latch.arm("enabled", "again", "ada");
      }
    };
    void work();
    await dark;
    disk.onOperation = undefined;
    const { state } = (await opened(disk)).latch;
    if (mustHalt) {
      expect(state, `seed ${seed}`).toBe("halted");
      halts += 1;
    }
  }
  expect(halts).toBeGreaterThan(200);
});

test("a file that cannot be read counts as halted, whichever it is", async () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    const { latch } = await opened(disk);
    await latch.arm("enabled", "go", "ada");
    await latch.trip("reduce-only", "r", "w");
    for (const name of disk.list(FOLDER)) disk.find(`${FOLDER}/${name}`)!.truncate(seed);
    expect((await opened(disk)).latch.state).toBe("halted");
  }
});

test("a turned bit never turns a halt into trading", async () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    const { latch } = await opened(disk);
    await latch.arm("enabled", "go", "ada");
    await latch.trip("halted", "loss", "watch");
    const names = disk.list(FOLDER);
    disk.flipBit(`${FOLDER}/${names[seed % names.length]!}`);
    expect((await opened(disk)).latch.state).toBe("halted");
  }
});

test("a file named HALT halts every process, and arm() refuses until it is gone", async () => {
  const disk = new SimDisk(seededStream(4, "disk"));
  const { latch } = await opened(disk);
  await latch.arm("enabled", "go", "ada");
  disk.create(`${FOLDER}/HALT`);
  await latch.poll();
  expect(latch.current).toMatchObject({ state: "halted", by: "operator" });
  await expect(latch.arm("enabled", "go on", "ada")).rejects.toThrow(
    'TP_LATCH_ARM: Cannot arm trading in "/state/latch": a file named "HALT" is there',
  );
  disk.remove(`${FOLDER}/HALT`);
  await latch.arm("enabled", "go on", "ada");
  expect(latch.state).toBe("enabled");
});

test("arm() refuses without a name or a reason", async () => {
  const { latch } = await opened(new SimDisk(seededStream(5, "disk")));
  await expect(latch.arm("enabled", " ", "ada")).rejects.toThrow("TP_LATCH_ARM");
  await expect(latch.arm("enabled", "go", "")).rejects.toThrow("TP_LATCH_ARM");
  expect(latch.state).toBe("halted");
});

test("a process that stood still is halted until it has looked again", async () => {
  const disk = new SimDisk(seededStream(6, "disk"));
  const clock = new SimClock({ seed: 6 });
  const { latch, process } = await opened(disk, clock);
  await latch.arm("enabled", "go", "ada");
  process.pause();
  await clock.run(clock.nowUs + 5_000_000);
  expect(latch.current).toMatchObject({ state: "halted", reason: "the latch was not read for too long" });
  process.resume();
  await clock.run(clock.nowUs + 25_000);
  expect(latch.state).toBe("enabled");
});

test("sendState asks for a look of this moment, and fresh() takes one", async () => {
  const disk = new SimDisk(seededStream(8, "disk"));
  const clock = new SimClock({ seed: 8 });
  const a = await opened(disk, clock);
  const b = await opened(disk, clock);
  await a.latch.arm("enabled", "go", "ada");
  b.process.pause();
  await clock.run(clock.nowUs + 300_000);
  // As it is for one that goes on after a short while, before its timers run.
  expect([b.latch.state, b.latch.sendState]).toEqual(["halted", "halted"]);
  await b.latch.fresh();
  expect([b.latch.state, b.latch.sendState]).toEqual(["enabled", "enabled"]);
  await a.latch.trip("halted", "stop", "ada");
  await clock.run(clock.nowUs + 300_000);
  expect([b.latch.state, b.latch.sendState]).toEqual(["enabled", "halted"]);
  await b.latch.fresh();
  expect([b.latch.state, b.latch.sendState]).toEqual(["halted", "halted"]);
});

test("trip() leaves a bounded number of files", async () => {
  const disk = new SimDisk(seededStream(7, "disk"));
  const { latch } = await opened(disk);
  for (let at = 0; at < 400; at += 1) await latch.trip("halted", "again", "watch");
  expect(disk.list(FOLDER).length).toBeLessThanOrEqual(257);
  await latch.arm("enabled", "mended", "ada");
  expect(disk.list(FOLDER)).toEqual(["armed.json"]);
});

test("arm() stands when what it ended cannot be removed, and such remains never keep a trip from being written", async () => {
  const disk = new SimDisk(seededStream(8, "disk"));
  const { latch } = await opened(disk);
  for (let at = 0; at < 300; at += 1) await latch.trip("halted", "again", "watch");
  disk.onOperation = ({ kind }) => (kind === "remove" ? "EIO" : undefined);
  await latch.arm("enabled", "mended", "ada");
  expect(latch.state).toBe("enabled");
  disk.onOperation = undefined;
  disk.create(`${FOLDER}/HALT`);
  await latch.poll();
  // Halted by the file: the trip must outlive it.
  await latch.trip("halted", "daily loss", "watch");
  disk.remove(`${FOLDER}/HALT`);
  await latch.poll();
  expect(latch.current).toMatchObject({ state: "halted", reason: "daily loss" });
  expect((await opened(disk)).latch.current).toMatchObject({ state: "halted", reason: "daily loss" });
});

interface Opened {
  readonly latch: KillLatch;
  readonly process: SimProcess;
  readonly changes: LatchState[];
  readonly alarms: string[];
}

async function opened(disk: SimDisk, clock = new SimClock({ seed: 1 }), delay?: () => Promise<void>): Promise<Opened> {
  const files = new SimFiles(disk, delay === undefined ? {} : { delay });
  const process = new SimProcess("trader");
  const env = new SimEnv({ clock, process, seed: processes++, files });
  const changes: LatchState[] = [];
  const alarms: string[] = [];
  const opening = openKillLatch({ env, folder: FOLDER, onChange: (now) => changes.push(now), onAlarm: ({ code }) => alarms.push(code) });
  const latch = delay === undefined ? await opening : await inTime(clock, opening);
  return { latch, process, changes, alarms };
}

let processes = 0;

function slow(clock: SimClock, random: RandomStream): () => Promise<void> {
  return () => new Promise((resolve) => clock.after(100 + random.below(5_000), resolve));
}

/** Lets time pass until a promise is settled. */
async function inTime<T>(clock: SimClock, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => {
    isSettled = true;
  });
  settled.catch(() => {});
  while (!isSettled) await clock.run(clock.nowUs + 1_000);
  return settled;
}
