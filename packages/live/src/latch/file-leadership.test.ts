import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@tradepulse/core";
import { realEnv, SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, onTestFinished, test } from "vitest";
import { type LeadershipWorld, leadershipContract } from "../testing/leadership-contract.ts";
import { type FileLeadership, type FileLeadershipOptions, takeFileLeadership } from "./file-leadership.ts";

const ORDER_LIFE_US = 2_000_000;

test("takeFileLeadership() gives a higher epoch each time, at once when the last leader ended in order", async () => {
  const world = new World(1);
  for (let epoch = 1; epoch <= 4; epoch += 1) {
    const beganUs = world.clock.nowUs;
    const leader = await world.take();
    expect([leader.epoch, leader.leads]).toEqual([epoch, true]);
    expect(world.clock.nowUs - beganUs).toBeLessThan(ORDER_LIFE_US);
    await leader.release();
    expect(leader.leads).toBe(false);
  }
});

test("takeFileLeadership() is refused while another process leads", async () => {
  const world = new World(2);
  await world.take();
  const second = await world.begin();
  expect(second).toMatchObject({ ok: false, failure: { code: "TP_LEADER_HELD" } });
});

test("takeFileLeadership() says which process of this machine leads", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tradepulse-leader-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const first = unwrap(await takeFileLeadership({ env: realEnv(), folder, orderLifeUs: 1_000 }));
  const second = await takeFileLeadership({ env: realEnv(), folder, orderLifeUs: 1_000 });
  expect(second).toMatchObject({ ok: false, failure: { details: [["holder", `process ${process.pid} on ${hostname()}`]] } });
  await first.release();
});

test("takeFileLeadership() waits out the orders of a leader that was killed", async () => {
  const world = new World(3);
  await world.take();
  world.kill();
  const beganUs = world.clock.nowUs;
  const leader = await world.take();
  expect(leader.epoch).toBe(2);
  expect(world.clock.nowUs - beganUs).toBeGreaterThanOrEqual(ORDER_LIFE_US);
});

test("abandon() ends the watching and frees the lock, and the next leader waits as after a crash", async () => {
  const world = new World(4);
  const first = await world.take();
  await first.abandon();
  expect(first.leads).toBe(false);
  // Nothing keeps the process alive any more.
  await world.clock.run(world.clock.nowUs + 10_000_000);
  expect(world.clock.pending).toBe(0);
  const beganUs = world.clock.nowUs;
  expect((await world.take()).epoch).toBe(2);
  expect(world.clock.nowUs - beganUs).toBeGreaterThanOrEqual(ORDER_LIFE_US);
});

test("takeFileLeadership() gives no epoch twice, whenever the power goes", async () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const world = new World(seed);
    const random = seededStream(seed, "leader");
    const seen: number[] = [];
    for (let life = 0; life < 5; life += 1) {
      let left = 1 + random.below(16);
      let isDark = false;
      world.disk.onOperation = () => {
        left -= 1;
        isDark ||= left === 0;
        return left === 0 ? "power-cut" : undefined;
      };
      const taking = world.begin();
      let leader: FileLeadership | undefined;
      void taking.then(async (result) => {
        leader = unwrap(result);
        seen.push(leader.epoch);
        if (random.next() < 0.5) await leader.release();
      });
      for (let at = 0; at < 12 && !isDark; at += 1) await world.clock.run(world.clock.nowUs + 400_000);
      world.disk.onOperation = undefined;
      if (!isDark) world.disk.powerCut();
    }
    expect(new Set(seen).size, `seed ${seed}: ${seen.join(" ")}`).toBe(seen.length);
    expect(seen, `seed ${seed}`).toEqual(seen.toSorted((a, b) => a - b));
  }
});

test("takeFileLeadership() goes above an epoch that the journal knows, and waits, when the file is an old copy", async () => {
  const world = new World(5);
  const old = await world.take();
  await old.release();
  const beganUs = world.clock.nowUs;
  const leader = await world.take({ usedEpoch: 7 });
  expect(leader.epoch).toBe(8);
  expect(world.clock.nowUs - beganUs).toBeGreaterThanOrEqual(ORDER_LIFE_US);
});

test("takeFileLeadership() refuses a damaged epoch and frees the lock", async () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const world = new World(seed);
    const leader = await world.take();
    await leader.release();
    world.disk.flipBit("/state/epoch.json");
    const result = await world.begin();
    if (result.ok) expect(result.value.epoch).toBe(2);
    else expect(result.failure.code).toBe("TP_LEADER_EPOCH");
    world.disk.find("/state/epoch.json")!.truncate(0);
    world.disk.find("/state/epoch.json")!.write(0, new TextEncoder().encode('{"epoch":9,"isReleased":false}'));
    if (!result.ok) expect((await world.take()).epoch).toBe(10);
  }
});

test("release() frees the lock also when the disk does not take it: the next leader waits as after a crash", async () => {
  const world = new World(8);
  const first = await world.take();
  let isFull = true;
  world.disk.onOperation = () => {
    const fault = isFull ? "ENOSPC" : undefined;
    isFull = false;
    return fault;
  };
  await expect(first.release()).rejects.toThrow("ENOSPC");
  world.disk.onOperation = undefined;
  expect(first.leads).toBe(false);
  const beganUs = world.clock.nowUs;
  expect((await world.take()).epoch).toBe(2);
  expect(world.clock.nowUs - beganUs).toBeGreaterThanOrEqual(ORDER_LIFE_US);
});

test("a leader that stood still does not lead until it has looked, and never again once another took over", async () => {
  const world = new World(6);
  const lost: number[] = [];
  const first = await world.take({ onLost: (epoch) => lost.push(epoch) });
  const { process } = world;
  process.pause();
  await world.clock.run(world.clock.nowUs + 10_000_000);
  expect(first.leads).toBe(false);
  process.resume();
  await world.clock.run(world.clock.nowUs + 1_000_000);
  expect(first.leads).toBe(true);

  process.pause();
  await world.clock.run(world.clock.nowUs + 1_000_000);
  world.breakLock();
  const second = await world.take();
  // Its orders had as long as the takeover took, and its last look is older than that.
  await world.clock.run(world.clock.nowUs + 1_000_000);
  expect([second.epoch, second.leads, first.leads]).toEqual([2, true, false]);
  process.resume();
  await world.clock.run(world.clock.nowUs + 1_000_000);
  expect([second.leads, first.leads]).toEqual([true, false]);
  expect(lost).toEqual([2]);
});

for (const law of leadershipContract("leadership in files", () => Promise.resolve(new World(7).forLaws()))) test(law.name, law.check);

class World {
  readonly disk: SimDisk;
  readonly clock: SimClock;
  process = new SimProcess("none");
  private files: SimFiles;

  constructor(seed: number) {
    this.disk = new SimDisk(seededStream(seed, "disk"));
    this.clock = new SimClock({ seed });
    this.files = new SimFiles(this.disk);
  }

  /** Tries in a new process. */
  begin(options: Partial<FileLeadershipOptions> = {}): ReturnType<typeof takeFileLeadership> {
    this.files = new SimFiles(this.disk);
    this.process = new SimProcess("trader");
    const env = new SimEnv({ clock: this.clock, process: this.process, seed: 1, files: this.files });
    return takeFileLeadership({ env, folder: "/state", orderLifeUs: ORDER_LIFE_US, ...options });
  }

  async take(options: Partial<FileLeadershipOptions> = {}): Promise<FileLeadership> {
    let taken: Awaited<ReturnType<typeof takeFileLeadership>> | undefined;
    void this.begin(options).then((result) => {
      taken = result;
    });
    while (taken === undefined) await this.clock.run(this.clock.nowUs + 100_000);
    return unwrap(taken);
  }

  /** As the laws of every leadership see it. */
  forLaws(): LeadershipWorld {
    const settled = async <T>(promise: Promise<T>): Promise<T> => {
      let isSettled = false;
      const settle = (): void => {
        isSettled = true;
      };
      promise.then(settle, settle);
      while (!isSettled) await this.clock.run(this.clock.nowUs + 10_000);
      return await promise;
    };
    return {
      nowUs: () => this.clock.nowUs,
      pass: (us) => this.clock.run(this.clock.nowUs + us),
      settled,
      begin: () => {
        const files = new SimFiles(this.disk);
        const process = new SimProcess("trader");
        const env = new SimEnv({ clock: this.clock, process, seed: 1, files });
        return Promise.resolve({
          take: (terms) => takeFileLeadership({ ...terms, env, folder: "/state" }),
          kill: () => {
            files.kill();
            process.kill();
          },
          standStill: () => {
            process.pause();
            this.disk.unlock(files);
          },
          goOn: () => process.resume(),
        });
      },
    };
  }

  kill(): void {
    this.files.kill();
    this.process.kill();
  }

  /** As when somebody removes the lock file by hand. */
  breakLock(): void {
    this.disk.unlock(this.files);
  }
}
