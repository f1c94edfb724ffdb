import { instrument } from "@tradepulse/core";
import { expect, test } from "vitest";
import { optionDefinitions } from "../options/option-table.ts";
import { type OptionValues, resolveOptions } from "../options/resolve-options.ts";
import { engineSettings } from "./engine-settings.ts";

const SPOT = instrument({ id: "X@TEST", priceScale: 2, lotScale: 3 });

/** Options that act on the evaluation of a run or on what is drawn around it, not on the engine. */
const NOT_OF_THE_ENGINE = ["riskFree", "seed"];

/** What another option has to be for one to matter. */
const TOGETHER: Readonly<Record<string, OptionValues>> = {
  "account.": { "account.kind": "margin", "account.leverage": 2 },
  "spread.": { "spread.width": 0.25, "spread.unit": "ticks" },
  "slippage.": { "slippage.kind": "volume-share", "slippage.amount": 0.5 },
};

const OTHER: OptionValues = {
  capital: 5_000,
  "account.kind": "margin",
  "account.leverage": 4,
  "account.maintenance": 0.1,
  "fee.maker": -0.0001,
  "fee.maximum": 7,
  "spread.width": 0.5,
  "slippage.kind": "ticks",
  participation: 0.1,
  limits: { maxOpenOrders: 3 },
  protections: { cooldown: { wait: { bars: 3 } } },
};

function settingsText(flags: OptionValues): string {
  const settings = engineSettings(resolveOptions({ flags }).options, [SPOT], 0);
  return JSON.stringify(settings, (_, value: unknown) => (value === Number.POSITIVE_INFINITY ? "infinity" : value));
}

test("engineSettings() lets every option of a run change what the engine does", () => {
  const without: string[] = [];
  for (const { name, kind, fallback, choices } of optionDefinitions) {
    const group = Object.keys(TOGETHER).find((each) => name.startsWith(each) && name !== "account.kind");
    const together = group === undefined ? {} : TOGETHER[group]!;
    const plain =
      OTHER[name] ?? (kind === "flag" ? true : kind === "choice" ? choices!.find((each) => each !== fallback) : Number(fallback) + 0.01);
    const other = kind === "whole" ? 2 : plain;
    if (settingsText({ ...together, [name]: other }) === settingsText({ ...together, [name]: fallback })) without.push(name);
  }
  expect(without).toEqual(NOT_OF_THE_ENGINE);
});

test("engineSettings() counts money and rates in the units of the engine", () => {
  const { options } = resolveOptions({ flags: { "fee.taker": "0.1 %", "fee.fixed": 1.5, "fee.perUnit": 0.005, "spread.width": "2 bp" } });
  const { venue } = engineSettings(options, [SPOT], 0);
  expect(venue.fees![0]).toMatchObject({ takerRate: 1_000_000, makerRate: 1_000_000, fixed: 1_500_000, perLot: 5_000_000_000 });
  expect(venue.spread).toEqual({ kind: "fraction", width: 200_000, applyTo: "both" });
});

test("engineSettings() refuses a capital that cannot be counted", () => {
  const options = (capital: number) => ({ ...resolveOptions().options, capital });
  expect(() => engineSettings(options(1e12), [SPOT], 0)).toThrow("allowed are 0.000001 to 4503599627 USD");
  expect(() => engineSettings(options(1e-9), [SPOT], 0)).toThrow("TP_RUN_CAPITAL");
});
