import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileOperation, realEnv, SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { afterAll, describe, expect, test } from "vitest";
import { readJournal } from "../recovery/read-journal.ts";
import { journalContract } from "../testing/journal-contract.ts";
import { type FileJournalOptions, openFileJournal } from "./file-journal.ts";
import type { JournalRecord } from "./journal.ts";

const root = mkdtempSync(join(tmpdir(), "tradepulse-journal-"));
afterAll(() => rmSync(root, { recursive: true }));
let places = 0;

const SMALL = { segmentBytes: 4_096, roomBytes: 1_024 };

describe("contract", () => {
  const laws = [
    ...journalContract("file journal in real files", () => {
      const env = realEnv();
      const folder = join(root, String(places++));
      return Promise.resolve({ open: () => openFileJournal({ env, folder }) });
    }),
    ...journalContract("file journal in small real segments", () => {
      const env = realEnv();
      const folder = join(root, String(places++));
      return Promise.resolve({ open: () => openFileJournal({ env, folder, ...SMALL }) });
    }),
    ...journalContract("file journal on a simulated disk", () => {
      const world = simulatedWorld(1);
      return Promise.resolve({ open: () => openFileJournal({ env: world.env(), folder: "/journal", ...SMALL }) });
    }),
  ];
  for (const law of laws) test(law.name, law.check);
});

test("append() never waits: records that come during a sync go with the next one", async () => {
  const { journal, operations, release } = await withSlowSync();
  journal.append("metadata", { at: 0 });
  await turn();
  for (let at = 1; at <= 1_000; at += 1) journal.append("metadata", { at });
  expect(journal.lastSeq).toBe(1_001);
  expect(journal.durableSeq).toBe(0);
  release();
  await journal.durable(1_001);
  expect(operations.filter(({ kind }) => kind === "sync")).toHaveLength(2);
  expect(operations.filter(({ kind }) => kind === "write")).toHaveLength(2);
});

test("append() refuses at the cap of its queue, and new risk from half of it on", async () => {
  const { journal, release, alarms } = await withSlowSync({ queueBytes: 10_000 });
  journal.append("metadata", { at: 0 });
  await turn();
  const payload = { text: "x".repeat(980) };
  for (let at = 0; at < 5; at += 1) journal.append("metadata", payload);
  expect(journal.refusal?.code).toBe("TP_JOURNAL_BEHIND");
  for (let at = 0; at < 5; at += 1) journal.append("metadata", payload);
  expect(() => journal.append("metadata", payload)).toThrow(
    /^TP_JOURNAL_BEHIND: Cannot take new risk on journal "\/journal": \d+ bytes wait/,
  );
  expect(journal.lastSeq).toBe(11);
  expect(alarms).toEqual(["TP_JOURNAL_BEHIND"]);
  release();
  await journal.durable(11);
  expect(journal.refusal).toBeUndefined();
  expect(journal.append("metadata", payload)).toBe(12);
});

test("a sync that fails once ends the journal for good, and what was durable stays", async () => {
  const world = simulatedWorld(3);
  const alarms: string[] = [];
  const journal = await openFileJournal({ env: world.env(), folder: "/journal", onAlarm: ({ code }) => alarms.push(code) });
  await journal.durable(journal.append("intent", { at: 1 }));
  let isFailing = true;
  world.disk.onOperation = ({ kind }) => {
    if (kind !== "sync" || !isFailing) return undefined;
    isFailing = false;
    return "EIO";
  };
  await expect(journal.durable(journal.append("intent", { at: 2 }))).rejects.toThrow("TP_JOURNAL_DEAD");
  expect(() => journal.append("intent", { at: 3 })).toThrow("TP_JOURNAL_DEAD");
  await expect(journal.durable(2)).rejects.toThrow("TP_JOURNAL_DEAD");
  await journal.durable(1);
  expect(journal.refusal?.code).toBe("TP_JOURNAL_DEAD");
  expect(alarms).toEqual(["TP_JOURNAL_DEAD"]);
  await expect(journal.close()).rejects.toThrow("TP_JOURNAL_DEAD");
  world.disk.powerCut();
  const found = await readAll(world);
  expect(found[0]).toEqual({ seq: 1, kind: "intent", payload: { at: 1 } });
});

test("what a start reads after a failed sync outlives a power cut", async () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const world = simulatedWorld(seed);
    const journal = await openFileJournal({ env: world.env(), folder: "/journal", roomBytes: 8_192 });
    for (let at = 0; at < 10; at += 1) await journal.durable(journal.append("intent", { at, text: "x".repeat(200) }));
    world.disk.onOperation = ({ kind }) => (kind === "sync" ? "EIO" : undefined);
    for (let at = 10; at < 20; at += 1) journal.append("intent", { at, text: "x".repeat(200) });
    await expect(journal.durable(20)).rejects.toThrow("TP_JOURNAL_DEAD");
    world.disk.onOperation = undefined;
    world.kill();
    const seen = await readAll(world);
    expect(seen.length).toBe(20);
    world.disk.powerCut();
    expect(await readAll(world)).toEqual(seen);
  }
});

test("a full disk stops new risk, raises one alarm, and loses nothing once there is room", async () => {
  const world = simulatedWorld(4);
  const alarms: string[] = [];
  const journal = await openFileJournal({ env: world.env(), folder: "/journal", ...SMALL, onAlarm: ({ code }) => alarms.push(code) });
  world.disk.capacityBytes = 6_000;
  const payload = { text: "x".repeat(480) };
  let acknowledged = 0;
  for (let at = 0; at < 12; at += 1) {
    const seq = journal.append("metadata", payload);
    void journal.durable(seq).then(() => {
      acknowledged = seq;
    });
    await world.clock.run(world.clock.nowUs + 50_000);
  }
  expect(journal.refusal?.code).toBe("TP_JOURNAL_DISK_FULL");
  expect(alarms).toEqual(["TP_JOURNAL_DISK_FULL"]);
  expect(acknowledged).toBeGreaterThan(0);
  expect(acknowledged).toBeLessThan(12);
  world.disk.capacityBytes = 1_000_000;
  await world.clock.run(world.clock.nowUs + 1_000_000);
  expect(acknowledged).toBe(12);
  expect(journal.refusal).toBeUndefined();
  await journal.close();
  expect(await readAll(world)).toHaveLength(12);
});

test("close() on a full disk says what was lost, and the rest is there at the next start", async () => {
  const world = simulatedWorld(5);
  const journal = await openFileJournal({ env: world.env(), folder: "/journal", ...SMALL });
  await journal.durable(journal.append("metadata", { at: 1 }));
  world.disk.onOperation = ({ kind }) => (kind === "write" ? "ENOSPC" : undefined);
  const waiting = journal.durable(journal.append("metadata", { at: 2 }));
  await turn();
  const closing = expect(journal.close()).rejects.toThrow("TP_JOURNAL_DEAD");
  await expect(waiting).rejects.toThrow("TP_JOURNAL_DEAD");
  await closing;
  world.disk.onOperation = undefined;
  expect((await readAll(world))[0]?.payload).toEqual({ at: 1 });
});

test("openFileJournal() refuses a full disk in words", async () => {
  const world = simulatedWorld(6);
  world.disk.capacityBytes = 100;
  await expect(openFileJournal({ env: world.env(), folder: "/journal" })).rejects.toThrow("TP_JOURNAL_DISK_FULL");
});

test("openFileJournal() starts at a snapshot without the segments that it covers", async () => {
  const world = simulatedWorld(7);
  const journal = await openFileJournal({ env: world.env(), folder: "/journal", ...SMALL });
  for (let at = 1; at <= 40; at += 1) await journal.durable(journal.append("metadata", { at, text: "x".repeat(400) }));
  await journal.close();
  world.disk.remove("/journal/0000000000000001.journal");
  await expect(openFileJournal({ env: world.env(), folder: "/journal" })).rejects.toThrow(/TP_JOURNAL_GAP: .* it begins with record 9,/);
  const again = await openFileJournal({ env: world.env(), folder: "/journal", fromSeq: 21 });
  const seqs: number[] = [];
  for await (const { seq } of again.records(21)) seqs.push(seq);
  expect(seqs).toEqual(Array.from({ length: 20 }, (_, at) => 21 + at));
  await again.close();
});

interface World {
  readonly disk: SimDisk;
  readonly clock: SimClock;
  /** A world for a new process on the same disk. */
  env(): SimEnv;
  kill(): void;
}

function simulatedWorld(seed: number): World {
  const disk = new SimDisk(seededStream(seed, "disk"));
  const clock = new SimClock({ seed });
  let files = new SimFiles(disk);
  let process = new SimProcess("trader");
  return {
    disk,
    clock,
    env: () => {
      files = new SimFiles(disk);
      process = new SimProcess("trader");
      return new SimEnv({ clock, process, seed, files });
    },
    kill: () => {
      files.kill();
      process.kill();
    },
  };
}

test("archiveBefore() puts away whole segments before a record, and every reader still finds them", async () => {
  const world = simulatedWorld(8);
  const journal = await openFileJournal({ env: world.env(), folder: "/journal", ...SMALL });
  for (let at = 1; at <= 40; at += 1) await journal.durable(journal.append("metadata", { at, text: "x".repeat(400) }));
  const before = world.disk.list("/journal");
  await journal.archiveBefore(before.length > 2 ? 20 : 1);
  const archived = world.disk.list("/journal/archive");
  const left = world.disk.list("/journal").filter((name) => name !== "archive");
  expect([...archived, ...left]).toEqual(before);
  expect(archived.length).toBeGreaterThan(0);
  expect(Number(left[0]!.slice(0, 16))).toBeLessThanOrEqual(20);
  expect(Number(left[1]!.slice(0, 16))).toBeGreaterThan(20);
  const all = Array.from({ length: 40 }, (_, at) => 1 + at);
  const seqsOf = async (records: AsyncIterable<JournalRecord>): Promise<number[]> => {
    const seqs: number[] = [];
    for await (const { seq } of records) seqs.push(seq);
    return seqs;
  };
  expect(await seqsOf(journal.records())).toEqual(all);
  // The last segment holds records that are not whole: it stays, whatever is asked for.
  await journal.archiveBefore(1_000);
  expect(world.disk.list("/journal")).toHaveLength(2);
  await journal.close();
  expect(await seqsOf(readJournal(world.env().files, "/journal"))).toEqual(all);
  expect(await seqsOf(readJournal(world.env().files, "/journal", 33))).toEqual(all.slice(32));
  const again = await openFileJournal({ env: world.env(), folder: "/journal", ...SMALL });
  expect(again.lastSeq).toBe(40);
  expect(await seqsOf(again.records(12))).toEqual(all.slice(11));
  await again.close();
});

async function withSlowSync(options: Partial<FileJournalOptions> = {}) {
  const operations: FileOperation[] = [];
  let isSlow = false;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const disk = new SimDisk(seededStream(1, "disk"));
  const files = new SimFiles(disk, {
    delay: (operation) => {
      if (isSlow) operations.push(operation);
      return isSlow && operation.kind === "sync" ? held : Promise.resolve();
    },
  });
  const env = new SimEnv({ clock: new SimClock({ seed: 1 }), process: new SimProcess("trader"), seed: 1, files });
  const alarms: string[] = [];
  const journal = await openFileJournal({ env, folder: "/journal", onAlarm: ({ code }) => alarms.push(code), ...options });
  isSlow = true;
  return { journal, operations, release, alarms };
}

async function readAll(world: World): Promise<JournalRecord[]> {
  const journal = await openFileJournal({ env: world.env(), folder: "/journal", ...SMALL });
  const found: JournalRecord[] = [];
  for await (const record of journal.records()) found.push(record);
  return found;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
