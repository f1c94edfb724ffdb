/**
 * Goal P9: durable records of the file journal at no more than 1.3 times a bare write and fdatasync of the same bytes, and a decision thread that
 * never waits for the disk. Both sides in one process on one file system, in turns; the bare side is the synchronous call on a file that was
 * allocated before, so it pays for nothing but the disk.
 *
 * A batch that somebody waits for (an intent before its order leaves) is timed from append to durable. A stream is timed as it is used: the next
 * batch is appended while the disk has the one before. For the first kind the same without blocking stands beside it, as write and fdatasync and as
 * the one synced write that the journal makes: what any Node program pays that must go on deciding.
 *
 *     node benchmarks/journal.ts [rounds=400] [folder=<temporary>]
 */
import { closeSync, constants, fdatasync, fdatasyncSync, mkdtempSync, openSync, rmSync, write, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileJournal, openFileJournal } from "@tradepulse/live";
import { realEnv } from "@tradepulse/platform";
import { type BenchRow, median, printRows } from "./statistics.ts";

interface Batch {
  readonly what: string;
  readonly kind: "bar" | "intent";
  readonly records: number;
  /** Batches in a row; 1 is waited for. */
  readonly inARow: number;
  /** Without it the ratio is told and not judged: the bytes cost more to make than to write. */
  readonly target?: number;
}

const BATCHES: readonly Batch[] = [
  { what: "1 intent, waited for", kind: "intent", records: 1, inARow: 1, target: 1.3 },
  { what: "16 bars, waited for", kind: "bar", records: 16, inARow: 1, target: 1.3 },
  { what: "stream of 64 bars a batch", kind: "bar", records: 64, inARow: 20, target: 1.3 },
  { what: "stream of 256 bars a batch", kind: "bar", records: 256, inARow: 20, target: 1.3 },
  { what: "stream of 4,096 bars a batch", kind: "bar", records: 4_096, inARow: 5 },
];
const BAR = {
  seriesIndex: 1,
  timeUs: 1e15,
  receiveUs: 1e15,
  openUs: 1e15,
  closeUs: 1e15,
  open: 1.5,
  high: 2.5,
  low: 0.5,
  close: 2,
  volume: 12.25,
};
const REQUEST = {
  symbol: "BTCUSDT",
  side: "buy",
  type: "limit",
  timeInForce: "GTC",
  quantity: "0.00125",
  price: "65000.10",
  deadlineUs: 1e15,
};
const INTENT = { orderId: 812, instrumentIndex: 0, epoch: 3, clientId: "tp-3-mk", deadlineUs: 1e15, commandSeq: 90_233, request: REQUEST };
const MARK_BYTES = 20;
/** Turns that are not counted: a waited batch is short work, and a process that has just begun does it at half its speed. */
const warmUp = (inARow: number): number => (inARow === 1 ? 200 : 10);

/** What one run works with. */
interface Bench {
  readonly rounds: number;
  readonly folder: string;
  readonly journal: FileJournal;
}

/** Goal P9, in a folder of its own below `where`. */
export async function benchJournal(rounds: number, where = tmpdir()): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(where, "tradepulse-bench-"));
  const journal = await openFileJournal({ env: realEnv(), folder: join(folder, "journal") });
  const bench: Bench = { rounds, folder, journal };
  const rows: BenchRow[] = [];
  try {
    for (const batch of BATCHES) rows.push(await compare(bench, batch));
    rows.push(...(await appendTimes(journal, 200_000)));
  } finally {
    await journal.close();
    rmSync(folder, { recursive: true });
  }
  return rows;
}

/** Both sides in turns, who begins changing each time; the median of the ratios. */
async function compare(bench: Bench, { what, kind, records, inARow, target }: Batch): Promise<BenchRow> {
  const { rounds, folder, journal } = bench;
  const payload = kind === "bar" ? BAR : INTENT;
  const bytes = new Uint8Array(MARK_BYTES + records * recordBytes(kind)).fill(7);
  const turns = Math.max(20, Math.min(Math.ceil(rounds / inARow), Math.floor(200_000_000 / (bytes.length * inARow))));
  const warm = warmUp(inARow);
  const length = bytes.length * inARow * (turns + warm);
  const file = bareFile(folder, length, "blocking");
  const otherFile = bareFile(folder, length, "other");
  const syncedFile = bareFile(folder, inARow === 1 ? length : 0, "synced", constants.O_DSYNC ?? 0);
  const ours: number[] = [];
  const bare: number[] = [];
  const other: number[] = [];
  const synced: number[] = [];
  for (let turn = 0; turn < turns + warm; turn += 1) {
    const position = bytes.length * inARow * turn;
    const sides = [
      async () => ours.push(await timeOf(() => writeOurs(journal, kind, payload, records, inARow))),
      async () => bare.push(await timeOf(() => writeBare(file, bytes, position, inARow))),
    ];
    if (inARow === 1) {
      sides.push(async () => other.push(await timeOf(() => writeWithoutBlocking(otherFile, bytes, position))));
      sides.push(async () => synced.push(await timeOf(() => writeSynced(syncedFile, bytes, position))));
    }
    for (const side of turn % 2 === 0 ? sides : sides.toReversed()) await side();
  }
  closeSync(file);
  closeSync(otherFile);
  closeSync(syncedFile);
  const perBatch = (times: readonly number[]): string => (median(times.slice(warm)) / inARow).toFixed(3);
  const ratio = (than: readonly number[]): number => median(ours.map((time, at) => time / than[at]!).slice(warm));
  const value = ratio(bare);
  const without = `; without blocking ${ratio(other).toFixed(2)} x the same, ${ratio(synced).toFixed(2)} x one synced write`;
  const beside = inARow === 1 ? without : "";
  return {
    goal: "P9",
    what: `durable: ${what}`,
    value,
    unit: "x bare",
    target: target === undefined ? "" : `<= ${target}`,
    met: target === undefined ? undefined : value <= target,
    note: `a batch of ${bytes.length} bytes: ours ${perBatch(ours)} ms, bare ${perBatch(bare)} ms${beside}`,
  };
}

/** What a decision pays for a record while the disk is busy: the longest and the usual append. */
async function appendTimes(journal: FileJournal, count: number): Promise<BenchRow[]> {
  const times = new Float64Array(count);
  let busy = 0;
  for (let at = 0; at < count; at += 1) {
    const before = performance.now();
    const seq = journal.append("bar", BAR);
    times[at] = performance.now() - before;
    if (journal.durableSeq < seq - 1) busy += 1;
    // The loop turns as it does between messages.
    if (at % 20_000 === 19_999) await journal.durable(seq);
    if (at % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
  }
  await journal.durable(journal.lastSeq);
  times.sort();
  const at = (share: number): number => 1_000 * times[Math.floor(share * (count - 1))]!;
  const note = `${((100 * busy) / count).toFixed(0)} % of them while the disk was busy; p50 ${at(0.5).toFixed(2)} us, max ${at(1).toFixed(0)} us`;
  return [{ goal: "P9", what: "append of a bar, p99.9", value: at(0.999), unit: "us", target: "< 100", met: at(0.999) < 100, note }];
}

async function writeOurs(journal: FileJournal, kind: "bar" | "intent", payload: object, records: number, inARow: number): Promise<void> {
  let before = journal.durableSeq;
  for (let batch = 0; batch < inARow; batch += 1) {
    for (let at = 0; at < records; at += 1) journal.append(kind, payload);
    await journal.durable(before);
    before = journal.lastSeq;
    // The journal takes this batch alone before the next one is appended: as many syncs as on the bare side.
    if (inARow > 1) await new Promise((resolve) => setImmediate(resolve));
  }
  await journal.durable(before);
}

function writeBare(file: number, bytes: Uint8Array, position: number, inARow: number): Promise<void> {
  for (let batch = 0; batch < inARow; batch += 1) {
    writeSync(file, bytes, 0, bytes.length, position + batch * bytes.length);
    fdatasyncSync(file);
  }
  return Promise.resolve();
}

function writeWithoutBlocking(file: number, bytes: Uint8Array, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error: Error | null): void => (error === null ? resolve() : reject(error));
    write(file, bytes, 0, bytes.length, position, (error) => (error === null ? fdatasync(file, end) : reject(error)));
  });
}

/** The one call that the journal makes too: what is left above it is the journal's own. */
function writeSynced(file: number, bytes: Uint8Array, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    write(file, bytes, 0, bytes.length, position, (error) => (error === null ? resolve() : reject(error)));
  });
}

function recordBytes(kind: "bar" | "intent"): number {
  return 20 + (kind === "bar" ? 76 : JSON.stringify(INTENT).length);
}

function bareFile(folder: string, length: number, name: string, flags = 0): number {
  const path = join(folder, `${name}-${length}`);
  const file = openSync(path, "w+");
  const zeros = new Uint8Array(1_048_576);
  for (let at = 0; at < length; at += zeros.length) writeSync(file, zeros, 0, zeros.length, at);
  fdatasyncSync(file);
  if (flags === 0) return file;
  closeSync(file);
  return openSync(path, constants.O_RDWR | flags);
}

async function timeOf(run: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await run();
  return performance.now() - before;
}

if (import.meta.main) printRows(await benchJournal(Number(process.argv[2] ?? 400), process.argv[3]));
