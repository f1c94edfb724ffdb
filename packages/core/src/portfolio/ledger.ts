import { InvariantViolation } from "../model/failure.ts";

/** Accounts of the double-entry ledger of one currency. Signs are such that all accounts of a currency sum to zero. */
export const LedgerAccount = { cash: 0, inventory: 1, capital: 2, profit: 3, fees: 4, funding: 5, interest: 6, dividends: 7 } as const;
export type LedgerAccount = (typeof LedgerAccount)[keyof typeof LedgerAccount];
export const LEDGER_ACCOUNT_NAMES = ["cash", "inventory", "capital", "profit", "fees", "funding", "interest", "dividends"] as const;

/** Why money moved. Funding, interest, dividend, split and conversion have their causes here ahead of the events that post them. */
export const LedgerCause = {
  deposit: 0,
  withdrawal: 1,
  fill: 2,
  fee: 3,
  funding: 4,
  borrow: 5,
  dividend: 6,
  split: 7,
  conversion: 8,
  insurance: 9,
} as const;
export type LedgerCause = (typeof LedgerCause)[keyof typeof LedgerCause];

/** One posting: money that moved between two accounts, in quanta. */
export interface LedgerRow {
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
  readonly quanta: number;
  readonly cause: LedgerCause;
}

/**
 * Exact money of one currency as double entry. Every movement takes from one account what it gives to another, so the sum
 * over all accounts is zero after every posting: nothing is lost and nothing appears.
 */
export class Ledger {
  readonly balances = new Float64Array(LEDGER_ACCOUNT_NAMES.length);
  /** Rows since the start, kept only on request: a long run would hold millions. */
  readonly rows: LedgerRow[] | undefined;

  constructor(options: { readonly keepRows?: boolean } = {}) {
    this.rows = options.keepRows === true ? [] : undefined;
  }

  get cash(): number {
    return this.balances[LedgerAccount.cash]!;
  }

  /** Moves `quanta` (whole, any sign) from `credit` to `debit`. Throws when a balance would pass the exact range. */
  move(debit: LedgerAccount, credit: LedgerAccount, quanta: number, cause: LedgerCause): void {
    const balances = this.balances;
    const gained = balances[debit]! + quanta;
    const given = balances[credit]! - quanta;
    if (!(Math.abs(gained) <= Number.MAX_SAFE_INTEGER && Math.abs(given) <= Number.MAX_SAFE_INTEGER)) {
      throw new InvariantViolation(`a ledger balance passes the exact range: ${gained}, ${given}`);
    }
    balances[debit] = gained;
    balances[credit] = given;
    if (this.rows !== undefined) this.rows.push({ debit, credit, quanta, cause });
  }

  /** Zero, always. */
  sum(): number {
    let sum = 0;
    for (const balance of this.balances) sum += balance;
    return sum;
  }
}
