import { FailureError } from "@tradepulse/core";
import {
  type Env,
  type Files,
  type RandomStream,
  SimClock,
  SimDisk,
  SimEnv,
  SimFiles,
  SimProcess,
  seededStream,
} from "@tradepulse/platform";
import { expect, test } from "vitest";
import { type FileJournal, openFileJournal } from "./file-journal.ts";

const FOLDER = "/journal";
const SIZES = { segmentBytes: 3_000, roomBytes: 1_024 };

/** What was appended in truth, and how much of it was called durable. */
interface Truth {
  readonly texts: string[];
  acknowledged: number;
}

test("after a power cut at any file operation the journal is a prefix that holds every acknowledged record", async () => {
  let cuts = 0;
  let lostTails = 0;
  for (let seed = 0; seed < 800; seed += 1) {
    const random = seededStream(seed, "crash");
    const disk = new SimDisk(seededStream(seed, "disk"));
    const truth: Truth = { texts: [], acknowledged: 0 };
    for (let life = 0; life < 4; life += 1) {
      const before = truth.texts.length;
      if (await liveUntilPowerCut(disk, truth, random)) cuts += 1;
      lostTails += await expectPrefix(disk, truth, seed, before);
    }
  }
  // Cuts that hit nothing would prove nothing.
  expect(cuts).toBeGreaterThan(2_500);
  expect(lostTails).toBeGreaterThan(500);
}, 60_000);

test("after kill -9 at any file operation everything that was written is there", async () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const random = seededStream(seed, "kill");
    const disk = new SimDisk(seededStream(seed, "disk"));
    const truth: Truth = { texts: [], acknowledged: 0 };
    const files = new SimFiles(disk);
    let left = 3 + random.below(60);
    const dead = new Promise<void>((resolve) => {
      disk.onOperation = () => {
        left -= 1;
        if (left === 0) {
          files.kill();
          resolve();
        }
        return undefined;
      };
    });
    await Promise.race([work(files, truth, random), dead]);
    disk.onOperation = undefined;
    await turn();
    await expectPrefix(disk, truth, seed, 0);
  }
}, 60_000);

test("after failing writes, syncs and full disks at random, and a power cut, the prefix holds", async () => {
  let deaths = 0;
  for (let seed = 0; seed < 600; seed += 1) {
    const random = seededStream(seed, "faults");
    const disk = new SimDisk(seededStream(seed, "disk"));
    const truth: Truth = { texts: [], acknowledged: 0 };
    for (let life = 0; life < 3; life += 1) {
      const files = new SimFiles(disk);
      const faultShare = random.next() * 0.1;
      disk.onOperation = () => (random.next() < faultShare ? (random.next() < 0.5 ? "EIO" : "ENOSPC") : undefined);
      try {
        await work(files, truth, random, 40);
      } catch (error) {
        // A read that fails at the start ends in the system's own error; everything else in a coded failure.
        if (error instanceof FailureError && error.failure.code === "TP_JOURNAL_DEAD") deaths += 1;
      }
      await turn();
      disk.onOperation = undefined;
      if (random.next() < 0.5) disk.powerCut();
      else files.kill();
      await expectPrefix(disk, truth, seed, 0);
    }
  }
  expect(deaths).toBeGreaterThan(200);
}, 60_000);

test("a bit that turns in a closed journal is refused by segment and offset, or has touched no record", async () => {
  let refusals = 0;
  for (let seed = 0; seed < 400; seed += 1) {
    const random = seededStream(seed, "rot");
    const disk = new SimDisk(seededStream(seed, "disk"));
    const truth: Truth = { texts: [], acknowledged: 0 };
    await work(new SimFiles(disk), truth, random, 30);
    const segments = segmentPaths(disk);
    const path = segments[random.below(segments.length)]!;
    const segment = path.slice(path.lastIndexOf("/") + 1);
    const position = disk.flipBit(path);
    try {
      await expectPrefix(disk, truth, seed, 0);
      expect(truth.texts.length).toBe(truth.acknowledged);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      refusals += 1;
      expect(error.failure.code).toBe("TP_JOURNAL_CORRUPT");
      const where = /segment "(\d{16}\.journal)" is damaged at byte (\d+)/.exec(error.failure.message)!;
      expect(where[1]).toBe(segment);
      expect(Number(where[2])).toBeLessThanOrEqual(position);
    }
  }
  expect(refusals).toBeGreaterThan(200);
}, 60_000);

test("a segment that is missing, shortened or put back from an old copy is refused", async () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const random = seededStream(seed, "wrong files");
    const disk = new SimDisk(seededStream(seed, "disk"));
    const truth: Truth = { texts: [], acknowledged: 0 };
    await work(new SimFiles(disk), truth, random, 60);
    const segments = segmentPaths(disk);
    if (segments.length < 3) continue;
    const path = segments[1 + random.below(segments.length - 2)]!;
    if (seed % 2 === 0) disk.remove(path);
    else disk.find(path)!.truncate(random.below(600));
    await expect(openFileJournal({ env: envOf(new SimFiles(disk), new SimClock({ seed })), folder: FOLDER })).rejects.toThrow(
      "TP_JOURNAL_CORRUPT",
    );
  }
});

test.each([
  ["EIO", "TP_JOURNAL_DEAD", "TP_JOURNAL_DEAD"],
  ["ENOSPC", "durable", "TP_JOURNAL_DISK_FULL"],
] as const)("a write and sync in one call that fails with %s comes to %s, though the next would succeed", async (code, outcome, alarm) => {
  const disk = new SimDisk(seededStream(1, "disk"));
  const clock = new SimClock({ seed: 1 });
  const alarms: string[] = [];
  const env = withSyncedWrites(envOf(new SimFiles(disk), clock));
  const journal = await openFileJournal({ env, folder: FOLDER, onAlarm: (failure) => void alarms.push(failure.code) });
  let writes = 0;
  disk.onOperation = ({ kind }) => {
    if (kind !== "write") return undefined;
    writes += 1;
    return writes === 1 ? code : undefined;
  };
  journal.append("metadata", { text: "1" });
  const told = journal.durable(1).then(
    () => "durable",
    (error: unknown) => (error as FailureError).failure.code,
  );
  await clock.run(clock.nowUs + 1_000_000);
  expect([await told, alarms]).toEqual([outcome, [alarm]]);
});

/** Opens and works until the power goes at a random operation. False when the work ended first. */
async function liveUntilPowerCut(disk: SimDisk, truth: Truth, random: RandomStream): Promise<boolean> {
  const files = new SimFiles(disk);
  let left = 1 + random.below(80);
  let isCut = false;
  const dark = new Promise<void>((resolve) => {
    disk.onOperation = () => {
      left -= 1;
      if (left > 0) return undefined;
      isCut = true;
      resolve();
      return "power-cut";
    };
  });
  await Promise.race([work(files, truth, random), dark]);
  disk.onOperation = undefined;
  await turn();
  return isCut;
}

/** Appends bursts, waits for some of them, and now and then lets time pass, then closes. */
async function work(files: SimFiles, truth: Truth, random: RandomStream, bursts = 200): Promise<void> {
  const clock = new SimClock({ seed: random.below(1_000_000) });
  // Half of all lives write as on a system that has one call for write and sync.
  const env = random.below(2) === 0 ? envOf(files, clock) : withSyncedWrites(envOf(files, clock));
  const journal = await openFileJournal({ env, folder: FOLDER, ...SIZES });
  for (let burst = 0; burst < bursts; burst += 1) {
    // A process that is gone appends nothing more: its texts would stand among those of the next one.
    if (files.isGone) return;
    for (let count = random.below(5); count >= 0; count -= 1) appendOne(journal, truth, random);
    // Segments are put away while others are written, as after a snapshot.
    if (random.next() < 0.1) await journal.archiveBefore(1 + random.below(journal.durableSeq + 1));
    const seq = journal.lastSeq;
    let isSettled = false;
    const durable = journal
      .durable(seq)
      .then(() => {
        truth.acknowledged = Math.max(truth.acknowledged, seq);
      })
      .finally(() => {
        isSettled = true;
      });
    durable.catch(() => {});
    if (random.next() < 0.6) {
      // A full disk is tried again, and marks are written, as time passes.
      while (!isSettled && !files.isGone) await clock.run(clock.nowUs + 400_000);
      await durable;
    }
  }
  await journal.close();
  truth.acknowledged = truth.texts.length;
}

function appendOne(journal: FileJournal, truth: Truth, random: RandomStream): void {
  const text = `${truth.texts.length + 1}:${"abcdefgh"[random.below(8)]!.repeat(random.below(random.next() < 0.1 ? 1_500 : 200))}`;
  journal.append("metadata", { text });
  truth.texts.push(text);
}

/** Opens the journal as the next start does, and takes what it finds for the truth from now on. Returns how many records were lost. */
async function expectPrefix(disk: SimDisk, truth: Truth, seed: number, before: number): Promise<number> {
  const journal = await openFileJournal({ env: envOf(new SimFiles(disk), new SimClock({ seed })), folder: FOLDER, ...SIZES });
  const found: string[] = [];
  for await (const { payload } of journal.records()) found.push(String(payload["text"]));
  await journal.close();
  expect(found.length, `seed ${seed}: records found, ${truth.acknowledged} were acknowledged`).toBeGreaterThanOrEqual(truth.acknowledged);
  expect(found, `seed ${seed}`).toEqual(truth.texts.slice(0, found.length));
  const lost = truth.texts.length - found.length;
  expect(lost, `seed ${seed}: records lost of this life`).toBeLessThanOrEqual(truth.texts.length - before);
  truth.texts.length = found.length;
  truth.acknowledged = found.length;
  return lost > 0 ? 1 : 0;
}

/** Segments in order, those put away first. */
function segmentPaths(disk: SimDisk): readonly string[] {
  const archived = disk.list(`${FOLDER}/archive`).map((name) => `${FOLDER}/archive/${name}`);
  const left = disk.list(FOLDER).filter((name) => name.endsWith(".journal"));
  return [...archived, ...left.map((name) => `${FOLDER}/${name}`)];
}

function envOf(files: SimFiles, clock: SimClock): SimEnv {
  return new SimEnv({ clock, process: new SimProcess("trader"), seed: 1, files });
}

/** The same surroundings with files that have `writeSynced`. */
function withSyncedWrites(env: SimEnv): Env {
  const { files } = env;
  const synced: Files = {
    open: async (path) => {
      const handle = await files.open(path);
      return {
        size: () => handle.size(),
        readAt: (position, length) => handle.readAt(position, length),
        writeAt: (position, bytes) => handle.writeAt(position, bytes),
        allocate: (length) => handle.allocate(length),
        truncate: (length) => handle.truncate(length),
        sync: () => handle.sync(),
        close: () => handle.close(),
        writeSynced: async (position, bytes) => {
          await handle.writeAt(position, bytes);
          await handle.sync();
        },
      };
    },
    read: (path) => files.read(path),
    replace: (path, bytes) => files.replace(path, bytes),
    move: (from, to) => files.move(from, to),
    list: (folder) => files.list(folder),
    makeFolder: (folder) => files.makeFolder(folder),
    remove: (path) => files.remove(path),
    syncFolder: (folder) => files.syncFolder(folder),
    lock: (path) => files.lock(path),
  };
  return Object.create(env, { files: { value: synced } }) as Env;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
