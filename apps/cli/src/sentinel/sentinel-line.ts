import type { SentinelNews, SentinelStatus } from "@tradepulse/live";
import { outputWidth, paint } from "../terminal/streams.ts";
import { cutText } from "../terminal/wrap-text.ts";

/** How a sentinel stands: drawn over itself on a terminal, elsewhere a line when it changes. News are lines that stay. */
export class SentinelLine {
  readonly #stream: NodeJS.WriteStream;
  #last = "";
  #isDrawn = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  show(status: SentinelStatus): void {
    if (this.#stream.isTTY) {
      this.#stream.write(`\r${cutText(`${standText(status)}${silenceText(status)}`, outputWidth(this.#stream) - 1)}\x1b[K`);
      this.#isDrawn = true;
      return;
    }
    const text = standText(status);
    if (text === this.#last) return;
    this.#last = text;
    this.#stream.write(`${text}\n`);
  }

  /** A line that stays, with its time. */
  keep({ kind, text }: SentinelNews): void {
    this.clear();
    const time = new Date().toISOString().slice(0, 19);
    this.#stream.write(
      `${paint("dim", `${time}Z`, this.#stream)}  ${kind === "alarm" ? paint("red", `ALARM  ${text}`, this.#stream) : text}\n`,
    );
  }

  clear(): void {
    if (this.#isDrawn) this.#stream.write("\r\x1b[K");
    this.#isDrawn = false;
  }
}

/** `watching ema-cross  trading enabled`. */
export function standText({ state, session, latch, isAble }: SentinelStatus): string {
  const who = session === undefined ? "for a trader" : session;
  const able = isAble ? "" : "  COULD NOT CANCEL";
  return `${state} ${who}  trading ${latch.state}${able}`;
}

function silenceText({ session, silentUs }: SentinelStatus): string {
  return session === undefined ? "" : `  sign of life ${(silentUs / 1e6).toFixed(1)} s ago`;
}
