import { FailureError } from "@tradepulse/core";
import type { Files } from "@tradepulse/platform";
import { corruptSegment, missingRecords } from "./journal-failures.ts";
import { provenDurable, RecordReader } from "./record-reader.ts";

/** What a start finds: segments by the number of their first record, ascending, and the number of the last record. */
export interface RecoveredSegments {
  readonly firstSeqs: readonly number[];
  readonly lastSeq: number;
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
  const firstSeqs = (await files.list(folder)).map(firstSeqOf).filter((seq) => seq !== undefined);
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
  const reader = new RecordReader(await files.read(`${folder}/${name}`), firstSeq, name);
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
