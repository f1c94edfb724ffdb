import type { CarriedState } from "@tradepulse/core";
import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import type { CarriedSession } from "../recovery/session-fold.ts";
import { fileSnapshots } from "./file-snapshots.ts";
import { notOurs, readSnapshot, type SessionState, type SnapshotHead, snapshotParts, stateDigest } from "./session-snapshot.ts";

const FOLDER = "/session/snapshots";
const ABOUT = { session: "s", strategy: "busy", codeDigest: "abc", engineVersion: "1" };

/** Only the form matters here: plain data with columns. */
function stateOf(seq: number): SessionState {
  const engine = { lastSeq: seq, account: { reserved: Number.NaN }, series: [Float64Array.from({ length: 700 }, (_, k) => seq + k)] };
  return { engine: engine as unknown as CarriedState, session: { epoch: 3, orders: Float64Array.of(-0, 1) } as unknown as CarriedSession };
}

function headOf(seq: number): SnapshotHead {
  return { seq, epoch: 3, takenUs: 5, about: ABOUT };
}

function envOf(disk: SimDisk): SimEnv {
  return new SimEnv({ clock: new SimClock({ seed: 1 }), process: new SimProcess("trader"), seed: 1, files: new SimFiles(disk) });
}

async function write(disk: SimDisk, seq: number): Promise<string> {
  let digest = "";
  const parts = snapshotParts(
    headOf(seq),
    stateOf(seq),
    () => Promise.resolve(),
    (found) => {
      digest = found;
    },
  );
  await fileSnapshots(envOf(disk), FOLDER).write(seq, parts);
  return digest;
}

const sizes = async (seq: number): Promise<number> => {
  let size = 0;
  for await (const part of snapshotParts(
    headOf(seq),
    stateOf(seq),
    () => Promise.resolve(),
    () => undefined,
  ))
    size += part.length;
  return size;
};

test("a snapshot is read back as it was written, with the digest of its state", async () => {
  const disk = new SimDisk(seededStream(1, "disk"));
  const digest = await write(disk, 10);
  await write(disk, 20);
  const store = fileSnapshots(envOf(disk), FOLDER);
  expect(await store.list()).toEqual([20, 10]);
  expect(readSnapshot(await store.read(10), 10)).toEqual({ ok: true, value: { head: headOf(10), state: stateOf(10), digest } });
  expect(digest).toBe(stateDigest(stateOf(10)));
  await store.remove(10);
  expect(await store.list()).toEqual([20]);
});

test("whenever the power goes while one is written, the older one is there and the new one is whole or absent", async () => {
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 300; seed += 1) {
    const random = seededStream(seed, "cut");
    const disk = new SimDisk(seededStream(seed, "disk"));
    await write(disk, 10);
    let left = 1 + random.below(14);
    let isCut = false;
    const dark = new Promise<void>((resolve) => {
      disk.onOperation = () => {
        left -= 1;
        if (left !== 0) return undefined;
        isCut = true;
        resolve();
        return "power-cut";
      };
    });
    await Promise.race([write(disk, 20), dark]);
    disk.onOperation = undefined;
    const store = fileSnapshots(envOf(disk), FOLDER);
    const seqs = await store.list();
    for (const seq of seqs) expect(readSnapshot(await store.read(seq), seq).ok, `seed ${seed}, snapshot ${seq}`).toBe(true);
    expect(seqs).toContain(10);
    outcomes.add(`${isCut} ${seqs.join()}`);
    // What the cut left is no hindrance for the next one.
    await write(disk, 30);
    expect((await store.list())[0]).toBe(30);
  }
  expect([...outcomes].toSorted()).toEqual(["false 20,10", "true 10", "true 20,10"]);
});

test("a full disk or a failing one keeps nothing of a snapshot, and the journal's room is given back", async () => {
  for (const fault of ["ENOSPC", "EIO"] as const) {
    for (let at = 1; at <= 12; at += 1) {
      const disk = new SimDisk(seededStream(at, "disk"));
      await write(disk, 10);
      disk.capacityBytes = 1e6;
      const free = disk.freeBytes;
      let left = at;
      let failed = false;
      disk.onOperation = () => {
        left -= 1;
        failed ||= left === 0;
        return left === 0 ? fault : undefined;
      };
      const result = await write(disk, 20).then(
        () => "written",
        () => "refused",
      );
      disk.onOperation = undefined;
      const seqs = await fileSnapshots(envOf(disk), FOLDER).list();
      if (result === "refused" && !seqs.includes(20)) expect(disk.freeBytes, `${fault} at ${at}`).toBe(free);
      for (const seq of seqs)
        expect(readSnapshot(disk.find(`${FOLDER}/${String(seq).padStart(16, "0")}.snapshot`)!.read(0, 1e6), seq).ok).toBe(true);
      if (!failed) expect(result).toBe("written");
    }
  }
});

test("readSnapshot() refuses any bit that turned, any length that is missing, and another's number", async () => {
  const disk = new SimDisk(seededStream(1, "disk"));
  await write(disk, 10);
  const bytes = await fileSnapshots(envOf(disk), FOLDER).read(10);
  expect(bytes.length).toBe(await sizes(10));
  for (let at = 0; at < bytes.length; at += 1) {
    const turned = bytes.slice();
    turned[at] = turned[at]! ^ (1 << (at % 8));
    expect(readSnapshot(turned, 10), `byte ${at}`).toMatchObject({ ok: false, failure: { code: "TP_SNAPSHOT_CORRUPT" } });
  }
  for (let length = 0; length < bytes.length; length += 97) expect(readSnapshot(bytes.subarray(0, length), 10).ok).toBe(false);
  expect(readSnapshot(bytes, 11)).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining("stands at record 10") as string },
  });
});

test("notOurs() names what is not the same as when the snapshot was taken", () => {
  expect(notOurs(headOf(10), ABOUT)).toBeUndefined();
  expect(notOurs(headOf(10), { ...ABOUT, codeDigest: "abd" })).toMatchObject({
    code: "TP_SNAPSHOT_OTHER",
    message: 'Cannot start from snapshot 10: its code is "abc", now it is "abd"',
  });
  expect(notOurs(headOf(10), { ...ABOUT, engineVersion: "2" })?.message).toContain("version of TradePulse");
});
