import { formatDate, formatTimeUs, US_PER_DAY } from "@tradepulse/core";
import type { SessionStatus } from "@tradepulse/live";
import type { LogLine } from "@tradepulse/platform";
import { counted, moneyText } from "../terminal/number-text.ts";
import { outputWidth, paint } from "../terminal/streams.ts";
import { cutText } from "../terminal/wrap-text.ts";

const TERMINAL_EVERY_MS = 80;
const LINES_EVERY_MS = 5_000;
/** A date before a time of day. */
const DATE = /^\d{4}-\d\d-\d\dT/;
const TRADING_STATE = /^trading is (enabled|reduce-only|halted)\b/;

/**
 * How a session stands, one line a bar: drawn over itself on a terminal, and elsewhere a line every few seconds. Fills and changes of the
 * trading state are lines that stay.
 */
export class StatusLine {
  readonly #stream: NodeJS.WriteStream;
  /** Bars are named by their day. */
  isDaily: boolean;
  #last: SessionStatus | undefined;
  #lastMs = performance.now();
  #isDrawn = false;
  /** The trading state that a kept line has told last. */
  #toldState: string | undefined;

  constructor(isDaily = false, stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    this.isDaily = isDaily;
  }

  show(status: SessionStatus): void {
    const before = this.#last;
    this.#last = status;
    const { tradingState } = status;
    // Whoever changed it has mostly said so already, with the reason.
    if (before !== undefined && before.tradingState !== tradingState && this.#toldState !== tradingState)
      this.keep(`trading is ${tradingState}`);
    const now = performance.now();
    if (now - this.#lastMs < (this.#stream.isTTY ? TERMINAL_EVERY_MS : LINES_EVERY_MS)) return;
    this.#lastMs = now;
    const text = statusText(status, this.isDaily);
    if (this.#stream.isTTY) {
      const room = outputWidth(this.#stream) - 1;
      // What must be seen stands in front; the date is what one can do without.
      this.#stream.write(`\r${cutText(text.length > room ? text.replace(DATE, "") : text, room)}\x1b[K`);
      this.#isDrawn = true;
    } else {
      this.#stream.write(`${text}\n`);
    }
  }

  /** A line that stays. */
  keep(text: string): void {
    this.clear();
    this.#toldState = TRADING_STATE.exec(text)?.[1] ?? this.#toldState;
    this.#stream.write(`${paint("yellow", text, this.#stream)}\n`);
  }

  /** A line of the log. What is not as it should be stands out; the rest is for who looks closely. */
  log({ timeUs, level, text }: LogLine): void {
    if (level === "debug") return;
    this.clear();
    const line = `${formatTimeUs(timeUs)}  ${level === "info" ? "" : `${level}  `}${text}`;
    this.#stream.write(`${paint(level === "info" ? "dim" : "yellow", line, this.#stream)}\n`);
  }

  clear(): void {
    if (this.#isDrawn) this.#stream.write("\r\x1b[K");
    this.#isDrawn = false;
  }
}

/** `2020-03-12  equity 103,456.78  1,234.5 ^GSPC @ 2,480.64  12 fills`; a state in which not everything may trade comes first. */
export function statusText(status: SessionStatus, isDaily: boolean): string {
  const { timeUs, equity, positions, fills, openOrders, tradingState } = status;
  // A daily bar is named by its day, not by the midnight at which it closed.
  const time = isDaily ? formatDate(timeUs - US_PER_DAY) : formatTimeUs(timeUs);
  const held = positions.map(
    ({ instrumentId, quantity, lastPrice }) => `${quantityText(quantity)} ${instrumentId.split("@", 1)[0]} @ ${priceText(lastPrice)}`,
  );
  const orders = openOrders === 0 ? "" : `  ${openOrders} open`;
  const state = tradingState === "enabled" ? "" : `${tradingState}  `;
  return `${time}  ${state}equity ${moneyText(equity)}  ${held.join("  ")}  ${counted(fills, "fill")}${orders}`;
}

function quantityText(quantity: number): string {
  return quantity.toLocaleString("en-US", { maximumFractionDigits: Math.abs(quantity) >= 100 ? 1 : 6 });
}

function priceText(price: number): string {
  return price.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: price < 1 ? 8 : 2 });
}
