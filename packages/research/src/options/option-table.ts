import { PATH_MODELS } from "@tradepulse/core";
import type { RunOptions } from "./run-options.ts";

/** One option of a run: its dotted name, what is allowed and what it means. Serves checks, help texts and the reference page. */
export interface OptionDefinition {
  /** `capital`, `fee.taker`. */
  readonly name: string;
  /** A `table` holds values of its own, checked where they are used. */
  readonly kind: "number" | "whole" | "flag" | "choice" | "table";
  readonly fallback: unknown;
  readonly min?: number;
  readonly max?: number;
  /** True where `min` itself is not allowed. */
  readonly aboveMin?: boolean;
  readonly choices?: readonly string[];
  /** What `null` means (`none` as text), where it is allowed. */
  readonly none?: string;
  readonly unit?: string;
  readonly about: string;
}

type Bounds = Omit<OptionDefinition, "name" | "kind" | "fallback" | "about" | "choices">;

const FRACTION = { min: 0, max: 1, unit: "fraction" } as const;

function number(name: string, fallback: number | null, about: string, bounds: Bounds = {}): OptionDefinition {
  return { name, kind: "number", fallback, about, ...bounds };
}

function whole(name: string, fallback: number, about: string, bounds: Bounds = {}): OptionDefinition {
  return { name, kind: "whole", fallback, about, ...bounds };
}

function flag(name: string, about: string): OptionDefinition {
  return { name, kind: "flag", fallback: false, about };
}

function choice(name: string, choices: readonly string[], about: string): OptionDefinition {
  return { name, kind: "choice", fallback: choices[0], choices, about };
}

function table(name: string, about: string): OptionDefinition {
  return { name, kind: "table", fallback: {}, about };
}

/** Every option of a run, in reading order. The first of the choices is the default. */
export const optionDefinitions: readonly OptionDefinition[] = [
  number("capital", 100_000, "Opening money in the quote currency.", { min: 0, aboveMin: true, max: 1e9, unit: "money" }),
  choice("account.kind", ["cash", "margin"], "A cash account neither borrows nor sells short."),
  number("account.leverage", 1, "Exposure that one unit of equity may carry, in a margin account.", { min: 1, max: 1_000 }),
  number("account.maintenance", null, "Equity over notional at which a position is liquidated.", {
    ...FRACTION,
    none: "half the initial margin",
  }),
  number("account.liquidationFee", 0, "Fee of a liquidation as a fraction of its notional.", FRACTION),
  flag("account.insurance", "Caps a deficit after a liquidation at zero."),
  number("fee.taker", 0, "Fee of fills that take liquidity.", { min: -0.5, max: 0.5, unit: "fraction" }),
  number("fee.maker", null, "Fee of fills that make liquidity; negative for a rebate.", {
    min: -0.5,
    max: 0.5,
    unit: "fraction",
    none: "like fee.taker",
  }),
  number("fee.fixed", 0, "Fee of every order.", { min: 0, max: 1e9, unit: "money" }),
  number("fee.minimum", 0, "Least fee of an order.", { min: 0, max: 1e9, unit: "money" }),
  number("fee.maximum", null, "Largest fee of an order.", { min: 0, max: 1e9, unit: "money", none: "no maximum" }),
  number("fee.perUnit", 0, "Fee of every base unit.", { min: 0, max: 1e6, unit: "money" }),
  number("fee.maximumRate", 0, "Largest fee of an order as a fraction of its notional; 0 for none.", { min: 0, max: 1, unit: "fraction" }),
  number("spread.width", 0, "Whole width of the spread.", { min: 0, max: 1e6 }),
  choice("spread.unit", ["fraction", "ticks"], "What the width is given in."),
  choice("spread.applyTo", ["both", "entry"], "Half of the spread on each side, or all of it when exposure grows."),
  choice(
    "slippage.kind",
    ["none", "ticks", "fraction", "spread-fraction", "volume-share", "square-root"],
    "Slippage of market orders and triggered stops.",
  ),
  number("slippage.amount", 0, "Ticks, fraction, share of the spread, or coefficient of the impact, by kind.", { min: 0, max: 1_000 }),
  number("slippage.cap", 0.025, "Largest share of a bar's volume that volume-share counts.", FRACTION),
  choice("path", PATH_MODELS, "How a bar is walked between its open and its close."),
  choice("marketFill", ["next-open", "bar-close"], "Where market orders fill: bar-close is optimistic."),
  choice("fillBarChildren", ["stop-only", "path", "next-bar"], "Legs that are live on the bar that filled their entry by limit or stop."),
  number("participation", null, "Own share of a bar's volume that may fill.", { ...FRACTION, aboveMin: true, none: "no limit" }),
  whole("fillThroughTicks", 0, "Ticks that the price goes beyond a limit before it fills.", { min: 0, max: 1_000_000 }),
  choice("shortfall", ["shrink", "reject"], "What happens to an order when the money at the fill does not cover it."),
  flag("roundFillsToTick", "Moves modelled fill prices to the tick, against the order."),
  choice("sizeAt", ["decision", "fill"], "When a size in fraction, notional or risk becomes a quantity."),
  number("buffer", 0, "Share of the money kept back when a fraction is sized.", { ...FRACTION, max: 0.99 }),
  choice("endOfData", ["mark", "close"], "Positions at the end of the data are marked and kept, or closed with costs."),
  choice("offTick", ["round", "refuse"], "Prices off a known tick."),
  choice("equity", ["session", "bar"], "Equity kept at the ends of days, or at every bar besides."),
  choice("returns", ["day", "bar"], "What a return of the ratios spans."),
  number("riskFree", 0, "Risk-free return a year.", { min: -0.5, max: 1, unit: "fraction" }),
  table("limits", "Limits of the risk engine."),
  table("protections", "Protections that close the way to new exposure for a while."),
  whole("seed", 1, "Seed of what draws at random around a run.", { min: 0, max: 2 ** 32 - 1 }),
];

/** What a run does that is told nothing. */
export const defaultRunOptions: RunOptions = nested(
  optionDefinitions.map(({ name, fallback }) => [name, fallback]),
) as unknown as RunOptions;

/** An object from values by dotted name. */
export function nested(entries: Iterable<readonly [string, unknown]>): Readonly<Record<string, unknown>> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    const parts = name.split(".");
    let at = root;
    for (const part of parts.slice(0, -1)) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    at[parts.at(-1)!] = value;
  }
  return root;
}

/** What an option allows, in words. */
export function describeOption(option: OptionDefinition): string {
  const none = option.none === undefined ? "" : `, or none for ${option.none}`;
  if (option.kind === "flag") return "true or false";
  if (option.kind === "choice") return `${(option.choices ?? []).map((word) => `"${word}"`).join(", ")}${none}`;
  if (option.kind === "table") return "a table of values";
  const noun = option.kind === "whole" ? "whole numbers" : option.unit === "fraction" ? "fractions" : "numbers";
  const low = option.min === undefined ? "" : ` ${option.aboveMin === true ? "above" : "from"} ${option.min}`;
  const high = option.max === undefined ? "" : ` up to ${option.max}`;
  return `${noun}${low}${high}${none}`;
}
