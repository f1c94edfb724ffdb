import { nearestName } from "@tradepulse/core";
import { listed, refuse } from "../refuse.ts";
import { describeOption, nested, type OptionDefinition, optionDefinitions } from "./option-table.ts";
import type { OptionOrigin, ResolvedOptions, RunOptions } from "./run-options.ts";

/** Values by dotted name, as a run file or flags give them: `{ capital: 10000, "fee.taker": "0.1 %" }`. Text is read by the kind of the option. */
export type OptionValues = Readonly<Record<string, unknown>>;

export interface OptionLayers {
  readonly runFile?: OptionValues;
  readonly flags?: OptionValues;
}

const byName = new Map(optionDefinitions.map((option) => [option.name, option]));

/** Options from flags over run file over defaults. Throws `TP_RUN_OPTION_UNKNOWN`, `TP_RUN_OPTION_VALUE` or `TP_RUN_OPTIONS`. */
export function resolveOptions(layers: OptionLayers = {}): ResolvedOptions {
  const values = new Map<string, unknown>();
  const origins: Record<string, OptionOrigin> = {};
  for (const { name, fallback } of optionDefinitions) {
    values.set(name, fallback);
    origins[name] = "default";
  }
  const layer = (given: OptionValues, origin: OptionOrigin): void => {
    for (const [name, raw] of Object.entries(given)) {
      const table = tableOf(name);
      if (table === undefined) {
        values.set(name, readOption(name, raw, origin));
        origins[name] = origin;
        continue;
      }
      for (const [key, value] of table === name ? Object.entries(tableValue(name, raw)) : [[name.slice(table.length + 1), raw] as const]) {
        values.set(table, { ...(values.get(table) as object), [key]: value });
        origins[`${table}.${key}`] = origin;
      }
      delete origins[table];
    }
  };
  layer(layers.runFile ?? {}, "run file");
  layer(layers.flags ?? {}, "flag");
  const options = nested(values) as unknown as RunOptions;
  checkTogether(options);
  return { options, origins };
}

/** Flat values by dotted name from a nested object: what {@link resolveOptions} takes. */
export function flattenOptions(given: Readonly<Record<string, unknown>>, prefix = ""): OptionValues {
  const flat: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const name = `${prefix}${key}`;
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value) && byName.get(name)?.kind !== "table";
    if (isGroup) Object.assign(flat, flattenOptions(value as Readonly<Record<string, unknown>>, `${name}.`));
    else flat[name] = value;
  }
  return flat;
}

function tableOf(name: string): string | undefined {
  const first = name.split(".", 1)[0]!;
  return byName.get(first)?.kind === "table" ? first : undefined;
}

function tableValue(name: string, raw: unknown): Readonly<Record<string, unknown>> {
  if (typeof raw === "object" && raw !== null && !Array.isArray(raw)) return raw as Readonly<Record<string, unknown>>;
  return refuseValue(byName.get(name)!, raw, "run file");
}

function readOption(name: string, raw: unknown, origin: OptionOrigin): unknown {
  const option = byName.get(name) ?? refuseUnknown(name, origin);
  if (option.none !== undefined && (raw === null || raw === "none")) return null;
  const value = typeof raw === "string" ? readText(option, raw) : raw;
  return allows(option, value) ? value : refuseValue(option, raw, origin);
}

function readText(option: OptionDefinition, text: string): unknown {
  if (option.kind === "choice") return text;
  if (option.kind === "flag") return text === "true" ? true : text === "false" ? false : text;
  const match = /^\s*([+-]?(?:\d[\d_]*)?\.?\d*(?:e[+-]?\d+)?)\s*(%|bp)?\s*$/i.exec(text);
  if (match === null || !/\d/.test(match[1]!)) return text;
  const number = Number(match[1]!.replaceAll("_", ""));
  if (match[2] === undefined) return number;
  return option.kind === "number" && option.unit !== "money" ? number / (match[2] === "%" ? 100 : 10_000) : text;
}

function allows(option: OptionDefinition, value: unknown): boolean {
  if (option.kind === "flag") return typeof value === "boolean";
  if (option.kind === "choice") return typeof value === "string" && option.choices!.includes(value);
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (option.kind === "whole" && !Number.isInteger(value)) return false;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = option;
  return (option.aboveMin === true ? value > min : value >= min) && value <= max;
}

function checkTogether({ account, fee, slippage, spread }: RunOptions): void {
  if (account.kind === "cash" && account.leverage !== 1) {
    refuse(
      "TP_RUN_OPTIONS",
      `Cannot use option "account.leverage": it is ${account.leverage} in a cash account, allowed is 1`,
      [],
      "leave it out, or set account.kind to margin",
    );
  }
  if (account.maintenance !== null && account.maintenance >= 1 / account.leverage) {
    refuse(
      "TP_RUN_OPTIONS",
      `Cannot use option "account.maintenance": it is ${account.maintenance} with leverage ${account.leverage}, allowed is less than the initial margin ${1 / account.leverage}`,
      [],
      "lower the maintenance margin or the leverage",
    );
  }
  if (fee.maximum !== null && fee.maximum < fee.minimum) {
    refuse(
      "TP_RUN_OPTIONS",
      `Cannot use option "fee.maximum": it is ${fee.maximum}, allowed is fee.minimum ${fee.minimum} or more`,
      [],
      "exchange or correct the two",
    );
  }
  if (spread.unit === "fraction" && spread.width >= 1) {
    refuse(
      "TP_RUN_OPTIONS",
      `Cannot use option "spread.width": it is ${spread.width} as a fraction of the price, allowed is less than 1`,
      [],
      "write 5 basis points as 0.0005, or set spread.unit to ticks",
    );
  }
  if (slippage.kind === "fraction" && slippage.amount >= 1) {
    refuse(
      "TP_RUN_OPTIONS",
      `Cannot use option "slippage.amount": it is ${slippage.amount} as a fraction of the price, allowed is less than 1`,
      [],
      "write 5 basis points as 0.0005",
    );
  }
}

function refuseUnknown(name: string, origin: OptionOrigin): never {
  const names = [...byName.keys()];
  // A name without its group is the commonest slip: `taker` for `fee.taker`.
  const near = names.find((each) => each.endsWith(`.${name}`)) ?? nearestName(name, names);
  const group = name.includes(".") ? names.filter((each) => each.startsWith(`${name.split(".", 1)[0]}.`)) : [];
  return refuse(
    "TP_RUN_OPTION_UNKNOWN",
    `Cannot set option "${name}": there is no such option, known are ${listed(group.length > 0 ? group : names)}`,
    [["from", origin], near === undefined ? undefined : ["meant", `"${near}"`]],
    "use one of the known names",
  );
}

function refuseValue(option: OptionDefinition, raw: unknown, origin: OptionOrigin): never {
  const near = option.kind === "choice" && typeof raw === "string" ? nearestName(raw, option.choices!) : undefined;
  return refuse(
    "TP_RUN_OPTION_VALUE",
    `Cannot set option "${option.name}": it is ${JSON.stringify(raw) ?? String(raw)}, allowed are ${describeOption(option)}`,
    [["from", origin], ["means", option.about], near === undefined ? undefined : ["meant", `"${near}"`]],
    "choose an allowed value",
  );
}
