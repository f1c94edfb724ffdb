import type { Env } from "@tradepulse/platform";
import type { CancelOutcome, VenueOrder } from "@tradepulse/venues";
import { type CancelClient, mustGo, type SentinelAction } from "./cancel-client.ts";

export interface SweepParts {
  readonly env: Env;
  readonly client: CancelClient;
  /** Before every call: fresh keys when there is a reason. */
  readonly prepare: () => Promise<void>;
  /** The venue's own words for the instruments of the account. */
  readonly symbols: () => readonly string[];
  readonly action: SentinelAction;
  /** From an order's intent to the last instant at which the venue may let it in, its own horizon included. */
  readonly orderReachUs: number;
  readonly note: (kind: string, about: Readonly<Record<string, unknown>>) => void;
  readonly alarm: (text: string) => void;
  /** The sweep ends where it stands. */
  readonly signal: AbortSignal;
}

/** What a sweep came to. */
export interface SweepResult {
  /** Orders that are known to have been at work and had to go; there may have been more, canceled before they were read. */
  readonly seen: number;
  /** Orders that were left on purpose at the last reading. */
  readonly kept: number;
  readonly rounds: number;
  /** True when the readings proved that nothing is left to cancel. */
  readonly isClean: boolean;
}

const FIRST_PAUSE_US = 250_000;
const LONGEST_PAUSE_US = 5_000_000;
/** Between the two readings that prove that nothing is left. */
const CONFIRM_US = 2_000_000;
/** So many failed rounds in a row are told. */
const ROUNDS_TO_TELL = 5;
/** Order ids that a line of evidence names. */
const MOST_NAMED = 20;

interface Round {
  readonly isRead: boolean;
  readonly left: number;
  readonly kept: number;
  /** The venue asks for silence, or failed. */
  readonly waitUs: number;
}

/**
 * Cancels every working order of an account at the venue, and goes on until two readings in a row show none, the last of them after the instant from which no
 * order sent before the halt can be let in any more. Cancels may be repeated as often as it takes; orders are never sent. The rate budget of the venue
 * is kept, silence that it asks for is kept to the end.
 */
export class Sweep {
  private readonly parts: SweepParts;
  private readonly seen = new Set<string>();
  private rounds = 0;
  private failed = 0;
  private readonly unread = new Map<string, string>();
  private mayClockBeWrong = false;

  constructor(parts: SweepParts) {
    this.parts = parts;
  }

  /**
   * `latchedUs`: monotonic instant from which nothing new was sent; the last that may still come in is waited for. `isUrgent`: the first round cancels
   * before it reads.
   */
  async run(latchedUs: number, isUrgent: boolean): Promise<SweepResult> {
    const { env, signal, orderReachUs } = this.parts;
    let isFirst = isUrgent;
    let empty = 0;
    let pauseUs = FIRST_PAUSE_US;
    let kept = 0;
    while (!signal.aborted) {
      const startedUs = env.monoUs();
      const round = await this.round(isFirst);
      isFirst = false;
      this.rounds += 1;
      kept = round.kept;
      const isEmpty = round.isRead && round.left === 0;
      empty = isEmpty ? empty + 1 : 0;
      if (empty >= 2 && startedUs - latchedUs >= orderReachUs) return this.result(kept, true);
      this.count(round);
      const againUs = env.monoUs() + (isEmpty ? CONFIRM_US : Math.max(pauseUs, round.waitUs));
      await this.silence();
      await this.pause(againUs - env.monoUs());
      pauseUs = isEmpty ? FIRST_PAUSE_US : Math.min(LONGEST_PAUSE_US, 2 * pauseUs);
    }
    return this.result(kept, false);
  }

  private result(kept: number, isClean: boolean): SweepResult {
    return { seen: this.seen.size, kept, rounds: this.rounds, isClean };
  }

  private async round(isFirst: boolean): Promise<Round> {
    const { action, symbols, client } = this.parts;
    if (!(await this.ready())) return { isRead: false, left: 0, kept: 0, waitUs: 0 };
    // No answer is waited for: what has to go goes at once.
    if (isFirst && action === "cancel-all") await Promise.all(symbols().map((symbol) => this.cancelUnread(symbol)));
    let isRead = true;
    let left = 0;
    let kept = 0;
    let waitUs = 0;
    for (const symbol of symbols()) {
      const read = await client.openOrders(symbol);
      if (read.kind === "unavailable") {
        isRead = false;
        waitUs = Math.max(waitUs, read.retryAfterUs);
        this.mayClockBeWrong = true;
        this.noteUnread(symbol, read.why);
        continue;
      }
      const going = read.value.filter((order) => mustGo(order, action));
      left += going.length;
      kept += read.value.length - going.length;
      if (going.length === 0) continue;
      this.noteOrders(symbol, going);
      await this.cancelOrders(symbol, going, read.value.length === going.length);
    }
    return { isRead, left, kept, waitUs };
  }

  private async cancelOrders(symbol: string, going: readonly VenueOrder[], isAll: boolean): Promise<void> {
    if (isAll) return await this.cancelSymbol(symbol);
    for (const { clientId } of going) this.judge(symbol, clientId, await this.parts.client.cancel(symbol, clientId));
  }

  /** Asks what works and has it canceled in one breath; the answer is for the evidence. */
  private async cancelUnread(symbol: string): Promise<void> {
    const reading = this.parts.client.openOrders(symbol);
    await this.cancelSymbol(symbol);
    const read = await reading;
    if (read.kind === "read" && read.value.length > 0) this.noteOrders(symbol, read.value);
  }

  private async cancelSymbol(symbol: string): Promise<void> {
    this.judge(symbol, "all", await this.parts.client.cancelAll(symbol));
  }

  private judge(symbol: string, what: string, outcome: CancelOutcome): void {
    const { kind } = outcome;
    const said = kind === "refused" ? `${outcome.code} ${outcome.message}` : kind === "unknown" ? outcome.why : "";
    this.parts.note("cancel", { symbol, what, outcome: kind, said });
    // Of all that were canceled at once, the venue names one here.
    if (kind === "canceled") this.see(symbol, outcome.order);
    if (kind === "refused" && outcome.cause === "clock") this.mayClockBeWrong = true;
    if (kind === "refused" && outcome.cause === "authorisation")
      this.parts.alarm(`the venue refuses the sentinel's keys: ${said}; orders must be canceled by hand`);
  }

  /** Keys and clock: without the two nothing can be signed. */
  private async ready(): Promise<boolean> {
    const { prepare, client, note } = this.parts;
    try {
      await prepare();
    } catch (error) {
      note("no-keys", { why: String(error) });
      return false;
    }
    if (!this.mayClockBeWrong) return true;
    const read = await client.measureClock();
    if (read.kind === "read") this.mayClockBeWrong = false;
    else this.noteUnread("the clock", read.why);
    return read.kind === "read";
  }

  /** The same answer again and again is one line, not thousands. */
  private noteUnread(what: string, why: string): void {
    if (this.unread.get(what) === why) return;
    this.unread.set(what, why);
    this.parts.note("unread", { what, why });
  }

  private noteOrders(symbol: string, orders: readonly VenueOrder[]): void {
    for (const order of orders) this.see(symbol, order);
    this.parts.note("working", {
      symbol,
      orders: orders.length,
      some: orders.slice(0, MOST_NAMED).map(({ clientId, side, type, quantity }) => `${clientId} ${side} ${type} ${quantity}`),
    });
  }

  private see(symbol: string, { venueOrderId }: VenueOrder): void {
    this.seen.add(`${symbol}/${venueOrderId}`);
  }

  private count({ isRead }: Round): void {
    this.failed = isRead ? 0 : this.failed + 1;
    if (this.failed > 0 && this.failed % ROUNDS_TO_TELL === 0)
      this.parts.alarm(`the venue was asked ${this.failed} times in vain for the orders at work; it is asked again and again`);
  }

  /** Going on during a ban would prolong it. */
  private async silence(): Promise<void> {
    const { client, note, alarm } = this.parts;
    const waitUs = client.budget.waitUs(1, "reduce");
    if (waitUs <= 0) return;
    note("silence", { waitUs });
    alarm(`the venue asks for silence for ${Math.ceil(waitUs / 1e6)} s: orders that work cannot be canceled until then`);
    await this.pause(waitUs + 1_000);
  }

  private async pause(us: number): Promise<void> {
    if (us > 0) await this.parts.env.sleep(us, this.parts.signal).catch(() => undefined);
  }
}
