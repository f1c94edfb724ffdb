import type { Env } from "@tradepulse/platform";
import type { CallPurpose, RateBudget } from "../port/rate-budget.ts";
import type { SilenceFile } from "../port/silence-file.ts";

/** Share of the limit that new risk and data may use; the rest stays for cancels and for establishing the truth. */
const OPEN_SHARE = 0.8;
const SLOT_US = 1_000_000;
const SLOTS = 61;
const WINDOW_US = 60_000_000;

export interface BinanceBudgetOptions {
  /** Weight a minute that the venue allows this address. */
  readonly limit?: number;
  /** Where a silence is kept for the next process. Without it a silence ends with this one. */
  readonly silence?: SilenceFile;
}

/**
 * Weight a minute. The venue counts whole minutes of its own clock; we count the last 60 seconds, which is never less than what any of its
 * minutes holds. Its own count (of all who share the address) is taken when it is larger, until a minute after it was read.
 */
export class BinanceRateBudget implements RateBudget {
  readonly #env: Env;
  readonly #slots = new Float64Array(SLOTS);
  #limit: number;
  /** Sum of the slots. */
  #used = 0;
  #slot: number;
  #seen = 0;
  #seenAtUs = Number.NEGATIVE_INFINITY;
  #sinceSeen = 0;
  #bannedUntilUs = 0;
  readonly #silence: SilenceFile | undefined;
  #recalled: Promise<void> | undefined;

  constructor(env: Env, options: BinanceBudgetOptions = {}) {
    this.#env = env;
    this.#silence = options.silence;
    this.#limit = options.limit ?? 6_000;
    this.#slot = slotOf(env.monoUs());
  }

  get bannedUntilUs(): number {
    return this.#bannedUntilUs;
  }

  /** The venue stated its limit. */
  setLimit(limit: number): void {
    this.#limit = limit;
  }

  waitUs(weight: number, purpose: CallPurpose): number {
    const nowUs = this.#env.monoUs();
    this.#roll(nowUs);
    const bannedUs = Math.max(0, this.#bannedUntilUs - nowUs);
    const room = this.#limit * (purpose === "new-risk" || purpose === "data" ? OPEN_SHARE : 1) - weight;
    return Math.max(bannedUs, this.#ownWaitUs(room, nowUs), this.#seenWaitUs(room, nowUs));
  }

  spend(weight: number): void {
    this.#roll(this.#env.monoUs());
    this.#slots[modulo(this.#slot)]! += weight;
    this.#used += weight;
    this.#sinceSeen += weight;
  }

  observe(usedWeight: number): void {
    if (!(usedWeight >= 0)) return;
    this.#seen = usedWeight;
    this.#sinceSeen = 0;
    this.#seenAtUs = this.#env.monoUs();
  }

  ban(untilMonoUs: number): void {
    if (untilMonoUs <= this.#bannedUntilUs) return;
    this.#bannedUntilUs = untilMonoUs;
    void this.#silence?.keep(untilMonoUs);
  }

  /** Takes over the silence that an earlier process was asked for. To be waited for before the first request; reads once. */
  recall(): Promise<void> {
    this.#recalled ??= this.#recall();
    return this.#recalled;
  }

  async #recall(): Promise<void> {
    const untilUs = await this.#silence?.read();
    if (untilUs !== undefined) this.#bannedUntilUs = Math.max(this.#bannedUntilUs, untilUs);
  }

  /** Until enough of our own calls are older than a minute. */
  #ownWaitUs(room: number, nowUs: number): number {
    let used = this.#used;
    if (used <= room) return 0;
    for (let slot = this.#slot - SLOTS + 1; slot <= this.#slot; slot += 1) {
      used -= this.#slots[modulo(slot)]!;
      if (used <= room) return (slot + SLOTS) * SLOT_US - nowUs;
    }
    return WINDOW_US;
  }

  /** Until the minute that the venue counted in is over, wherever in it we are. */
  #seenWaitUs(room: number, nowUs: number): number {
    const freshUs = this.#seenAtUs + WINDOW_US - nowUs;
    return freshUs > 0 && this.#seen + this.#sinceSeen > room ? freshUs : 0;
  }

  #roll(nowUs: number): void {
    const now = slotOf(nowUs);
    if (now === this.#slot) return;
    if (now - this.#slot >= SLOTS) {
      this.#slots.fill(0);
      this.#used = 0;
    } else {
      for (let slot = this.#slot + 1; slot <= now; slot += 1) {
        this.#used -= this.#slots[modulo(slot)]!;
        this.#slots[modulo(slot)] = 0;
      }
    }
    this.#slot = now;
  }
}

function slotOf(monoUs: number): number {
  return Math.floor(monoUs / SLOT_US);
}

function modulo(slot: number): number {
  return ((slot % SLOTS) + SLOTS) % SLOTS;
}

/** Orders in a fixed interval, as the venue counts them for the account (`X-MBX-ORDER-COUNT-10S`, `-1D`). */
export class OrderCounts {
  readonly #env: Env;
  readonly #counts = new Map<string, { count: number; atUs: number }>();
  readonly #limits = new Map<string, number>([
    ["10S", 50],
    ["1D", 160_000],
  ]);
  #pausedUntilUs = 0;

  constructor(env: Env) {
    this.#env = env;
  }

  setLimit(interval: string, limit: number): void {
    this.#limits.set(interval, limit);
  }

  /** One more was sent; the venue's own figure comes with the answer. */
  sent(): void {
    const nowUs = this.#env.monoUs();
    for (const interval of this.#limits.keys()) this.#counts.set(interval, { count: this.#count(interval, nowUs) + 1, atUs: nowUs });
  }

  observe(interval: string, count: number): void {
    if (count >= 0) this.#counts.set(interval, { count, atUs: this.#env.monoUs() });
  }

  /** The venue refused an order because there were too many. */
  pause(forUs: number): void {
    this.#pausedUntilUs = Math.max(this.#pausedUntilUs, this.#env.monoUs() + forUs);
  }

  /** Microseconds until another new order is allowed. */
  get waitUs(): number {
    const nowUs = this.#env.monoUs();
    let wait = Math.max(0, this.#pausedUntilUs - nowUs);
    for (const [interval, limit] of this.#limits) {
      if (this.#count(interval, nowUs) < limit) continue;
      wait = Math.max(wait, this.#counts.get(interval)!.atUs + lengthUs(interval) - nowUs);
    }
    return wait;
  }

  #count(interval: string, nowUs: number): number {
    const seen = this.#counts.get(interval);
    return seen === undefined || nowUs - seen.atUs >= lengthUs(interval) ? 0 : seen.count;
  }
}

const UNIT_US: Readonly<Record<string, number>> = { S: 1_000_000, M: 60_000_000, H: 3_600_000_000, D: 86_400_000_000 };

const LENGTHS = new Map<string, number>();

/** `10S` is ten seconds. */
function lengthUs(interval: string): number {
  let length = LENGTHS.get(interval);
  if (length === undefined) {
    length = readLength(interval);
    // The names come from the venue: a few, but nobody promises that.
    if (LENGTHS.size < 64) LENGTHS.set(interval, length);
  }
  return length;
}

function readLength(interval: string): number {
  return Number(interval.slice(0, -1)) * (UNIT_US[interval.slice(-1)] ?? 60_000_000);
}
