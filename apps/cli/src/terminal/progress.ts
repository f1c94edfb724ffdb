import { outputWidth, paint } from "./streams.ts";
import { cutText } from "./wrap-text.ts";

/** How far a piece of long work is. */
export interface ProgressState {
  readonly done: number;
  readonly total: number;
}

const TERMINAL_EVERY_MS = 80;
const LINES_EVERY_MS = 3_000;
/** Work that ends sooner shows nothing. */
const FIRST_AFTER_MS = 300;

/**
 * Progress on standard error: one line drawn over itself on a terminal, a plain line every few seconds elsewhere.
 * `update` may be called as often as one likes.
 */
export class ProgressLine {
  readonly #name: string;
  readonly #unit: string;
  readonly #stream: NodeJS.WriteStream;
  readonly #started = performance.now();
  #last = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  constructor(name: string, unit: string, stream: NodeJS.WriteStream = process.stderr) {
    this.#name = name;
    this.#unit = unit;
    this.#stream = stream;
  }

  update(state: ProgressState): void {
    const now = performance.now();
    const elapsed = now - this.#started;
    const every = this.#stream.isTTY ? TERMINAL_EVERY_MS : LINES_EVERY_MS;
    const quietFor = this.#stream.isTTY ? FIRST_AFTER_MS : LINES_EVERY_MS;
    if (elapsed < quietFor || now - this.#last < every) return;
    this.#last = now;
    const text = progressText(this.#name, this.#unit, state, elapsed / 1_000);
    if (this.#stream.isTTY) {
      this.#stream.write(`\r${cutText(text, outputWidth(this.#stream) - 1)}\x1b[K`);
      this.#isDrawn = true;
    } else {
      this.#stream.write(`${text}\n`);
    }
  }

  /** Removes the line from a terminal. */
  end(): void {
    if (this.#isDrawn) this.#stream.write(`\r\x1b[K`);
    this.#isDrawn = false;
  }

  /** Says something above the line. */
  remark(text: string): void {
    this.end();
    this.#stream.write(`${paint("dim", text, this.#stream)}\n`);
  }
}

/** `backtest  1,200,000 of 10,000,000 bars  12 %  23.1 M/s  0:12 left`. */
export function progressText(name: string, unit: string, { done, total }: ProgressState, seconds: number): string {
  const speed = seconds > 0 ? done / seconds : 0;
  const share = total > 0 ? Math.floor((done / total) * 100) : 0;
  const left = speed > 0 && total > done ? `  ${clock((total - done) / speed)} left` : "";
  return `${name}  ${share} %${left}  ${whole(done)} of ${whole(total)} ${unit}  ${rateText(speed)} ${unit}/s`;
}

function rateText(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(1)} M`;
  return perSecond >= 1e4 ? `${Math.round(perSecond / 1e3)} k` : whole(perSecond);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function clock(seconds: number): string {
  const rounded = Math.max(1, Math.round(seconds));
  const minutes = Math.floor(rounded / 60);
  const rest = String(rounded % 60).padStart(2, "0");
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
