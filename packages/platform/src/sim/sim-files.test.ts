import { expect, test } from "vitest";
import { seededStream } from "./seeded-stream.ts";
import { type FileOperation, SimDisk } from "./sim-disk.ts";
import { SimFiles } from "./sim-files.ts";

const SECTOR = 512;

function filled(byte: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(byte);
}

async function synced(disk: SimDisk, path: string, bytes: Uint8Array): Promise<void> {
  const files = new SimFiles(disk);
  const handle = await files.open(path);
  await handle.writeAt(0, bytes);
  await handle.sync();
  await files.syncFolder(path.slice(0, path.lastIndexOf("/")));
}

test("a power cut keeps what was synced, and of the rest any sectors: old or new, never mixed", async () => {
  const survivors = new Set<string>();
  for (let seed = 0; seed < 200; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    await synced(disk, "/d/file", filled(1, 4 * SECTOR));
    const files = new SimFiles(disk);
    const handle = await files.open("/d/file");
    await handle.writeAt(SECTOR, filled(2, 3 * SECTOR));
    disk.powerCut();
    const bytes = await new SimFiles(disk).read("/d/file");
    const sectors = [0, 1, 2, 3].map((sector) => [...new Set(bytes.subarray(sector * SECTOR, (sector + 1) * SECTOR))].join("/"));
    expect(sectors[0]).toBe("1");
    survivors.add(sectors.slice(1).join(" "));
  }
  expect([...survivors].toSorted()).toEqual(["1 1 1", "1 1 2", "1 2 1", "1 2 2", "2 1 1", "2 1 2", "2 2 1", "2 2 2"]);
});

test("a power cut may lose the growth of a file that was not synced; what grew without data is zero", async () => {
  const sizes = new Set<number>();
  for (let seed = 0; seed < 200; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    await synced(disk, "/d/file", filled(1, SECTOR));
    const handle = await new SimFiles(disk).open("/d/file");
    await handle.writeAt(SECTOR, filled(2, 2 * SECTOR));
    disk.powerCut();
    const bytes = await new SimFiles(disk).read("/d/file");
    sizes.add(bytes.length);
    expect(bytes.every((byte, at) => (at < SECTOR ? byte === 1 : byte === 2 || byte === 0))).toBe(true);
  }
  expect([...sizes].toSorted((a, b) => a - b)).toEqual([SECTOR, 2 * SECTOR, 3 * SECTOR]);
});

test("names last once their folder is synced; before, a power cut keeps some of the changes, in order", async () => {
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 100; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    await synced(disk, "/d/old", filled(1, 1));
    const files = new SimFiles(disk);
    await files.open("/d/new");
    await files.remove("/d/old");
    disk.powerCut();
    outcomes.add(disk.list("/d").join(" "));
  }
  expect([...outcomes].toSorted()).toEqual(["new", "new old", "old"]);
});

test("move() leaves a file under one of its two names whenever the power goes, and under the new one when it was done", async () => {
  const found = new Set<string>();
  for (let cutAt = 1; cutAt <= 4; cutAt += 1) {
    for (let seed = 0; seed < 30; seed += 1) {
      const disk = new SimDisk(seededStream(seed, "disk"));
      await synced(disk, "/d/file", filled(1, 700));
      let left = cutAt;
      let isCut = false;
      disk.onOperation = () => {
        left -= 1;
        isCut ||= left === 0;
        return left === 0 ? "power-cut" : undefined;
      };
      void new SimFiles(disk).move("/d/file", "/d/old/file");
      await new Promise((resolve) => setImmediate(resolve));
      disk.onOperation = undefined;
      const files = new SimFiles(disk);
      const names = [...(await files.list("/d")), ...(await files.list("/d/old")).map((name) => `old/${name}`)].filter((name) =>
        name.endsWith("file"),
      );
      expect(names).toHaveLength(1);
      expect(await files.read(`/d/${names[0]!}`)).toEqual(filled(1, 700));
      found.add(`${isCut} ${names[0]!}`);
    }
  }
  expect([...found].toSorted()).toEqual(["false old/file", "true file", "true old/file"]);
});

test("replace() leaves the old or the new content whenever the power goes", async () => {
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 400; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    await new SimFiles(disk).replace("/d/file", filled(1, 700));
    let left = 1 + (seed % 5);
    await new Promise<void>((resolve) => {
      disk.onOperation = () => {
        left -= 1;
        if (left > 0) return undefined;
        resolve();
        return "power-cut";
      };
      void new SimFiles(disk).replace("/d/file", filled(2, 900));
    });
    disk.onOperation = undefined;
    const bytes = await new SimFiles(disk).read("/d/file");
    outcomes.add(`${bytes.length} of ${[...new Set(bytes)].join("/")}`);
  }
  expect([...outcomes].toSorted()).toEqual(["700 of 1", "900 of 2"]);
});

test("a sync that fails drops pages: readers see them, the next sync succeeds without them, a power cut shows the loss", async () => {
  let losses = 0;
  for (let seed = 0; seed < 50; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    await synced(disk, "/d/file", filled(1, 4 * SECTOR));
    const files = new SimFiles(disk);
    const handle = await files.open("/d/file");
    await handle.writeAt(0, filled(2, 4 * SECTOR));
    disk.onOperation = ({ kind }) => (kind === "sync" ? "EIO" : undefined);
    await expect(handle.sync()).rejects.toMatchObject({ code: "EIO" });
    disk.onOperation = undefined;
    await handle.sync();
    expect(new Set(await files.read("/d/file"))).toEqual(new Set([2]));
    disk.powerCut();
    if ((await new SimFiles(disk).read("/d/file")).includes(1)) losses += 1;
  }
  expect(losses).toBeGreaterThan(30);
});

test("a full disk takes the part of a write that fits, then refuses with the code of the system", async () => {
  const disk = new SimDisk(seededStream(1, "disk"));
  disk.capacityBytes = 1_000;
  const handle = await new SimFiles(disk).open("/d/file");
  await expect(handle.writeAt(0, filled(1, 1_200))).rejects.toMatchObject({ code: "ENOSPC" });
  expect(await handle.size()).toBe(1_000);
  await handle.writeAt(100, filled(2, 900));
  await expect(handle.allocate(1_001)).rejects.toMatchObject({ code: "ENOSPC", message: "ENOSPC: allocate '/d/file'" });
});

test("lock() belongs to one process until it lets go or is killed", async () => {
  const disk = new SimDisk(seededStream(1, "disk"));
  const [a, b, c] = [new SimFiles(disk), new SimFiles(disk), new SimFiles(disk)];
  const lock = await a.lock("/d/lock");
  expect(await b.lock("/d/lock")).toBeUndefined();
  await lock!.release();
  expect(await b.lock("/d/lock")).toBeDefined();
  expect(await c.lock("/d/lock")).toBeUndefined();
  b.kill();
  expect(await c.lock("/d/lock")).toBeDefined();
});

test("kill() loses nothing that was written, and no call of the killed process returns", async () => {
  const disk = new SimDisk(seededStream(1, "disk"));
  const files = new SimFiles(disk);
  const handle = await files.open("/d/file");
  await handle.writeAt(0, filled(7, 10));
  let hasReturned = false;
  files.kill();
  void handle.sync().then(() => {
    hasReturned = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(hasReturned).toBe(false);
  expect(await new SimFiles(disk).read("/d/file")).toEqual(filled(7, 10));
});

test("a sync makes durable what was written before it began, not what came during it", async () => {
  const disk = new SimDisk(seededStream(1, "disk"));
  let finish = (): void => {};
  const files = new SimFiles(disk, {
    delay: ({ kind }: FileOperation) =>
      kind === "sync"
        ? new Promise((resolve) => {
            finish = resolve;
          })
        : Promise.resolve(),
  });
  const handle = await files.open("/d/file");
  await files.syncFolder("/d");
  await handle.writeAt(0, filled(1, SECTOR));
  const syncing = handle.sync();
  await handle.writeAt(0, filled(2, SECTOR));
  finish();
  await syncing;
  const seen = new Set<number>();
  for (let at = 0; at < 20; at += 1) {
    disk.powerCut();
    seen.add((await new SimFiles(disk).read("/d/file"))[0]!);
  }
  // The first power cut decides; whichever it is, a synced byte never falls back to nothing.
  expect(seen.has(0)).toBe(false);
  expect(seen.size).toBe(1);
});

test("list() names the files and folders right in a folder, as a real one does", async () => {
  const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
  await files.makeFolder("/d/empty");
  await files.replace("/d/b/deep/file", filled(1, 1));
  await files.replace("/d/a", filled(1, 1));
  expect(await files.list("/d")).toEqual(["a", "b", "empty"]);
  expect(await files.list("/d/b")).toEqual(["deep"]);
  expect(await files.list("/nowhere")).toEqual([]);
});
