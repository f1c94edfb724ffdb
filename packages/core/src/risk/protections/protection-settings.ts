/** A length: whole bars of the instrument that traded, or microseconds. */
export type Span = { readonly bars: number } | { readonly us: number };

/** What a protection counts and what it then closes: everything, one side of everything, one instrument, or one side of it. */
export type ProtectionScope = "all" | "side" | "instrument" | "instrument-side";

/** After an exit no opening order for a while. A wait of n bars ends at the open of bar n+1 after the bar of the exit. */
export interface CooldownSettings {
  readonly wait: Span;
  /** `"instrument"` by default. */
  readonly scope?: ProtectionScope;
}

/** `stops` losing stop-outs within `lookBack` close the scope for `lock`. A stop that closed with a profit does not count. */
export interface StopGuardSettings {
  readonly stops: number;
  readonly lookBack: Span;
  readonly lock: Span;
  /** `"all"` by default. */
  readonly scope?: ProtectionScope;
}

/** An instrument whose trades within `lookBack`, at least `trades` of them, add up to less than `minProfitRatio` is closed for `lock`. */
export interface LowProfitSettings {
  readonly trades: number;
  readonly lookBack: Span;
  readonly lock: Span;
  /** Sum of the profit ratios: 0.01 is one percent. */
  readonly minProfitRatio: number;
  /** `"instrument"` by default. */
  readonly scope?: "instrument" | "instrument-side";
}

/**
 * A drawdown of the closed trades within `lookBack`, at least `trades` of them, that reaches `maxDrawdown` closes everything for `lock`.
 * It is the deepest fall of equity made by these trades alone, as a fraction of the highest point before it.
 */
export interface DrawdownGuardSettings {
  readonly trades: number;
  readonly maxDrawdown: number;
  readonly lookBack: Span;
  readonly lock: Span;
}

/** Protections close the way to new exposure for a while; orders that only reduce always pass. Each is optional. */
export interface ProtectionSettings {
  readonly cooldown?: CooldownSettings | undefined;
  readonly stopGuard?: StopGuardSettings | undefined;
  readonly lowProfit?: LowProfitSettings | undefined;
  readonly drawdownGuard?: DrawdownGuardSettings | undefined;
}

/** Checked settings with the defaults filled in. */
export interface ResolvedProtections {
  readonly cooldown: Required<CooldownSettings> | undefined;
  readonly stopGuard: Required<StopGuardSettings> | undefined;
  readonly lowProfit: Required<LowProfitSettings> | undefined;
  readonly drawdownGuard: DrawdownGuardSettings | undefined;
}
