import { US_PER_DAY, US_PER_MINUTE, US_PER_SECOND } from "@tradepulse/core";
import { refusals } from "../exchange/refusal.ts";

export interface LimitOptions {
  /** Request weight for an address and minute. */
  readonly weightPerMinute: number;
  readonly ordersPer10Seconds: number;
  readonly ordersPerDay: number;
  /** Calls after a 429 that are borne before the address is banned. */
  readonly patience: number;
  /** Length of a first ban; each further one is twice as long, 3 days at most. */
  readonly firstBanUs: number;
  /** New connections of an address in five minutes. */
  readonly connectionsPer5Minutes: number;
}

export const DEFAULT_LIMITS: LimitOptions = {
  weightPerMinute: 6_000,
  ordersPer10Seconds: 100,
  ordersPerDay: 200_000,
  patience: 3,
  firstBanUs: 2 * US_PER_MINUTE,
  connectionsPer5Minutes: 300,
};

const LONGEST_BAN_US = 3 * US_PER_DAY;

interface Address {
  window: number;
  weight: number;
  /** Calls made in a minute whose weight was used up. */
  ignored: number;
  bans: number;
  bannedUntilUs: number;
  connectionWindow: number;
  connections: number;
}

/** What every address and account has used. Windows begin on whole minutes, tens of seconds, and days. */
export class UsageLimits {
  readonly options: LimitOptions;
  readonly #now: () => number;
  readonly #addresses = new Map<string, Address>();
  readonly #orders = new Map<string, Map<number, number>>();
  /** Bans given so far: the number that a careful client keeps at zero. */
  bansGiven = 0;
  refusedForWeight = 0;

  constructor(options: LimitOptions, now: () => number) {
    this.options = options;
    this.#now = now;
  }

  /** Weight used in this minute. */
  used(address: string): number {
    return this.#address(address).weight;
  }

  /** Counts a call; throws 429 when the minute is used up, 418 when the address is banned. */
  spend(address: string, weight: number): void {
    const entry = this.#address(address);
    this.checkBan(address);
    entry.weight += weight;
    if (entry.weight <= this.options.weightPerMinute) return;
    entry.ignored += 1;
    if (entry.ignored > this.options.patience) {
      this.ban(address, Math.min(LONGEST_BAN_US, this.options.firstBanUs * 2 ** entry.bans));
      this.checkBan(address);
    }
    this.refusedForWeight += 1;
    throw refusals.weight(this.options.weightPerMinute, this.#secondsToNextMinute());
  }

  /** Adds weight that others on the same address have used. */
  addForeign(address: string, weight: number): void {
    this.#address(address).weight += weight;
  }

  ban(address: string, lengthUs: number): void {
    const entry = this.#address(address);
    entry.bans += 1;
    entry.bannedUntilUs = this.#now() + lengthUs;
    this.bansGiven += 1;
  }

  checkBan(address: string): void {
    const { bannedUntilUs } = this.#address(address);
    const leftUs = bannedUntilUs - this.#now();
    if (leftUs > 0) throw refusals.banned(Math.ceil(bannedUntilUs / 1_000), Math.ceil(leftUs / US_PER_SECOND));
  }

  /** A refusal for weight that nothing was used for: a storm at the venue. */
  pretendUsedUp(): never {
    throw refusals.weight(this.options.weightPerMinute, this.#secondsToNextMinute());
  }

  /** Counts a connection; `false` when there were too many. */
  connect(address: string): boolean {
    const entry = this.#address(address);
    const window = Math.floor(this.#now() / (5 * US_PER_MINUTE));
    if (entry.connectionWindow !== window) {
      entry.connectionWindow = window;
      entry.connections = 0;
    }
    entry.connections += 1;
    return entry.connections <= this.options.connectionsPer5Minutes && entry.bannedUntilUs <= this.#now();
  }

  /** Counts a new order of an account; throws when there were too many. */
  countOrder(accountId: string): void {
    const counts = this.orderCounts(accountId);
    if (counts.per10Seconds >= this.options.ordersPer10Seconds) throw refusals.tooManyOrders(this.options.ordersPer10Seconds, "10 SECOND");
    if (counts.perDay >= this.options.ordersPerDay) throw refusals.tooManyOrders(this.options.ordersPerDay, "1 DAY");
    const windows = this.#windows(accountId);
    for (const key of this.#keys()) windows.set(key, (windows.get(key) ?? 0) + 1);
  }

  /** An order gives its place back: at its first fill, and when it was refused after all. One that is canceled or expires does not. */
  freeOrder(accountId: string): void {
    const windows = this.#windows(accountId);
    for (const key of this.#keys()) windows.set(key, Math.max(0, (windows.get(key) ?? 0) - 1));
  }

  orderCounts(accountId: string): { readonly per10Seconds: number; readonly perDay: number } {
    const windows = this.#windows(accountId);
    const keys = this.#keys();
    for (const key of windows.keys()) if (!keys.includes(key)) windows.delete(key);
    return { per10Seconds: windows.get(keys[0]) ?? 0, perDay: windows.get(keys[1]) ?? 0 };
  }

  #keys(): readonly [tenSeconds: number, day: number] {
    // Days are counted in negative numbers, so that the two sorts of windows share one map.
    return [Math.floor(this.#now() / (10 * US_PER_SECOND)), -1 - Math.floor(this.#now() / US_PER_DAY)];
  }

  #windows(accountId: string): Map<number, number> {
    let windows = this.#orders.get(accountId);
    if (windows === undefined) {
      windows = new Map();
      this.#orders.set(accountId, windows);
    }
    return windows;
  }

  #secondsToNextMinute(): number {
    return Math.ceil((US_PER_MINUTE - (this.#now() % US_PER_MINUTE)) / US_PER_SECOND);
  }

  #address(address: string): Address {
    const window = Math.floor(this.#now() / US_PER_MINUTE);
    let entry = this.#addresses.get(address);
    if (entry === undefined) {
      entry = { window, weight: 0, ignored: 0, bans: 0, bannedUntilUs: 0, connectionWindow: -1, connections: 0 };
      this.#addresses.set(address, entry);
    }
    if (entry.window !== window) {
      entry.window = window;
      entry.weight = 0;
      entry.ignored = 0;
    }
    return entry;
  }
}
