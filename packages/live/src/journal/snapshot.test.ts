import { SimDisk, SimFiles, seededStream } from "@tradepulse/platform";
import { expect, test } from "vitest";
import { readSnapshot, type SessionSnapshot, writeSnapshot } from "./snapshot.ts";

function snapshotAt(seq: number): SessionSnapshot {
  return {
    seq,
    epoch: 3,
    timeUs: 1_700_000_000_000_000 + seq,
    cash: { USDT: 1_000_000 * seq },
    fees: { USDT: 12_345 },
    positions: [{ strategyId: 1, instrument: "BTC-USDT@BINANCE", signedLots: -5, basis: 7, realized: -0, fees: 1 }],
    openOrders: [
      {
        orderId: 9,
        clientId: "tp-3-9",
        venueOrderId: "77",
        instrument: "BTC-USDT@BINANCE",
        side: -1,
        lots: 5,
        filledLots: 2,
        limitUnits: 100,
        triggerUnits: 0,
        wasSent: true,
      },
    ],
  };
}

test("readSnapshot() gives nothing when there is none", async () => {
  const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
  expect(await readSnapshot(files, "/state", 10)).toEqual({ ok: true, value: undefined });
});

test("readSnapshot() gives back what writeSnapshot() wrote", async () => {
  const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
  await writeSnapshot(files, "/state", snapshotAt(10), 12);
  expect(await readSnapshot(files, "/state", 12)).toEqual({ ok: true, value: snapshotAt(10) });
});

test("a power cut or a full disk at any operation leaves the old snapshot or the new one", async () => {
  let olds = 0;
  for (let seed = 0; seed < 600; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    await writeSnapshot(new SimFiles(disk), "/state", snapshotAt(10), 100);
    let left = 1 + (seed % 7);
    const fault = seed % 2 === 0 ? "power-cut" : "ENOSPC";
    const hit = new Promise<void>((resolve) => {
      disk.onOperation = () => {
        left -= 1;
        if (left !== 0) return undefined;
        resolve();
        return fault;
      };
    });
    const writing = writeSnapshot(new SimFiles(disk), "/state", snapshotAt(20), 100).catch(() => {});
    await Promise.race([hit, writing]);
    await Promise.race([writing, new Promise((resolve) => setImmediate(resolve))]);
    disk.onOperation = undefined;
    disk.powerCut();
    const found = await readSnapshot(new SimFiles(disk), "/state", 100);
    const seq = found.ok ? found.value?.seq : undefined;
    expect([10, 20]).toContain(seq);
    if (seq === 10) olds += 1;
  }
  expect(olds).toBeGreaterThan(100);
});

test("readSnapshot() refuses a snapshot in which any bit turned", async () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const disk = new SimDisk(seededStream(seed, "disk"));
    const files = new SimFiles(disk);
    await writeSnapshot(files, "/state", snapshotAt(10), 10);
    disk.flipBit("/state/snapshot.json");
    const found = await readSnapshot(files, "/state", 10);
    expect(found).toMatchObject({ ok: false, failure: { code: "TP_SNAPSHOT_CORRUPT" } });
  }
});

test("readSnapshot() refuses a snapshot that the journal does not reach", async () => {
  const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
  await writeSnapshot(files, "/state", snapshotAt(10), 10);
  expect(await readSnapshot(files, "/state", 9)).toMatchObject({
    failure: { message: 'Cannot use snapshot "/state/snapshot.json": it contains record 10, the journal ends with record 9' },
  });
});

test("writeSnapshot() refuses to run ahead of the journal", async () => {
  const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
  await expect(writeSnapshot(files, "/state", snapshotAt(10), 9)).rejects.toThrow("is ahead of the journal, which is durable up to 9");
});
