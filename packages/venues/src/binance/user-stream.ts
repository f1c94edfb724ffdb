import type { Env, Timer } from "@tradepulse/platform";
import type { ReadOutcome, UserStream, UserStreamHandlers } from "../port/execution-client.ts";
import type { MessageFlaw } from "../port/flaw.ts";
import type { RateBudget } from "../port/rate-budget.ts";
import { Backoff } from "./backoff.ts";
import type { ClientIdMemory } from "./client-id-memory.ts";
import { parseAccountPosition, parseBalanceUpdate, parseExecutionReport } from "./parse-user.ts";
import { type Shape, ShapeError } from "./schema.ts";
import type { BinanceKey } from "./sign.ts";
import { UserConnection } from "./user-connection.ts";
import type { VenueClock } from "./venue-clock.ts";

/** How long the old connection is still listened to after another took over: what it had under way arrives by then. */
const OVERLAP_US = 5_000_000;
/** An event that could not be read is followed by this much quiet before the stream vouches again, so that many of them are one doubt. */
const SETTLE_US = 1_000_000;
/** A connection that stood so long was no failure. */
const STABLE_US = 60_000_000;
/** Weight of connecting and subscribing. */
const CONNECT_WEIGHT = 6;

export interface UserStreamParts {
  readonly env: Env;
  readonly url: string;
  readonly key: () => BinanceKey;
  readonly clock: VenueClock;
  readonly clockBudgetUs: number;
  readonly measureClock: () => Promise<ReadOutcome<unknown>>;
  readonly budget: RateBudget;
  readonly names: ClientIdMemory;
  readonly handlers: UserStreamHandlers;
  readonly onKeyRefused?: () => void;
}

export function openBinanceUserStream(parts: UserStreamParts): UserStream {
  return new BinanceUserStream(parts);
}

/**
 * The account's private events, for as long as it is not closed. A connection that ends without a successor means doubt until another one is
 * subscribed. One that will be cut at a known time is replaced first and both are listened to for a while, which loses nothing and can say
 * everything twice; fills are told apart by their trade id anyway.
 */
class BinanceUserStream implements UserStream {
  readonly #parts: UserStreamParts;
  readonly #backoff: Backoff;
  readonly #timers = new Set<Timer>();
  #current: UserConnection | undefined;
  #next: UserConnection | undefined;
  #old: UserConnection | undefined;
  #isVouched = false;
  #isClosed = false;
  #isConnecting = false;
  #mustMeasure = false;
  /** A connection is missing, or the one in use will be cut. */
  #isWanted = true;
  #unreadable = 0;
  #readyUs = 0;
  #lastLifeUs: number;

  constructor(parts: UserStreamParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.env.random("binance.user-stream"));
    this.#lastLifeUs = parts.env.monoUs();
    this.#connect();
  }

  get silentUs(): number {
    return this.#parts.env.monoUs() - Math.max(this.#lastLifeUs, this.#current?.lastLifeUs ?? 0);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    for (const connection of [this.#current, this.#next, this.#old]) connection?.close();
    this.#current = this.#next = this.#old = undefined;
  }

  #connect(): void {
    if (this.#isClosed || !this.#isWanted || this.#isConnecting || this.#next !== undefined) return;
    this.#isConnecting = true;
    this.#prepare().then(
      (waitUs) => {
        this.#isConnecting = false;
        if (this.#isClosed) return;
        if (waitUs > 0) this.#later(waitUs, () => this.#connect());
        else this.#begin();
      },
      (error: unknown) => {
        // A key that cannot be had, say. It is told and tried again; nothing else can be done from here.
        this.#isConnecting = false;
        this.#doubt(`the stream cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
        this.#later(this.#backoff.nextUs(), () => this.#connect());
      },
    );
  }

  /** Microseconds to wait before connecting: room in the budget, and a clock that may sign. */
  async #prepare(): Promise<number> {
    const { budget, clock, clockBudgetUs, measureClock } = this.#parts;
    const waitUs = budget.waitUs(CONNECT_WEIGHT, "truth");
    if (waitUs > 0) return waitUs;
    if (!this.#mustMeasure && clock.errorUs <= clockBudgetUs) return 0;
    const read = await measureClock();
    if (read.kind === "read") {
      this.#mustMeasure = false;
      return clock.errorUs <= clockBudgetUs ? 0 : this.#backoff.nextUs();
    }
    this.#doubt(`the venue's clock could not be read: ${read.why}`);
    return Math.max(read.retryAfterUs, this.#backoff.nextUs());
  }

  #begin(): void {
    const { env, url, clock, budget } = this.#parts;
    const connection: UserConnection = new UserConnection(
      { env, url, key: this.#parts.key(), clock, budget },
      {
        onReady: () => this.#takeOver(connection),
        onEvent: (event) => this.#event(event),
        onUnreadable: (why, flaw) => this.#cannotRead(why, flaw),
        onFlaw: (flaw) => this.#parts.handlers.onFlaw?.(flaw),
        onExpiring: () => this.#replace(connection),
        onEnd: (why, flaw) => this.#ended(connection, why, flaw),
      },
    );
    this.#next = connection;
  }

  #takeOver(connection: UserConnection): void {
    const old = this.#current;
    this.#current = connection;
    this.#next = undefined;
    this.#isWanted = false;
    this.#readyUs = this.#parts.env.monoUs();
    if (old !== undefined) {
      this.#old?.close();
      this.#old = old;
      this.#later(OVERLAP_US, () => old.close());
    }
    this.#vouch();
  }

  #replace(connection: UserConnection): void {
    // Only the connection in use needs a successor.
    if (connection !== this.#current) return;
    this.#isWanted = true;
    this.#connect();
  }

  #ended(connection: UserConnection, why: string, flaw: "key" | "clock" | undefined): void {
    if (this.#isClosed || connection === this.#old) return;
    // Trying again and again is no sign of life: only a connection that was in use has given one.
    if (connection === this.#current) this.#lastLifeUs = Math.max(this.#lastLifeUs, connection.lastLifeUs);
    if (flaw === "key") this.#parts.onKeyRefused?.();
    if (flaw === "clock") this.#mustMeasure = true;
    if (connection === this.#next) this.#next = undefined;
    if (connection === this.#current) {
      this.#current = undefined;
      this.#isWanted = true;
      if (this.#parts.env.monoUs() - this.#readyUs >= STABLE_US) this.#backoff.reset();
    }
    // A successor that failed leaves the one in use as good as it was.
    if (this.#current === undefined) this.#doubt(why);
    this.#later(this.#backoff.nextUs(), () => this.#connect());
  }

  #event(event: Shape): void {
    const { handlers, names } = this.#parts;
    try {
      const kind = event.field("e").text(64);
      if (kind === "executionReport") {
        const { order, fill, missingFill } = parseExecutionReport(event);
        names.remember(order);
        handlers.onOrder(order, fill);
        if (missingFill !== undefined) this.#unsettle(`an event about ${order.symbol} lacks its fill: ${missingFill}`);
      } else if (kind === "outboundAccountPosition") handlers.onBalance(parseAccountPosition(event));
      else if (kind === "balanceUpdate") {
        const { asset, delta, timeUs } = parseBalanceUpdate(event);
        handlers.onTransfer?.(asset, delta, timeUs);
      } else if (!QUIET_KINDS.has(kind)) handlers.onUnreadable("an event of a kind that is not known", "unknown-type");
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      this.#cannotRead(error.message, "strange");
    }
  }

  /** What could not be read may have been a fill. */
  #cannotRead(why: string, flaw: MessageFlaw): void {
    this.#parts.handlers.onUnreadable(why, flaw);
    this.#unsettle(`a message could not be read: ${why}`);
  }

  #unsettle(why: string): void {
    this.#doubt(why);
    this.#unreadable += 1;
    const mark = this.#unreadable;
    this.#later(SETTLE_US, () => {
      if (mark === this.#unreadable && this.#current?.isReady === true) this.#vouch();
    });
  }

  #vouch(): void {
    if (this.#isVouched || this.#isClosed) return;
    this.#isVouched = true;
    this.#parts.handlers.onReady();
  }

  #doubt(why: string): void {
    if (this.#isClosed) return;
    this.#isVouched = false;
    this.#parts.handlers.onDoubt(why);
  }

  #later(delayUs: number, run: () => void): void {
    const timer = this.#parts.env.timer(delayUs, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }
}

/** Known, and nothing follows from them: the orders of a list and the balances behind a lock are told by events of their own. */
const QUIET_KINDS: ReadonlySet<string> = new Set(["listStatus", "externalLockUpdate"]);
