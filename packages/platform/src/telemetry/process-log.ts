import { formatTimeUs } from "@tradepulse/core";
import type { Env } from "../env/env.ts";
import { LOG_LEVELS, type Log, type LogFields, type LogLevel, type LogLine } from "./log.ts";
import { LogFile } from "./log-file.ts";
import type { Redactor } from "./redactor.ts";

export interface ProcessLogOptions {
  readonly env: Env;
  /** Absolute folder of the files `log-000001.jsonl` and on. */
  readonly folder: string;
  readonly redactor: Redactor;
  /** The least level that is written; default `info`. */
  readonly level?: LogLevel;
  /** Told of every line that is written, secrets taken out: for people who watch. */
  readonly onLine?: (line: LogLine) => void;
  /** A file that has reached this size is followed by another one; default 8 MiB. */
  readonly maxFileBytes?: number;
  /** Files that are kept, the newest ones; default 8. */
  readonly maxFiles?: number;
  /** Lines that wait for the disk; more are dropped and counted. Default 1 MiB. */
  readonly maxWaitingBytes?: number;
}

const ENCODER = new TextEncoder();
const MAX_TEXT = 2_000;
const MAX_FIELDS = 32;

/**
 * The log of a process: one JSON object a line in files of its own, bounded in size and number, and the same lines to whoever watches. This is the one
 * place where a line is made, and here secrets are taken out. It never throws and never makes anybody wait: when the disk is slow or full, lines are
 * dropped, counted, and the count is told in a line once there is room.
 *
 * ```json
 * {"time":"2026-03-01T00:04:05.25Z","level":"warn","event":"bad-input","text":"...","source":"rest","kind":"unreadable"}
 * ```
 */
export class ProcessLog implements Log {
  private readonly options: ProcessLogOptions;
  private readonly file: LogFile;
  private readonly least: number;

  constructor(options: ProcessLogOptions) {
    this.options = options;
    this.least = LOG_LEVELS.indexOf(options.level ?? "info");
    this.file = new LogFile(options, (lines) =>
      this.encoded(this.made("warn", "log-dropped", `${lines} lines of this log were dropped: the disk was slow or full`, { lines })),
    );
  }

  /** Lines that did not reach the disk, so far. */
  get dropped(): number {
    return this.file.dropped;
  }

  write(level: LogLevel, event: string, text: string, fields: LogFields = {}): void {
    if (LOG_LEVELS.indexOf(level) < this.least) return;
    const line = this.made(level, event, text, fields);
    this.file.append(this.encoded(line));
    this.options.onLine?.(line);
  }

  /** Resolves when every line so far is written or dropped. */
  drained(): Promise<void> {
    return this.file.drained();
  }

  /** Ends the log: what waits is written, and synced. Lines after it are dropped. */
  close(): Promise<void> {
    return this.file.close();
  }

  private made(level: LogLevel, event: string, text: string, fields: LogFields): LogLine {
    const { env, redactor } = this.options;
    const clean: Record<string, string | number | boolean | null> = {};
    for (const [name, value] of Object.entries(fields).slice(0, MAX_FIELDS)) {
      if (value !== undefined) clean[name] = typeof value === "string" ? short(redactor.clean(value)) : value;
    }
    return { timeUs: env.wallUs(), level, event, text: short(redactor.clean(text)), fields: clean };
  }

  private encoded({ timeUs, level, event, text, fields }: LogLine): Uint8Array {
    return ENCODER.encode(`${JSON.stringify({ time: formatTimeUs(timeUs), level, event, text, ...fields }).toWellFormed()}\n`);
  }
}

function short(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)} ... (${text.length} characters)`;
}
