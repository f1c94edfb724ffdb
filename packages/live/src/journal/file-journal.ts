import { type Failure, FailureError, invariant } from "@tradepulse/core";
import type { Env, Timer } from "@tradepulse/platform";
import { DiskRoom } from "./disk-room.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import { closedJournal, corruptSegment, deadJournal, diskFull, isOutOfRoom, journalBehind, missingRecords } from "./journal-failures.ts";
import { RecordBuffer } from "./record-buffer.ts";
import type { RecordKind } from "./record-kinds.ts";
import { RecordReader } from "./record-reader.ts";
import { archiveSegments, readSegment, recoverSegments, segmentName } from "./recover-segments.ts";
import { SegmentWriter } from "./segment-writer.ts";

const MEBIBYTE = 1_048_576;

export interface FileJournalOptions {
  readonly env: Env;
  /** Absolute. Made when absent. One process at a time: leadership sees to it. */
  readonly folder: string;
  /** Bytes after which a new segment is begun; default 64 MiB. */
  readonly segmentBytes?: number;
  /** Bytes by which a segment is allocated ahead of what is written; default 1 MiB. */
  readonly roomBytes?: number;
  /** Bytes that may wait for the disk; default 8 MiB. From half of it on no new risk may be taken. */
  readonly queueBytes?: number;
  /** Segments that end before this record are not read at the start; default 1. For a start from a snapshot. */
  readonly fromSeq?: number;
  /** Between attempts on a full disk; default 0.25 s. */
  readonly retryUs?: number;
  /** After so long without records a mark is written that proves the last ones durable; default 0.1 s. */
  readonly markAfterUs?: number;
  /** Told once when the journal dies, and at the start of each spell without room or too far behind. */
  readonly onAlarm?: (failure: Failure) => void;
}

/**
 * Opens the journal of a folder: reads it, cuts a torn tail, and begins a new segment. Throws a FailureError when it is damaged
 * (`TP_JOURNAL_CORRUPT`), incomplete (`TP_JOURNAL_GAP`) or of a later version (`TP_JOURNAL_SCHEMA`).
 */
export async function openFileJournal(options: FileJournalOptions): Promise<FileJournal> {
  const { env, folder } = options;
  await env.files.makeFolder(folder);
  const { firstSeqs, lastSeq } = await recoverSegments(env.files, folder, options.fromSeq ?? 1);
  const journal = new FileJournal(options, firstSeqs, lastSeq);
  await journal.begin();
  return journal;
}

interface Waiter {
  readonly seq: number;
  resolve(): void;
  reject(error: FailureError): void;
}

/**
 * A journal in files of one folder. Records that arrive while a write is under way are collected and go with the next one, so a sync serves
 * all that waited for it and the caller waits for none. A failed write or sync ends it for good: what a sync says after one that failed is not
 * to be believed. A full disk does not; writing goes on when there is room.
 */
export class FileJournal implements Journal {
  lastSeq: number;
  durableSeq: number;
  private readonly options: FileJournalOptions;
  private readonly firstSeqs: number[];
  private readonly segment: SegmentWriter;
  private readonly room: DiskRoom;
  private readonly queueBytes: number;
  private readonly retryUs: number;
  private readonly markAfterUs: number;
  private filling = new RecordBuffer();
  private writing = new RecordBuffer();
  /** Number of the first record in the buffer that is filling. */
  private firstWaiting: number;
  /** What the files themselves prove durable, by a mark or by the name of a segment. */
  private markedSeq: number;
  private waiters: Waiter[] = [];
  private pump: Promise<void> | undefined;
  private markTimer: Timer | undefined;
  private isMarkDue = false;
  private readonly closing = new AbortController();
  private death: Failure | undefined;
  private isBehind = false;

  constructor(options: FileJournalOptions, firstSeqs: readonly number[], lastSeq: number) {
    this.options = options;
    this.firstSeqs = [...firstSeqs];
    this.lastSeq = lastSeq;
    this.durableSeq = lastSeq;
    this.markedSeq = lastSeq;
    this.firstWaiting = lastSeq + 1;
    const { segmentBytes = 64 * MEBIBYTE, roomBytes = MEBIBYTE } = options;
    this.segment = new SegmentWriter(options.env, options.folder, { segmentBytes, roomBytes });
    this.queueBytes = options.queueBytes ?? 8 * MEBIBYTE;
    this.retryUs = options.retryUs ?? 250_000;
    this.room = new DiskRoom({
      env: options.env,
      folder: options.folder,
      retryUs: this.retryUs,
      closing: this.closing.signal,
      durableSeq: () => this.durableSeq,
      onAlarm: options.onAlarm,
    });
    this.markAfterUs = options.markAfterUs ?? 100_000;
  }

  /** Begins the first segment of this run. */
  async begin(): Promise<void> {
    try {
      await this.beginSegment(this.lastSeq + 1);
    } catch (error) {
      const make = isOutOfRoom(error) ? diskFull : deadJournal;
      throw new FailureError(make(this.options.folder, this.durableSeq, String(error)), error);
    }
  }

  get refusal(): Failure | undefined {
    if (this.death !== undefined) return this.death;
    if (this.room.shortage !== undefined) return this.room.shortage;
    return this.isBehind ? journalBehind(this.options.folder, this.filling.length, this.queueBytes / 2) : undefined;
  }

  append(kind: RecordKind, payload: object): number {
    const { filling } = this;
    if (this.death !== undefined) throw new FailureError(this.death);
    if (this.closing.signal.aborted) throw new FailureError(closedJournal(this.options.folder));
    if (filling.length >= this.queueBytes) {
      throw new FailureError(this.room.shortage ?? journalBehind(this.options.folder, filling.length, this.queueBytes));
    }
    filling.add(kind, this.lastSeq + 1, payload);
    this.lastSeq += 1;
    if (!this.isBehind && filling.length >= this.queueBytes / 2) {
      this.isBehind = true;
      this.options.onAlarm?.(journalBehind(this.options.folder, filling.length, this.queueBytes / 2));
    }
    this.startPump();
    return this.lastSeq;
  }

  durable(seq: number): Promise<void> {
    if (seq > this.lastSeq) invariant(false, `record ${seq} is awaited, but the last record is ${this.lastSeq}`);
    if (seq <= this.durableSeq) return Promise.resolve();
    if (this.death !== undefined) return Promise.reject(new FailureError(this.death));
    return new Promise((resolve, reject) => {
      this.waiters.push({ seq, resolve, reject });
    });
  }

  async *records(fromSeq = 1): AsyncGenerator<JournalRecord, void, undefined> {
    const upTo = this.durableSeq;
    const { folder, env } = this.options;
    if (fromSeq < (this.firstSeqs[0] ?? 1)) throw new FailureError(missingRecords(folder, fromSeq, this.firstSeqs[0]!));
    let at = Math.max(
      0,
      this.firstSeqs.findLastIndex((first) => first <= fromSeq),
    );
    for (let next = fromSeq; next <= upTo; at += 1) {
      const first = this.firstSeqs[at]!;
      const name = segmentName(first);
      const reader = new RecordReader(await readSegment(env.files, folder, first), first, name);
      while (reader.nextSeq <= upTo && reader.next()) {
        if (reader.nextSeq - 1 >= next) yield reader.record();
      }
      const end = Math.min(upTo, (this.firstSeqs[at + 1] ?? Number.POSITIVE_INFINITY) - 1);
      if (reader.nextSeq <= end)
        throw new FailureError(corruptSegment(name, reader.offset, reader.nextSeq, "this run, which wrote or read it before"));
      next = Math.max(next, reader.nextSeq);
    }
  }

  /** Segments move to `archive` in the journal's folder; reading finds them there. */
  async archiveBefore(seq: number): Promise<void> {
    const covered = this.firstSeqs.filter((_, at) => (this.firstSeqs[at + 1] ?? Number.POSITIVE_INFINITY) <= seq);
    await archiveSegments(this.options.env.files, this.options.folder, covered);
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.markTimer?.cancel();
    if (this.hasWork) this.startPump();
    while (this.pump !== undefined) await this.pump;
    await this.segment.close();
    if (this.durableSeq < this.lastSeq) throw new FailureError(this.death!);
  }

  private get hasWork(): boolean {
    if (this.death !== undefined) return false;
    const isMarkDue = this.isMarkDue || this.closing.signal.aborted;
    return this.firstWaiting <= this.lastSeq || (isMarkDue && this.markedSeq < this.durableSeq);
  }

  private startPump(): void {
    this.pump ??= this.writeAll();
  }

  /** Writes until nothing waits. Never rejects: what goes wrong ends the journal. */
  private async writeAll(): Promise<void> {
    try {
      // The first record of a burst waits for the rest of it.
      await Promise.resolve();
      while (this.hasWork) await this.writeBatch();
      await this.allocateAhead();
      this.armTimer();
    } catch (error) {
      this.die(error);
    }
    this.pump = undefined;
    // Records may have come since the last look.
    if (this.hasWork) this.startPump();
  }

  private async writeBatch(): Promise<void> {
    const batch = this.filling;
    const first = this.firstWaiting;
    const last = this.lastSeq;
    const { durableSeq } = this;
    this.filling = this.writing;
    this.filling.clear();
    this.writing = batch;
    this.firstWaiting = last + 1;
    this.isMarkDue = false;
    this.isBehind = false;
    batch.mark(durableSeq);
    const bytes = batch.content();
    if (!this.segment.hasRoomFor(bytes.length)) await this.room.until(() => this.makeRoom(bytes.length, first, last));
    const written = this.segment.writeSynced(bytes);
    if (written === undefined) await this.segment.writeThenSync(bytes, (work) => this.room.until(work));
    else {
      try {
        await written;
      } catch (error) {
        await this.room.until(() => this.segment.writeSynced(bytes)!, error);
      }
    }
    this.segment.advance(bytes.length);
    this.markedSeq = durableSeq;
    this.durableSeq = last;
    const done = this.waiters.filter(({ seq }) => seq <= last);
    if (done.length === 0) return;
    this.waiters = this.waiters.filter(({ seq }) => seq > last);
    for (const waiter of done) waiter.resolve();
  }

  /** A batch lies in one segment: the next one is begun when this one is full. A mark alone begins none. */
  private async makeRoom(bytes: number, firstSeq: number, lastSeq: number): Promise<void> {
    if (this.segment.isFullFor(bytes) && firstSeq <= lastSeq) await this.beginSegment(firstSeq);
    if (this.segment.isAllocatedFor(bytes)) return;
    await this.segment.allocateFor(bytes);
    this.room.found();
  }

  private async beginSegment(firstSeq: number): Promise<void> {
    await this.segment.begin(firstSeq);
    this.room.found();
    if (this.firstSeqs.at(-1) !== firstSeq) this.firstSeqs.push(firstSeq);
  }

  /** Done while nothing waits, a piece at a time, so that a full disk is known while there is still room for what is under way. */
  private async allocateAhead(): Promise<void> {
    try {
      while (this.segment.isRoomLow && !this.hasWork) {
        await this.segment.allocateAhead();
        this.room.found();
      }
    } catch (error) {
      this.room.missed(error);
    }
  }

  /** Comes back when a mark is due, or to look for room again. */
  private armTimer(): void {
    const isMarked = this.markedSeq >= this.durableSeq;
    if (this.closing.signal.aborted || this.markTimer !== undefined || (isMarked && this.room.shortage === undefined)) return;
    this.markTimer = this.options.env.timer(isMarked ? this.retryUs : this.markAfterUs, () => {
      this.markTimer = undefined;
      this.isMarkDue = true;
      this.startPump();
    });
  }

  private die(error: unknown): void {
    this.death = deadJournal(this.options.folder, this.durableSeq, String(error));
    this.markTimer?.cancel();
    this.options.onAlarm?.(this.death);
    for (const waiter of this.waiters.splice(0)) waiter.reject(new FailureError(this.death, error));
  }
}
