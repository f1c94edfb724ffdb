import type { RatePerBillion } from "../model/rate.ts";

/** What an account may do: spend what it has (cash), or carry exposure against margin. */
export interface AccountTerms {
  readonly kind: "cash" | "margin";
  /** Margin needed to open one unit of notional, per 10^9: 10^9 for a leverage of one. */
  readonly initialMargin: RatePerBillion;
  /** Margin needed to keep it, per 10^9. At or below it the account is liquidated. */
  readonly maintenanceMargin: RatePerBillion;
  /** Fee of a liquidation on its notional, per 10^9. */
  readonly liquidationFee: RatePerBillion;
  /** True caps a deficit at zero; the venue's fund pays the rest. */
  readonly insurance: boolean;
}

/** An account that spends what it has: no borrowing, no short sales. */
export const CASH_ACCOUNT: AccountTerms = { kind: "cash", initialMargin: 1e9, maintenanceMargin: 0, liquidationFee: 0, insurance: false };

/** A margin account of the given leverage. Maintenance is half the initial margin unless given (fractions of notional). */
export function marginAccount(options: {
  readonly leverage: number;
  readonly maintenance?: number;
  readonly liquidationFee?: number;
  readonly insurance?: boolean;
}): AccountTerms {
  if (!(options.leverage >= 1 && options.leverage <= 1_000)) throw new RangeError(`leverage ${options.leverage} is outside 1..1000`);
  const initialMargin = Math.round(1e9 / options.leverage);
  return {
    kind: "margin",
    initialMargin,
    maintenanceMargin: options.maintenance === undefined ? Math.round(initialMargin / 2) : Math.round(options.maintenance * 1e9),
    liquidationFee: Math.round((options.liquidationFee ?? 0) * 1e9),
    insurance: options.insurance ?? false,
  };
}
