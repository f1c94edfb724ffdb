import { type FileFault, SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { openFileJournal } from "../journal/file-journal.ts";
import { readJournal } from "../recovery/read-journal.ts";
import { recover } from "../recovery/recover.ts";
import { commandOf, type ReadRecord } from "../recovery/replay.ts";
import { SessionFold } from "../recovery/session-fold.ts";
import { followedJournal } from "../runner/followed-journal.ts";
import { type StartedSession, startSession } from "../runner/session-start.ts";
import { RANDOM_PLANS, RandomSession, randomSessionEngine } from "../testing/random-session.ts";
import { fileSnapshots } from "./file-snapshots.ts";
import { stateDigest } from "./session-snapshot.ts";
import { SnapshotKeeper } from "./snapshot-keeper.ts";

const ABOUT = { session: "s", strategy: "dice", codeDigest: null, engineVersion: "" };
const SNAPSHOTS = "/session/snapshots";
const JOURNAL = "/session/journal";
const SIZES = { segmentBytes: 6_000, roomBytes: 2_048 };

/** Where an operation of the disk stands in the life of a snapshot. */
const STEPS = ["journal", "partial", "move", "remove", "archive"] as const;
type Step = (typeof STEPS)[number];

function stepOf(kind: string, path: string): Step {
  if (path.includes("/archive")) return "archive";
  if (!path.startsWith(SNAPSHOTS)) return "journal";
  return kind === "remove" ? "remove" : kind === "rename" || kind === "sync-folder" ? "move" : "partial";
}

/** A session that takes snapshots as often as it can, until its disk stops it; each operation of the disk is asked about. */
async function liveUntil(disk: SimDisk, seed: number, fault: (step: Step) => FileFault | undefined): Promise<void> {
  const clock = new SimClock({ seed });
  const env = envOf(disk, clock);
  const dark = new Promise<void>((resolve) => {
    disk.onOperation = ({ kind, path }) => {
      const found = fault(stepOf(kind, path));
      if (found === "power-cut") resolve();
      return found;
    };
  });
  const work = async (): Promise<void> => {
    const journal = followedJournal(await openFileJournal({ env, folder: JOURNAL, ...SIZES }));
    const fold = new SessionFold(RANDOM_PLANS);
    journal.follow(fold);
    const session = new RandomSession(seed, (kind, payload) => journal.append(kind, payload));
    const { engine, driver } = session;
    const store = fileSnapshots(env, SNAPSHOTS);
    const parts = { env, store, journal, engine, driver, fold, about: ABOUT, epoch: 1, everyRecords: 20, everyUs: 1e12, keep: 2 };
    const keeper = new SnapshotKeeper({ ...parts, onAlarm: () => undefined });
    keeper.start();
    for (let step = 0; step < 150; step += 1) {
      session.step();
      await clock.run(clock.nowUs + 300_000);
    }
    let isOver = false;
    const ending = keeper.last().finally(() => {
      isOver = true;
    });
    while (!isOver) await clock.run(clock.nowUs + 100_000);
    await ending;
    await journal.close();
  };
  await Promise.race([work().catch(() => undefined), dark]);
  disk.onOperation = undefined;
  await new Promise((resolve) => setImmediate(resolve));
}

function envOf(disk: SimDisk, clock: SimClock): SimEnv {
  return new SimEnv({ clock, process: new SimProcess("trader"), seed: 1, files: new SimFiles(disk) });
}

/** Starts as the next process does, and compares with a start that knows nothing of snapshots. */
async function expectSameStart(
  disk: SimDisk,
  seed: number,
  what: string,
): Promise<StartedSession & { readonly alarms: readonly string[] }> {
  const env = envOf(disk, new SimClock({ seed }));
  const alarms: string[] = [];
  const started = await startSession({
    snapshots: fileSnapshots(env, SNAPSHOTS),
    about: ABOUT,
    plans: RANDOM_PLANS,
    open: (fromSeq) => openFileJournal({ env, folder: JOURNAL, ...SIZES, fromSeq }),
    make: () => ({ ...randomSessionEngine(seed), failure: () => undefined }),
    onAlarm: (text) => alarms.push(text),
  });
  await started.journal.close();
  const records: ReadRecord[] = [];
  for await (const each of readJournal(env.files, JOURNAL)) records.push(each);
  const { engine, driver } = randomSessionEngine(seed);
  const fold = new SessionFold(RANDOM_PLANS);
  const plan = recover(records, engine, driver, RANDOM_PLANS);
  for (const record of records) {
    fold.take(record);
    if (record.kind === "command") fold.decided(commandOf(record.payload));
  }
  for (const { command } of plan.replay.unrecorded) fold.decided(command);
  const state = { engine: driver.carry(), session: fold.carry(engine.openOrderIds()) };
  const found = { engine: started.driver.carry(), session: started.fold.carry(started.engine.openOrderIds()) };
  expect(stateDigest(found), what).toBe(stateDigest(state));
  const planOf = ({ neverSent, unknown, cancels, orders, readUpTo, lastCloseUs }: typeof plan) => {
    return { neverSent, unknown, cancels, orders, readUpTo, lastCloseUs };
  };
  expect(planOf(started.plan), what).toEqual(planOf(plan));
  expect(started.plan.replay.divergences, what).toEqual([]);
  return { ...started, alarms };
}

test("whenever the power goes while snapshots are taken, kept and segments put away, the next start comes to what the journal says", async () => {
  const cutIn = new Map<Step, number>();
  let fromSnapshot = 0;
  for (let seed = 0; seed < 120; seed += 1) {
    const random = seededStream(seed, "cut");
    const disk = new SimDisk(seededStream(seed, "disk"));
    // Aimed at each step alike: most of what a disk does is the journal, and most of a snapshot is its bytes.
    const aim = STEPS[seed % STEPS.length]!;
    let left = 1 + random.below({ journal: 400, partial: 100, move: 8, remove: 2, archive: 6 }[aim]);
    let cut: Step | undefined;
    await liveUntil(disk, seed, (step) => {
      if (step === aim) left -= 1;
      if (left > 0) return undefined;
      cut ??= step;
      return "power-cut";
    });
    if (cut !== undefined) cutIn.set(cut, (cutIn.get(cut) ?? 0) + 1);
    const started = await expectSameStart(disk, seed, `seed ${seed}, cut in ${cut ?? "nothing"}`);
    // A cut leaves no snapshot that must not be believed.
    expect(started.alarms, `seed ${seed}, cut in ${cut ?? "nothing"}`).toEqual([]);
    if (started.fromSeq > 0) fromSnapshot += 1;
  }
  for (const step of STEPS) expect(cutIn.get(step), step).toBeGreaterThan(8);
  expect(fromSnapshot).toBeGreaterThan(50);
}, 120_000);

test("a disk that is full or fails at any step of a snapshot costs nothing but a longer start", async () => {
  let faults = 0;
  for (let seed = 0; seed < 40; seed += 1) {
    const random = seededStream(seed, "faults");
    const disk = new SimDisk(seededStream(seed, "disk"));
    await liveUntil(disk, seed, (step) => {
      // The journal itself is tested beside its own file.
      if (step === "journal" || random.next() > 0.15) return undefined;
      faults += 1;
      return random.next() < 0.5 ? "ENOSPC" : "EIO";
    });
    await expectSameStart(disk, seed, `seed ${seed}`);
  }
  expect(faults).toBeGreaterThan(60);
}, 120_000);
