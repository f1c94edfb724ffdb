import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Heart } from "./heart.ts";
import { decodeHeartbeat, encodeHeartbeat, HEARTBEAT_NAME, type Heartbeat, type HeartbeatWords } from "./heartbeat.ts";
import { Pulse } from "./pulse.ts";

const FOLDER = "/account/session";
const TICK_US = 250_000;
const WORDS: HeartbeatWords = { phase: "running", why: "", epoch: 1, state: "enabled", isReady: true, openOrders: 0 };

class Ward {
  readonly clock = new SimClock({ seed: 1 });
  readonly disk = new SimDisk(seededStream(1, "disk"));
  readonly pulse = new Pulse({ env: this.env("watcher"), folder: FOLDER, tickUs: TICK_US });

  env(name: string, process = new SimProcess(name)): SimEnv {
    return new SimEnv({ clock: this.clock, process, seed: 1, files: new SimFiles(this.disk) });
  }

  heart(words: Partial<HeartbeatWords> = {}, process = new SimProcess("trader")): Heart {
    const heart = new Heart({
      env: this.env("trader", process),
      folder: FOLDER,
      intervalUs: 1_000_000,
      tell: () => ({ ...WORDS, ...words }),
      onAlarm: () => undefined,
    });
    heart.start();
    return heart;
  }

  /** Watches for a while. */
  async watch(seconds: number): Promise<number> {
    for (let tick = 0; tick < seconds * 4; tick += 1) {
      await this.clock.run(this.clock.nowUs + TICK_US);
      await this.pulse.tick();
    }
    return this.pulse.silentUs;
  }
}

test("tick() finds a heart that beats alive, and one that stopped silent for as long as it was watched", async () => {
  const ward = new Ward();
  const process = new SimProcess("trader");
  ward.heart({}, process);
  expect(await ward.watch(10)).toBeLessThanOrEqual(1_250_000);
  expect(ward.pulse.isAlive(2_000_000)).toBe(true);
  process.kill();
  const silentUs = await ward.watch(10);
  expect(silentUs).toBeGreaterThan(9_000_000);
  expect(ward.pulse.isAlive(2_000_000)).toBe(false);
});

test("a file that merely lies there proves nothing", async () => {
  const ward = new Ward();
  const process = new SimProcess("trader");
  ward.heart({}, process);
  await ward.clock.run(3_000_000);
  process.kill();
  await ward.watch(1);
  expect(ward.pulse.beat?.phase).toBe("running");
  expect(ward.pulse.isAlive(60_000_000)).toBe(false);
});

test("a file that appears while it is watched for does", async () => {
  const ward = new Ward();
  await ward.watch(2);
  ward.heart();
  await ward.watch(0.25);
  expect(ward.pulse.isAlive(2_000_000)).toBe(true);
});

test("an older file that was put back, and a leader that was overtaken, prove nothing", async () => {
  const ward = new Ward();
  const { files } = ward.env("restorer");
  const path = `${FOLDER}/${HEARTBEAT_NAME}`;
  const old = new SimProcess("old");
  ward.heart({}, old);
  await ward.watch(3);
  const kept = await files.read(path);
  await ward.watch(2);
  old.kill();
  await files.replace(path, kept);
  expect(await ward.watch(5)).toBeGreaterThan(4_000_000);
  ward.heart({ epoch: 2 });
  expect(await ward.watch(2)).toBeLessThan(2_000_000);
  expect(ward.pulse.beat?.epoch).toBe(2);
  const beat = decodeHeartbeat(kept)!;
  await files.replace(path, encodeHeartbeat({ ...beat, count: 99 }));
  await ward.pulse.tick();
  expect(ward.pulse.beat?.epoch).toBe(2);
});

test("the last beat says how it ended, whatever is being written at that moment", async () => {
  const ward = new Ward();
  let phase: HeartbeatWords["phase"] = "running";
  const heart = new Heart({
    env: ward.env("trader"),
    folder: FOLDER,
    intervalUs: 1_000_000,
    tell: () => ({ ...WORDS, phase }),
    onAlarm: () => undefined,
  });
  heart.start();
  phase = "stopped";
  await heart.end();
  await ward.watch(3);
  expect(ward.pulse.beat?.phase).toBe("stopped");
});

test("decodeHeartbeat() takes every beat back, and no beat with a turned bit or a cut end", () => {
  const beats: fc.Arbitrary<Heartbeat> = fc.record({
    phase: fc.constantFrom("starting", "running", "stopping", "stopped", "failed"),
    why: fc.string({ unit: "grapheme" }),
    epoch: fc.nat(),
    state: fc.constantFrom("enabled", "reduce-only", "halted"),
    isReady: fc.boolean(),
    openOrders: fc.nat(),
    life: fc.string(),
    count: fc.nat(),
    intervalUs: fc.nat(),
    atUs: fc.integer(),
  });
  fc.assert(
    fc.property(beats, fc.nat(), fc.nat(7), (beat, at, bit) => {
      const bytes = encodeHeartbeat(beat);
      expect(decodeHeartbeat(bytes)).toEqual(beat);
      expect(decodeHeartbeat(bytes.subarray(0, at % bytes.length))).toBeUndefined();
      const turned = bytes.slice();
      turned[at % bytes.length]! ^= 1 << bit;
      const read = decodeHeartbeat(turned);
      // A bit may turn one escape of the same text into another; what is read is the same then.
      if (read !== undefined) expect(read).toEqual(beat);
    }),
  );
});
