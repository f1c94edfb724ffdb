import type { ColumnPool } from "../model/column-pool.ts";
import { EVENT_WORDS, type EventKind, type EventRecord, EventWord } from "../model/event.ts";
import { InvariantViolation, invariant } from "../model/failure.ts";
import { type CarriedDigest, Digest } from "./digest.ts";

/** Events per chunk: 512 KiB. Chunks are never moved, so a growing list copies nothing. */
const CHUNK_EVENTS = 4_096;

/** What is carried of the events: how many there were, and the digest over them. The events themselves are in the journal. */
export interface CarriedEvents {
  readonly count: number;
  readonly digest: CarriedDigest;
}

/**
 * Everything that happened, in order, as fixed words of 64 bits. The sequence number of an event is its place, from 1.
 * Texts (reasons, tags) are kept beside it by order, outside the words and outside the run hash.
 */
export class EventList {
  private readonly pool: ColumnPool | undefined;
  private readonly chunks: Float64Array[] = [];
  private chunk: Float64Array = new Float64Array(0);
  private at = 0;
  private count = 0;
  private readonly reasons: string[] = [""];
  private readonly tags: string[] = [""];
  /** Place of the first event that is held: above 0 where a session goes on from a snapshot, or has let go of some. Those before it are in the journal. */
  first = 0;
  /** Digest over the events before the first that is held; `undefined` when none were. */
  opening: CarriedDigest | undefined;
  /** Digest over the first `digested` events, so that carrying costs what is new only. */
  private running: Digest | undefined;
  private digested = 0;

  constructor(pool?: ColumnPool) {
    this.pool = pool;
  }

  /** Events since the start of the run, those before the first that is held included. */
  get length(): number {
    return this.count;
  }

  carry(): CarriedEvents {
    this.running ??= this.opening === undefined ? new Digest() : Digest.resume(this.opening);
    for (this.digested = Math.max(this.digested, this.first); this.digested < this.count; this.digested += 1) {
      for (let word = 0; word < EVENT_WORDS; word += 1) this.running.addNumber(this.word(this.digested, word));
    }
    return { count: this.count, digest: this.running.carry() };
  }

  /**
   * Lets go of events before a place, in whole chunks: what is kept elsewhere need not be held by a session that runs for months. Their digest stays, so
   * the hash of the run is what it would have been.
   */
  release(before: number): void {
    const chunks = Math.floor((Math.min(before, this.count) - this.first) / CHUNK_EVENTS);
    if (chunks <= 0) return;
    const digest = this.opening === undefined ? new Digest() : Digest.resume(this.opening);
    const end = this.first + chunks * CHUNK_EVENTS;
    for (const chunk of this.chunks.splice(0, chunks)) digest.add(chunk, CHUNK_EVENTS * EVENT_WORDS);
    this.opening = digest.carry();
    this.first = end;
    // What was digested by the way must go on from the events that are held.
    if (this.digested < end) this.running = undefined;
  }

  /** Goes on after the events of another list. Only for an empty one. */
  resume(carried: CarriedEvents): void {
    invariant(this.count === 0, "a list that has events goes on after no other");
    this.first = carried.count;
    this.count = carried.count;
    this.opening = carried.digest;
  }

  /** Opens the next event, its common words set and its fields zero. Returns the chunk and, in {@link offset}, where it starts. */
  begin(
    kind: EventKind,
    timeUs: number,
    orderId: number,
    instrumentIndex: number,
    accountId: number,
    strategyId: number,
    source: number,
  ): Float64Array {
    let at = this.at;
    if (at === this.chunk.length) {
      this.chunk = this.pool?.take(CHUNK_EVENTS * EVENT_WORDS) ?? new Float64Array(CHUNK_EVENTS * EVENT_WORDS);
      this.chunks.push(this.chunk);
      at = 0;
    }
    const words = this.chunk;
    words[at] = kind;
    words[at + 1] = timeUs;
    words[at + 2] = timeUs;
    words[at + 3] = orderId;
    words[at + 4] = instrumentIndex;
    words[at + 5] = accountId;
    words[at + 6] = strategyId;
    words[at + 7] = source;
    // A chunk from a pool still holds old fields. Eight stores: a call of fill() costs more.
    words[at + 8] = 0;
    words[at + 9] = 0;
    words[at + 10] = 0;
    words[at + 11] = 0;
    words[at + 12] = 0;
    words[at + 13] = 0;
    words[at + 14] = 0;
    words[at + 15] = 0;
    this.offset = at + EventWord.f0;
    this.at = at + EVENT_WORDS;
    this.count += 1;
    return words;
  }

  /** Where the fields of the event just begun start. */
  offset = 0;

  setTexts(orderId: number, reason: string, tag: string): void {
    if (reason !== "") keep(this.reasons, orderId, reason);
    if (tag !== "") keep(this.tags, orderId, tag);
  }

  reasonOf(orderId: number): string {
    return this.reasons[orderId] ?? "";
  }

  tagOf(orderId: number): string {
    return this.tags[orderId] ?? "";
  }

  /** Word `word` of the event with place `index`, from {@link first}. */
  word(index: number, word: number): number {
    const held = index - this.first;
    const chunk = this.chunks[Math.floor(held / CHUNK_EVENTS)];
    if (chunk === undefined) throw outside(index, this.first, this.count);
    return chunk[(held % CHUNK_EVENTS) * EVENT_WORDS + word]!;
  }

  /** Calls `visit` with each chunk and the words used in it, in order. */
  forEachChunk(visit: (words: Float64Array, used: number) => void): void {
    this.chunks.forEach((chunk, k) => {
      const events = Math.min(CHUNK_EVENTS, this.count - this.first - k * CHUNK_EVENTS);
      if (events > 0) visit(chunk, events * EVENT_WORDS);
    });
  }

  /** One event for reading. */
  record(index: number): EventRecord {
    const word = (k: number): number => this.word(index, k);
    return {
      seq: index + 1,
      kind: word(EventWord.kind) as EventKind,
      timeUs: word(EventWord.timeUs),
      receiveUs: word(EventWord.receiveUs),
      orderId: word(EventWord.orderId),
      instrumentIndex: word(EventWord.instrumentIndex),
      accountId: word(EventWord.accountId),
      strategyId: word(EventWord.strategyId),
      source: word(EventWord.source),
      fields: [0, 1, 2, 3, 4, 5, 6, 7].map((k) => word(EventWord.f0 + k)),
    };
  }

  /** The events that are held. */
  records(): EventRecord[] {
    return Array.from({ length: this.count - this.first }, (_, index) => this.record(this.first + index));
  }
}

/** Writes a text at its order's place. Orders without one are filled in, so that the list has no gaps and stays a plain array. */
function keep(texts: string[], orderId: number, text: string): void {
  while (texts.length < orderId) texts.push("");
  texts[orderId] = text;
}

function outside(index: number, first: number, count: number): InvariantViolation {
  return new InvariantViolation(`event ${index} is read, held are events ${first} to ${count - 1}`);
}
