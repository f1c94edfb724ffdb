import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import type { JournalRecord } from "@tradepulse/live";
import { RecordReader } from "../../packages/live/src/journal/record-reader.ts";

const WINDOW = 65_536;
/** Looks without news between two looks for a new segment. */
const FOLDER_EVERY = 8;

/** Follows a journal that another process writes, record by record, without touching it. */
export class JournalTail {
  /** Everything seen so far, in one line each: what was seen must be there at the end. */
  readonly seen: string[] = [];
  readonly counts = new Map<string, number>();
  /** Names of the orders that an intent was written for. */
  readonly intents = new Set<string>();
  /** Of the segment that is being written. */
  segment = "";
  offset = 0;
  private readonly folder: string;
  private readonly window = new Uint8Array(WINDOW);
  private nextSeq = 1;
  private handle: number | undefined;
  private idle = FOLDER_EVERY;
  /** Orders with an intent whose end or placing has not been told. */
  private readonly open = new Set<number>();
  /** Orders of which any news has come: an answer that is lost afterwards makes none of them doubtful. */
  private readonly told = new Set<number>();
  isTrusted = false;
  lastChangeMs = performance.now();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Orders of which nobody can say yet what became of them. */
  get unresolved(): number {
    return this.open.size;
  }

  count(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** Reads what has come. Names of the records that came: their kind, for orders and commands with what they say. */
  poll(): readonly string[] {
    const names: string[] = [];
    for (;;) {
      const before = this.nextSeq;
      if (this.handle !== undefined) this.readOn(names);
      if (this.nextSeq > before) {
        this.idle = 0;
        continue;
      }
      this.idle += 1;
      if (this.idle < FOLDER_EVERY) break;
      this.idle = 0;
      if (!this.openNext()) break;
    }
    if (names.length > 0) this.lastChangeMs = performance.now();
    return names;
  }

  close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }

  private readOn(names: string[]): void {
    const length = readSync(this.handle!, this.window, 0, WINDOW, this.offset);
    const reader = new RecordReader(this.window.subarray(0, length), this.nextSeq, this.segment);
    while (reader.next()) this.take(reader.record(), names);
    this.offset += reader.offset;
    this.nextSeq = reader.nextSeq;
  }

  /** The segment that begins with the next record, once a later life has begun it. */
  private openNext(): boolean {
    const name = `${String(this.nextSeq).padStart(16, "0")}.journal`;
    if (name === this.segment) return false;
    // It may have been put away before it was looked at.
    const folder = [this.folder, `${this.folder}/archive`].find((each) => listed(each).includes(name));
    const handle = folder === undefined ? undefined : opened(`${folder}/${name}`);
    if (handle === undefined) return false;
    this.close();
    this.segment = name;
    this.offset = 0;
    this.handle = handle;
    return true;
  }

  private take(record: JournalRecord, names: string[]): void {
    const { kind, payload } = record;
    this.seen.push(lineOf(record));
    const detail = kind === "order" ? payload["event"] : kind === "command" ? payload["kind"] : undefined;
    const name = typeof detail === "string" ? `${kind} ${detail}` : kind;
    names.push(name);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    const orderId = payload["orderId"] as number;
    if (kind === "intent") this.intents.add(payload["clientId"] as string);
    if (kind === "order" && name !== "order unknown") this.told.add(orderId);
    if (kind === "intent" || (name === "order unknown" && !this.told.has(orderId))) this.open.add(orderId);
    else if (kind === "order" || kind === "not-sent") this.open.delete(orderId);
    else if (kind === "trust") this.isTrusted = payload["isTrusted"] === true;
    else if (kind === "leader") this.isTrusted = false;
  }
}

export function lineOf({ seq, kind, payload }: Pick<JournalRecord, "seq" | "kind" | "payload">): string {
  return `${seq} ${kind} ${JSON.stringify(payload)}`;
}

/** Undefined when it is moved at this moment: the next look finds it. */
function opened(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    return undefined;
  }
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
