import type { CliCommand } from "../cli-command.ts";
import { collect } from "../commands/shared-options.ts";
import { refuseUsage } from "../usage-error.ts";

/** A flag for one or more options of a run, by their dotted names. */
interface RunFlag {
  readonly flags: string;
  readonly about: string;
  /** What the text of the flag means: values by dotted name. */
  readonly values: (text: string) => Readonly<Record<string, unknown>>;
}

const single = (name: string) => (text: string) => ({ [name]: text });

/** `0.0002` is a fraction of the price, `2ticks` are ticks. */
function readSpread(text: string): Record<string, unknown> {
  const ticks = /^(.+?) ?ticks?$/.exec(text);
  return ticks === null ? { "spread.width": text, "spread.unit": "fraction" } : { "spread.width": ticks[1], "spread.unit": "ticks" };
}

const SLIPPAGE_KINDS = ["spread-fraction", "volume-share", "square-root"] as const;

/** `0.0005`, `1ticks`, or `volume-share:0.1` for the models by name. */
function readSlippage(text: string): Record<string, unknown> {
  const ticks = /^(.+?) ?ticks?$/.exec(text);
  if (ticks !== null) return { "slippage.kind": "ticks", "slippage.amount": ticks[1] };
  const at = text.indexOf(":");
  if (at < 0) return { "slippage.kind": "fraction", "slippage.amount": text };
  const kind = text.slice(0, at);
  if (SLIPPAGE_KINDS.some((known) => known === kind)) return { "slippage.kind": kind, "slippage.amount": text.slice(at + 1) };
  return refuseUsage(
    "TP_CLI_OPTION_VALUE",
    `Cannot use --slippage "${text}": model "${kind}" is not known, known are ${SLIPPAGE_KINDS.join(", ")}`,
    "for example --slippage 0.0005, --slippage 1ticks or --slippage volume-share:0.1",
    [],
    { name: kind, known: SLIPPAGE_KINDS },
  );
}

/** Groups of flags as help shows them. Everything else is reached with `--option`. */
const groups: readonly (readonly [heading: string, flags: readonly RunFlag[]])[] = [
  [
    "Account:",
    [
      { flags: "--capital <money>", about: "opening money in the quote currency (100000)", values: single("capital") },
      { flags: "--account <kind>", about: "cash or margin (cash)", values: single("account.kind") },
      {
        flags: "--leverage <times>",
        about: "exposure that one unit of equity may carry; makes it a margin account",
        values: (text) => ({ "account.leverage": text }),
      },
    ],
  ],
  [
    "Costs:",
    [
      {
        flags: "--fee <fraction>",
        about: "fee of every fill: 0.001 is 0.1 % (0)",
        values: (text) => ({ "fee.taker": text, "fee.maker": "none" }),
      },
      { flags: "--maker <fraction>", about: "fee of resting limit orders, in place of --fee", values: single("fee.maker") },
      { flags: "--taker <fraction>", about: "fee of all other orders, in place of --fee", values: single("fee.taker") },
      { flags: "--spread <width>", about: "whole spread: 0.0002, or 2ticks (0)", values: readSpread },
      {
        flags: "--slippage <amount>",
        about: "0.0005, 1ticks, or a model: volume-share:0.1, square-root:0.1, spread-fraction:0.5 (0)",
        values: readSlippage,
      },
    ],
  ],
  [
    "Filling orders:",
    [
      {
        flags: "--path <model>",
        about: "how a bar is walked: worst-case, nearest-extreme-first, ohlc, olhc, best-case (worst-case)",
        values: single("path"),
      },
      { flags: "--fill <when>", about: "market orders at next-open or bar-close (next-open)", values: single("marketFill") },
      {
        flags: "--children <rule>",
        about: "legs live on the bar of their entry: stop-only, path, next-bar (stop-only)",
        values: single("fillBarChildren"),
      },
      {
        flags: "--participation <fraction>",
        about: "own share of a bar's volume that may fill, or none (none)",
        values: single("participation"),
      },
      { flags: "--size-at <when>", about: "sizes become quantities at the decision or the fill (decision)", values: single("sizeAt") },
      { flags: "--end <what>", about: "positions at the end of the data: mark or close (mark)", values: single("endOfData") },
    ],
  ],
  [
    "More:",
    [
      {
        flags: "--equity <points>",
        about: "keep equity at the ends of days (session), or at every bar besides (bar)",
        values: single("equity"),
      },
      { flags: "--returns <span>", about: "what a return of the ratios spans: day or bar (day)", values: single("returns") },
      { flags: "--risk-free <fraction>", about: "risk-free return a year (0)", values: single("riskFree") },
      { flags: "--seed <number>", about: "seed of what draws at random around a run (1)", values: single("seed") },
    ],
  ],
];

/** Adds the flags that shape a run. */
export function addRunFlags(command: CliCommand): CliCommand {
  for (const [heading, flags] of groups) {
    command.optionsGroup(heading);
    for (const { flags: text, about } of flags) command.option(text, about);
  }
  return command
    .option("--risk <name=value>", "a risk limit, such as maxOpenOrders=5; repeatable", collect)
    .option("--option <name=value>", "any option of a run by its dotted name, such as fee.fixed=1; repeatable", collect);
}

/** The values of options, by dotted name, that parsed flags say. Refuses two flags that say different things about one option. */
export function runFlagValues(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [, flags] of groups) {
    for (const flag of flags) {
      const text = options[propertyOf(flag.flags)];
      if (typeof text === "string") Object.assign(values, flag.values(text));
    }
  }
  if (values["account.leverage"] !== undefined && values["account.kind"] === undefined) values["account.kind"] = "margin";
  // Counts are numbers; amounts may be text, where every digit counts.
  for (const [name, value] of assignments("--risk", options["risk"])) {
    values[`limits.${camelCase(name)}`] = /^\d{1,15}$/.test(value) ? Number(value) : value;
  }
  for (const [name, value] of assignments("--option", options["option"])) values[name] = value;
  return values;
}

/** Splits `name=value` texts of a repeatable flag. */
export function assignments(flag: string, texts: unknown): (readonly [name: string, value: string])[] {
  return ((texts ?? []) as readonly string[]).map((text) => {
    const at = text.indexOf("=");
    if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    return refuseUsage(
      "TP_CLI_OPTION_VALUE",
      `Cannot use ${flag} "${text}": it has no name and value, allowed is name=value`,
      `for example ${flag} name=1`,
    );
  });
}

/** `--size-at <when>` is `sizeAt` among the parsed options. */
function propertyOf(flags: string): string {
  return camelCase(/--([a-z-]+)/.exec(flags)![1]!);
}

function camelCase(name: string): string {
  return name.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
