import type { Env, FileHandle } from "../env/env.ts";

export interface LogFileOptions {
  readonly env: Env;
  readonly folder: string;
  readonly maxFileBytes?: number;
  readonly maxFiles?: number;
  readonly maxWaitingBytes?: number;
}

const NAME = /^log-(\d{6})\.jsonl$/;
/** After a failure the disk is left alone for so long. */
const PAUSE_US = 1_000_000;
const NEWLINE = 10;

/** Lines in files of bounded size and number. What waits for the disk is bounded too; lines beyond that, and those that a disk refuses, are dropped and counted. */
export class LogFile {
  /** Lines that did not reach a file, so far. */
  dropped = 0;
  private readonly options: LogFileOptions;
  private readonly tellDropped: (lines: number) => Uint8Array;
  private readonly maxFileBytes: number;
  private readonly maxFiles: number;
  private readonly maxWaitingBytes: number;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private toldDropped = 0;
  private handle: FileHandle | undefined;
  private number = 0;
  private position = 0;
  private writing: Promise<void> | undefined;
  private pausedUntilUs = Number.NEGATIVE_INFINITY;
  private isClosed = false;

  /** `tellDropped` makes the line that says how many were dropped. */
  constructor(options: LogFileOptions, tellDropped: (lines: number) => Uint8Array) {
    this.options = options;
    this.tellDropped = tellDropped;
    this.maxFileBytes = options.maxFileBytes ?? 8 * 1_048_576;
    this.maxFiles = options.maxFiles ?? 8;
    this.maxWaitingBytes = options.maxWaitingBytes ?? 1_048_576;
  }

  append(line: Uint8Array): void {
    if (this.isClosed || this.waitingBytes + line.length > this.maxWaitingBytes) {
      this.dropped += 1;
      return;
    }
    this.waiting.push(line);
    this.waitingBytes += line.length;
    this.begin();
  }

  async drained(): Promise<void> {
    while (this.writing !== undefined) await this.writing;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.pausedUntilUs = Number.NEGATIVE_INFINITY;
    this.begin();
    await this.drained();
    const { handle } = this;
    this.handle = undefined;
    await handle?.sync().catch(() => undefined);
    await handle?.close().catch(() => undefined);
  }

  private begin(): void {
    if (this.writing !== undefined || this.waiting.length === 0 || this.options.env.monoUs() < this.pausedUntilUs) return;
    this.writing = this.writeWaiting().finally(() => {
      this.writing = undefined;
      // Lines that came after the last look.
      if (this.waiting.length > 0) this.begin();
    });
  }

  private async writeWaiting(): Promise<void> {
    while (this.waiting.length > 0) {
      const lines = this.waiting;
      this.waiting = [];
      this.waitingBytes = 0;
      const untold = this.dropped - this.toldDropped;
      const note = untold > 0 ? this.tellDropped(untold) : undefined;
      if (note !== undefined) lines.unshift(note);
      try {
        await this.put(lines);
        this.toldDropped += untold;
      } catch {
        // Nobody can be told but by this log itself; the count is told once it writes again.
        if (note !== undefined && lines[0] !== note) this.toldDropped += untold;
        this.dropped += lines.filter((line) => line !== note).length;
        await this.handle?.close().catch(() => undefined);
        this.handle = undefined;
        this.pausedUntilUs = this.options.env.monoUs() + PAUSE_US;
        return;
      }
    }
  }

  /** Writes the lines and takes those that are written out of the list. */
  private async put(lines: Uint8Array[]): Promise<void> {
    while (lines.length > 0) {
      this.handle ??= await this.openNewest();
      if (this.position >= this.maxFileBytes) this.handle = await this.openNext();
      let count = 0;
      let bytes = 0;
      while (count < lines.length && (count === 0 || this.position + bytes < this.maxFileBytes)) {
        bytes += lines[count]!.length;
        count += 1;
      }
      await this.handle.writeAt(this.position, joined(lines.slice(0, count), bytes));
      this.position += bytes;
      lines.splice(0, count);
    }
  }

  private async openNewest(): Promise<FileHandle> {
    const { env, folder } = this.options;
    await env.files.makeFolder(folder);
    const numbers = await this.numbers();
    this.number = numbers.at(-1) ?? 1;
    const handle = await env.files.open(this.path(this.number));
    this.position = await handle.size();
    // A line that a crash has cut must not swallow the next one.
    if (this.position > 0 && (await handle.readAt(this.position - 1, 1))[0] !== NEWLINE) {
      await handle.writeAt(this.position, Uint8Array.of(NEWLINE));
      this.position += 1;
    }
    return handle;
  }

  private async openNext(): Promise<FileHandle> {
    const { files } = this.options.env;
    await this.handle?.close();
    this.handle = undefined;
    this.number += 1;
    const handle = await files.open(this.path(this.number));
    this.position = 0;
    for (const number of (await this.numbers()).slice(0, -this.maxFiles)) await files.remove(this.path(number));
    return handle;
  }

  private async numbers(): Promise<readonly number[]> {
    const { env, folder } = this.options;
    return (await env.files.list(folder)).flatMap((name) => {
      const match = NAME.exec(name);
      return match === null ? [] : [Number(match[1])];
    });
  }

  private path(number: number): string {
    return `${this.options.folder}/log-${String(number).padStart(6, "0")}.jsonl`;
  }
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
