export { type AccountTerms, CASH_ACCOUNT, marginAccount } from "./account-terms.ts";
export { LEDGER_ACCOUNT_NAMES, Ledger, LedgerAccount, LedgerCause, type LedgerRow } from "./ledger.ts";
export { Portfolio } from "./portfolio.ts";
export { Position } from "./position.ts";
