import type { FillBarChildren, PathModel, ProtectionSettings, ReturnsPer, RiskLimits } from "@tradepulse/core";

/** The account of a run. Fractions: 0.05 is 5 %. */
export interface AccountOptions {
  /** A cash account neither borrows nor sells short; the other values belong to a margin account. */
  readonly kind: "cash" | "margin";
  /** Exposure that one unit of equity may carry, from 1 to 1000. */
  readonly leverage: number;
  /** Equity over notional at which a position is liquidated; `null` is half the initial margin. */
  readonly maintenance: number | null;
  /** Fee of a liquidation as a fraction of its notional. */
  readonly liquidationFee: number;
  /** Caps a deficit after a liquidation at zero. */
  readonly insurance: boolean;
}

/** Fees. Rates are fractions of the notional, a negative one is a rebate; amounts are money of the quote currency per order. */
export interface FeeSettings {
  /** `null` is like `taker`. */
  readonly maker: number | null;
  readonly taker: number;
  readonly fixed: number;
  readonly minimum: number;
  /** `null` for none. */
  readonly maximum: number | null;
  /** Money per base unit. */
  readonly perUnit: number;
  /** Cap of the fee of an order as a fraction of its notional; 0 for none. */
  readonly maximumRate: number;
}

/** Spread: its whole width, as a fraction of the price or in ticks. */
export interface SpreadSettings {
  readonly width: number;
  readonly unit: "fraction" | "ticks";
  /** `both` pays half of it on each side, `entry` all of it when exposure grows. */
  readonly applyTo: "both" | "entry";
}

/** Slippage of market orders and triggered stops. */
export interface SlippageSettings {
  readonly kind: "none" | "ticks" | "fraction" | "spread-fraction" | "volume-share" | "square-root";
  /** Ticks, fraction of the price, share of the spread, or coefficient of the impact, by kind. */
  readonly amount: number;
  /** Largest share of a bar's volume that `volume-share` counts. */
  readonly cap: number;
}

/** Everything that shapes a backtest besides strategy, parameters and data. Plain JSON; part of the manifest. */
export interface RunOptions {
  /** Opening money in the quote currency. */
  readonly capital: number;
  readonly account: AccountOptions;
  readonly fee: FeeSettings;
  readonly spread: SpreadSettings;
  readonly slippage: SlippageSettings;
  /** How a bar is walked between its open and its close. */
  readonly path: PathModel;
  readonly marketFill: "next-open" | "bar-close";
  readonly fillBarChildren: FillBarChildren;
  /** Own share of a bar's volume that may fill, above 0, up to 1; `null` for no limit. */
  readonly participation: number | null;
  readonly fillThroughTicks: number;
  readonly shortfall: "shrink" | "reject";
  readonly roundFillsToTick: boolean;
  readonly sizeAt: "decision" | "fill";
  /** Share of the money kept back when a fraction is sized. */
  readonly buffer: number;
  readonly endOfData: "mark" | "close";
  readonly offTick: "refuse" | "round";
  /** `bar` keeps equity by bar in the result besides the session ends. */
  readonly equity: "bar" | "session";
  /** What a return of the ratios spans. */
  readonly returns: ReturnsPer;
  /** Risk-free return a year, a fraction. */
  readonly riskFree: number;
  /** Limits of the risk engine; empty for none. */
  readonly limits: RiskLimits;
  /** Protections; empty for none. */
  readonly protections: ProtectionSettings;
  /** Seed of what draws at random around a run (cut points of `check`); the engine itself draws nothing. */
  readonly seed: number;
}

/** Where the value of an option comes from. */
export type OptionOrigin = "default" | "run file" | "flag";

/** Options with the origin of each value, by its dotted name: `fee.taker`, `capital`, `limits.maxOpenOrders`. */
export interface ResolvedOptions {
  readonly options: RunOptions;
  readonly origins: Readonly<Record<string, OptionOrigin>>;
}
