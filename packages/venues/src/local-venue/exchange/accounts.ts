import { type E8, ONE } from "./amount.ts";
import { refusals } from "./refusal.ts";
import type { TruthLedger } from "./truth-ledger.ts";

/** The anonymous rest of the market: the other side of every trade with nobody known. May owe without limit. */
export const CROWD = "crowd";
/** Where fees go. */
export const FEES = "fees";
/** Where deposits come from and withdrawals go. */
export const OUTSIDE = "outside";

export interface FeeTerms {
  /** Parts of 10^8: 100000 is one per mille. */
  readonly maker: E8;
  readonly taker: E8;
  /** Pay in BNB, a quarter cheaper, while there is enough of it. */
  readonly inBnb: boolean;
}

export interface Balance {
  free: E8;
  locked: E8;
}

/**
 * Balances of everybody, the crowd and the fee box included, so that every asset sums to zero at all times. Each change is written to
 * the truth ledger.
 */
export class Accounts {
  readonly #balances = new Map<string, Map<string, Balance>>();
  readonly #fees = new Map<string, FeeTerms>();
  readonly #ledger: TruthLedger;
  readonly #now: () => number;
  /** Assets of known accounts that changed since the last {@link takeChanged}. */
  readonly #changed = new Map<string, Set<string>>();

  constructor(ledger: TruthLedger, now: () => number) {
    this.#ledger = ledger;
    this.#now = now;
    for (const internal of [CROWD, FEES, OUTSIDE]) this.#balances.set(internal, new Map());
  }

  open(accountId: string, fees: FeeTerms): void {
    this.#balances.set(accountId, new Map());
    this.#fees.set(accountId, fees);
  }

  has(accountId: string): boolean {
    return this.#fees.has(accountId);
  }

  get ids(): readonly string[] {
    return [...this.#fees.keys()];
  }

  feesOf(accountId: string): FeeTerms {
    return this.#fees.get(accountId) ?? { maker: 0n, taker: 0n, inBnb: false };
  }

  balance(accountId: string, asset: string): Readonly<Balance> {
    return this.#entry(accountId, asset);
  }

  assets(accountId: string): readonly string[] {
    return [...this.#balances.get(accountId)!.keys()].sort();
  }

  /** Everything everybody has of an asset: zero, always. */
  total(asset: string): E8 {
    let total = 0n;
    for (const assets of this.#balances.values()) {
      const entry = assets.get(asset);
      if (entry !== undefined) total += entry.free + entry.locked;
    }
    return total;
  }

  /** Moves from free to locked; refused when there is not enough. */
  lock(accountId: string, asset: string, amount: E8, cause: string): void {
    if (this.#entry(accountId, asset).free < amount) throw refusals.rejected("Account has insufficient balance for requested action.");
    this.#change(accountId, asset, -amount, amount, cause);
  }

  unlock(accountId: string, asset: string, amount: E8, cause: string): void {
    if (amount !== 0n) this.#change(accountId, asset, amount, -amount, cause);
  }

  /** Moves free money between two accounts. */
  move(from: string, to: string, asset: string, amount: E8, cause: string): void {
    if (amount === 0n) return;
    this.#change(from, asset, -amount, 0n, cause);
    this.#change(to, asset, amount, 0n, cause);
  }

  /** Pays out of what is locked. */
  payLocked(from: string, to: string, asset: string, amount: E8, cause: string): void {
    if (amount === 0n) return;
    this.#change(from, asset, 0n, -amount, cause);
    this.#change(to, asset, amount, 0n, cause);
  }

  /** Accounts with assets that changed since the last call. */
  takeChanged(): readonly (readonly [accountId: string, assets: readonly string[]])[] {
    const changed = [...this.#changed].map(([account, assets]) => [account, [...assets]] as const);
    this.#changed.clear();
    return changed;
  }

  #entry(accountId: string, asset: string): Balance {
    const assets = this.#balances.get(accountId)!;
    let entry = assets.get(asset);
    if (entry === undefined) {
      entry = { free: 0n, locked: 0n };
      assets.set(asset, entry);
    }
    return entry;
  }

  #change(accountId: string, asset: string, freeChange: E8, lockedChange: E8, cause: string): void {
    const entry = this.#entry(accountId, asset);
    entry.free += freeChange;
    entry.locked += lockedChange;
    if (!this.#fees.has(accountId)) return;
    const { free, locked } = entry;
    this.#ledger.append(this.#now(), { kind: "balance", accountId, asset, freeChange, lockedChange, free, locked, cause });
    const assets = this.#changed.get(accountId);
    if (assets === undefined) this.#changed.set(accountId, new Set([asset]));
    else assets.add(asset);
  }
}

/** The fee on an amount, cut off below 10^-8. */
export function feeOn(amount: E8, rate: E8): E8 {
  return (amount * rate) / ONE;
}
