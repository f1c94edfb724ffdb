import type { AccountTerms } from "../portfolio/account-terms.ts";
import { CASH_ACCOUNT } from "../portfolio/account-terms.ts";
import type { PreTradeRisk } from "../risk/risk-view.ts";
import type { VenueTerms } from "../simulator/venue-terms.ts";

/** Everything that shapes a run besides data, strategy and parameters. Part of the manifest. */
export interface EngineOptions {
  /** Opening money of the quote currency. */
  readonly capital: number;
  readonly account: AccountTerms;
  readonly venue: Partial<VenueTerms>;
  /** When a size in fraction, notional or risk becomes a quantity. */
  readonly sizeAt: "decision" | "fill";
  /** Share of the money kept back when a fraction is sized: 0.0025 keeps a quarter of a per cent. */
  readonly buffer: number;
  /** What happens to positions at the end of the data. */
  readonly endOfData: "mark" | "close";
  /** Off-tick prices of an instrument whose tick is known. */
  readonly offTick: "refuse" | "round";
  /** Most intents one reaction may return. */
  readonly maxIntents: number;
  readonly risk: PreTradeRisk | undefined;
  /** Equity of every bar, or of the ends of days only. */
  readonly equity: "bar" | "session";
  readonly keepLedgerRows: boolean;
  /** First instant at which orders may be sent; bars before it warm up. -Infinity for all. */
  readonly tradeFromUs: number;
}

export function engineOptions(options: Partial<EngineOptions> = {}): EngineOptions {
  return {
    capital: options.capital ?? 100_000,
    account: options.account ?? CASH_ACCOUNT,
    venue: options.venue ?? {},
    sizeAt: options.sizeAt ?? "decision",
    buffer: options.buffer ?? 0,
    endOfData: options.endOfData ?? "mark",
    offTick: options.offTick ?? "round",
    maxIntents: options.maxIntents ?? 1_000,
    risk: options.risk,
    equity: options.equity ?? "bar",
    keepLedgerRows: options.keepLedgerRows ?? false,
    tradeFromUs: options.tradeFromUs ?? Number.NEGATIVE_INFINITY,
  };
}
