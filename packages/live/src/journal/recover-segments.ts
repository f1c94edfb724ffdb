import { FailureError } from "@tradepulse/core";
import type { Files } from "@tradepulse/platform";
import { corruptSegment, missingRecords } from "./journal-failures.ts";
import { provenDurable, RecordReader } from "./record-reader.ts";

/** What a start finds: segments by the number of their first record, ascending, and the number of the last record. */
export interface RecoveredSegments {
  readonly firstSeqs: readonly number[];
  readonly lastSeq: number;
}

/** Folder beside the segments for those that no start needs any more. Nothing is ever deleted from it by us. */
export const ARCHIVE = "archive";

/** First numbers of the segments of a journal, ascending, those in its archive included. */
export async function segmentsOf(files: Files, folder: string): Promise<number[]> {
  const names = [...(await files.list(folder)), ...(await files.list(`${folder}/${ARCHIVE}`))];
  return [...new Set(names.map(firstSeqOf).filter((seq) => seq !== undefined))].sort((a, b) => a - b);
}

/** The bytes of a segment, from the journal or, when it was moved, from its archive. */
export async function readSegment(files: Files, folder: string, firstSeq: number): Promise<Uint8Array> {
  const name = segmentName(firstSeq);
  try {
    return await files.read(`${folder}/${name}`);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    return await files.read(`${folder}/${ARCHIVE}/${name}`);
  }
}

/** Moves segments into the archive, the oldest first, so that what is left is always the end of the journal. */
export async function archiveSegments(files: Files, folder: string, firstSeqs: readonly number[]): Promise<void> {
  const present = new Set(await files.list(folder));
  const moving = firstSeqs.map(segmentName).filter((name) => present.has(name));
  if (moving.length === 0) return;
  await files.makeFolder(`${folder}/${ARCHIVE}`);
  for (const name of moving) await files.move(`${folder}/${name}`, `${folder}/${ARCHIVE}/${name}`);
}

export function segmentName(firstSeq: number): string {
  return `${String(firstSeq).padStart(16, "0")}.journal`;
}

/**
 * Reads every segment that holds records from `fromSeq` on, cuts the torn tail, and makes durable what is left.
 *
 * A place without a valid record is a torn tail as long as nothing behind it proves that its record was durable: a segment is begun only when all
 * before it is durable, and every batch begins with a mark of what was durable by then. With such a proof the place is damage, and the journal is
 * refused (`TP_JOURNAL_CORRUPT`).
 */
export async function recoverSegments(files: Files, folder: string, fromSeq: number): Promise<RecoveredSegments> {
  const firstSeqs = await segmentsOf(files, folder);
  if (firstSeqs.length === 0) return { firstSeqs: [], lastSeq: 0 };
  if (firstSeqs[0]! > Math.max(1, fromSeq)) throw new FailureError(missingRecords(folder, Math.max(1, fromSeq), firstSeqs[0]!));
  const last = firstSeqs.length - 1;
  let start = 0;
  while (start < last && firstSeqs[start + 1]! <= fromSeq) start += 1;
  for (let at = start; at < last; at += 1) await checkSealed(files, folder, firstSeqs[at]!, firstSeqs[at + 1]!);
  const nextSeq = await cutTail(files, folder, firstSeqs[last]!);
  // Without a record the last segment is as good as absent: the next one bears its name.
  return { firstSeqs: nextSeq === firstSeqs[last] ? firstSeqs.slice(0, -1) : firstSeqs, lastSeq: nextSeq - 1 };
}

function firstSeqOf(name: string): number | undefined {
  const match = /^(\d{16})\.journal$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

async function checkSealed(files: Files, folder: string, firstSeq: number, nextFirst: number): Promise<void> {
  const name = segmentName(firstSeq);
  const reader = new RecordReader(await readSegment(files, folder, firstSeq), firstSeq, name);
  while (reader.next()) {
    // Reading is the check.
  }
  if (reader.nextSeq !== nextFirst) {
    throw new FailureError(corruptSegment(name, reader.offset, reader.nextSeq, `the next segment, "${segmentName(nextFirst)}"`));
  }
}

/** Returns the number that the next record will have. */
async function cutTail(files: Files, folder: string, firstSeq: number): Promise<number> {
  const name = segmentName(firstSeq);
  const path = `${folder}/${name}`;
  const bytes = await files.read(path);
  const reader = new RecordReader(bytes, firstSeq, name);
  while (reader.next()) {
    // Reading is the check.
  }
  const { offset, nextSeq, markOffset } = reader;
  const proven = provenDurable(bytes, offset);
  if (proven >= nextSeq)
    throw new FailureError(corruptSegment(name, offset, nextSeq, `a mark behind it: records up to ${proven} were durable`));
  const handle = await files.open(path);
  try {
    await handle.truncate(offset);
    // What follows the last mark may stand in the page cache alone, called clean after a sync that failed in the process before this one. Writing
    // it again makes it dirty, so that the sync carries it to the disk.
    await handle.writeAt(markOffset, bytes.subarray(markOffset, offset));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await files.syncFolder(folder);
  return nextSeq;
}
