import type { Env, FileHandle } from "@tradepulse/platform";
import { canonicalJson } from "../journal/canonical-json.ts";
import { crc32c } from "../journal/crc32c.ts";

/** One thing that was seen or done. */
export interface EvidenceRecord {
  readonly seq: number;
  /** Wall clock of the writer. */
  readonly atUs: number;
  readonly kind: string;
  readonly about: Readonly<Record<string, unknown>>;
}

export interface EvidenceReading {
  readonly records: readonly EvidenceRecord[];
  /** Bytes of the whole lines. What follows them without an end of line was cut off while it was written. */
  readonly wholeBytes: number;
  /** True when a whole line follows that is none of ours, or not any more. */
  readonly isDamaged: boolean;
}

/** Lines that wait for a disk that takes none. The oldest go first. */
const MOST_WAITING = 1_000;
const NEWLINE = 10;
const NAME = /^evidence-(\d{6})\.jsonl$/;

/**
 * Reads lines as far as they are whole. The checksum of each covers the one before, so that a line which was changed, taken out or put in is the last
 * that can be read.
 */
export function readEvidence(bytes: Uint8Array): EvidenceReading {
  const records: EvidenceRecord[] = [];
  let check = 0;
  let from = 0;
  for (;;) {
    const to = bytes.indexOf(NEWLINE, from);
    if (to < 0) break;
    const read = readLine(new TextDecoder().decode(bytes.subarray(from, to)), check, records.length);
    if (read === undefined) break;
    records.push(read.record);
    check = read.check;
    from = to + 1;
  }
  return { records, wholeBytes: from, isDamaged: bytes.indexOf(NEWLINE, from) >= 0 };
}

function readLine(text: string, before: number, last: number): { readonly record: EvidenceRecord; readonly check: number } | undefined {
  try {
    const { check, ...record } = JSON.parse(text) as EvidenceRecord & { readonly check: unknown };
    if (typeof check !== "number" || record.seq !== last + 1 || check !== checksum(record, before)) return undefined;
    return { record, check };
  } catch {
    return undefined;
  }
}

function checksum(record: EvidenceRecord, before: number): number {
  return crc32c(new TextEncoder().encode(`${before} ${canonicalJson(record)}`));
}

/**
 * Everything that a sentinel saw and did, append only, each line on the disk before the next. It is proof for afterwards and nothing waits for it: a disk
 * that takes nothing keeps lines waiting, and acting goes on. A line that was cut off
 * while it was written is taken away; a damaged file is left as it is, and a new one begun.
 */
export class EvidenceLog {
  private readonly env: Env;
  private readonly folder: string;
  private readonly onAlarm: (text: string) => void;
  private readonly waiting: Omit<EvidenceRecord, "seq">[] = [];
  private handle: FileHandle | undefined;
  private position = 0;
  private seq = 0;
  private check = 0;
  private writing: Promise<void> | undefined;
  private isTold = false;

  constructor(env: Env, folder: string, onAlarm: (text: string) => void) {
    this.env = env;
    this.folder = folder;
    this.onAlarm = onAlarm;
  }

  /** Never throws and never waits. `about` is plain JSON. */
  append(kind: string, about: Readonly<Record<string, unknown>>): void {
    this.waiting.push({ atUs: this.env.wallUs(), kind, about });
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
    this.flush();
  }

  /** Tries again to write what waits. */
  flush(): void {
    if (this.writing !== undefined || this.waiting.length === 0) return;
    this.writing = this.write()
      .catch((error: unknown) => this.lost(error))
      .finally(() => {
        this.writing = undefined;
      });
  }

  /** Resolves when everything appended so far is on the disk, or the disk refused it. */
  async settled(): Promise<void> {
    this.flush();
    await this.writing;
  }

  async close(): Promise<void> {
    await this.settled();
    await this.handle?.close();
    this.handle = undefined;
  }

  private async write(): Promise<void> {
    this.handle ??= await this.open();
    while (this.waiting.length > 0) {
      const record: EvidenceRecord = { seq: this.seq + 1, ...this.waiting[0]! };
      const check = checksum(record, this.check);
      const line = new TextEncoder().encode(`${canonicalJson({ ...record, check })}\n`);
      await this.handle.writeAt(this.position, line);
      await this.handle.sync();
      this.waiting.shift();
      this.position += line.length;
      this.seq += 1;
      this.check = check;
    }
    this.isTold = false;
  }

  private async open(): Promise<FileHandle> {
    const { files } = this.env;
    await files.makeFolder(this.folder);
    const numbers = (await files.list(this.folder)).flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
    const number = numbers.reduce((most, each) => Math.max(most, each), 0);
    if (number > 0) {
      const { records, wholeBytes, isDamaged } = readEvidence(await files.read(this.path(number)));
      if (!isDamaged) {
        this.go(records, wholeBytes);
        const known = await files.open(this.path(number));
        await known.truncate(wholeBytes);
        return known;
      }
      this.onAlarm(`the evidence in ${this.path(number)} is damaged after record ${records.length}: a new file is begun`);
    }
    this.go([], 0);
    const handle = await files.open(this.path(number + 1));
    await files.syncFolder(this.folder);
    return handle;
  }

  private go(records: readonly EvidenceRecord[], position: number): void {
    this.seq = records.length;
    this.position = position;
    const last = records.at(-1);
    this.check = 0;
    if (last === undefined) return;
    for (const record of records) this.check = checksum(record, this.check);
  }

  private lost(error: unknown): void {
    // After a failed write nobody knows what the file holds.
    void this.handle?.close().catch(() => undefined);
    this.handle = undefined;
    if (!this.isTold) this.onAlarm(`evidence could not be written, ${this.waiting.length} lines wait: ${String(error)}`);
    this.isTold = true;
  }

  private path(number: number): string {
    return `${this.folder}/evidence-${String(number).padStart(6, "0")}.jsonl`;
  }
}

/** All evidence of a folder, oldest first, as far as it can be read. */
export async function readEvidenceFolder(env: Env, folder: string): Promise<readonly EvidenceRecord[]> {
  const names = (await env.files.list(folder)).filter((name) => NAME.test(name));
  const found: EvidenceRecord[] = [];
  for (const name of names) found.push(...readEvidence(await env.files.read(`${folder}/${name}`)).records);
  return found;
}
