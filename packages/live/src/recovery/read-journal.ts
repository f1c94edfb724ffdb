import { FailureError } from "@tradepulse/core";
import type { Files } from "@tradepulse/platform";
import type { JournalRecord } from "../journal/journal.ts";
import { corruptSegment, missingRecords } from "../journal/journal-failures.ts";
import { provenDurable, RecordReader } from "../journal/record-reader.ts";
import { readSegment, segmentName, segmentsOf } from "../journal/recover-segments.ts";

/**
 * The records of a journal from a number on, its archive included. Somebody else may still be writing it: nothing is cut and nothing is begun. A torn tail
 * ends the reading; damage with a proof of durable records behind it throws `TP_JOURNAL_CORRUPT`, a missing first segment `TP_JOURNAL_GAP`.
 */
export async function* readJournal(files: Files, folder: string, fromSeq = 1): AsyncGenerator<JournalRecord, void, undefined> {
  const firstSeqs = await segmentsOf(files, folder);
  if (firstSeqs.length > 0 && firstSeqs[0]! > fromSeq) throw new FailureError(missingRecords(folder, fromSeq, firstSeqs[0]!));
  const start = Math.max(
    0,
    firstSeqs.findLastIndex((first) => first <= fromSeq),
  );
  for (let at = start; at < firstSeqs.length; at += 1) {
    const name = segmentName(firstSeqs[at]!);
    const bytes = await readSegment(files, folder, firstSeqs[at]!);
    const reader = new RecordReader(bytes, firstSeqs[at]!, name);
    while (reader.next()) if (reader.nextSeq > fromSeq) yield reader.record();
    const { nextSeq } = reader;
    const following = firstSeqs[at + 1];
    if (following !== undefined && following !== nextSeq) {
      throw new FailureError(corruptSegment(name, reader.offset, nextSeq, `the next segment, "${segmentName(following)}"`));
    }
    const proven = provenDurable(bytes, reader.offset);
    if (proven >= nextSeq) {
      throw new FailureError(corruptSegment(name, reader.offset, nextSeq, `a mark behind it: records up to ${proven} were durable`));
    }
  }
}

/** Number of the first record that a journal still has with its archive; 1 in an empty one. */
export async function firstRecordOf(files: Files, folder: string): Promise<number> {
  return (await segmentsOf(files, folder))[0] ?? 1;
}
