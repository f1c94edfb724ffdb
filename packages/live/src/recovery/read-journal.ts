import { FailureError } from "@tradepulse/core";
import type { Files } from "@tradepulse/platform";
import type { JournalRecord } from "../journal/journal.ts";
import { corruptSegment, missingRecords } from "../journal/journal-failures.ts";
import { provenDurable, RecordReader } from "../journal/record-reader.ts";

/**
 * The records of a journal that somebody else may still be writing: nothing is cut and nothing is begun. A torn tail ends the reading; damage
 * with a proof of durable records behind it throws `TP_JOURNAL_CORRUPT`, a missing first segment `TP_JOURNAL_GAP`.
 */
export async function* readJournal(files: Files, folder: string): AsyncGenerator<JournalRecord, void, undefined> {
  const names = (await files.list(folder)).filter((name) => /^\d{16}\.journal$/.test(name));
  let nextSeq = 1;
  for (const [k, name] of names.entries()) {
    const firstSeq = Number(name.slice(0, 16));
    if (k === 0 && firstSeq !== 1) throw new FailureError(missingRecords(folder, 1, firstSeq));
    const bytes = await files.read(`${folder}/${name}`);
    const reader = new RecordReader(bytes, firstSeq, name);
    while (reader.next()) yield reader.record();
    nextSeq = reader.nextSeq;
    const following = names[k + 1];
    if (following !== undefined && Number(following.slice(0, 16)) !== nextSeq) {
      throw new FailureError(corruptSegment(name, reader.offset, nextSeq, `the next segment, "${following}"`));
    }
    const proven = provenDurable(bytes, reader.offset);
    if (proven >= nextSeq) {
      throw new FailureError(corruptSegment(name, reader.offset, nextSeq, `a mark behind it: records up to ${proven} were durable`));
    }
  }
}
