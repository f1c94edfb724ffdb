import { FailureError, formatFailure } from "@tradepulse/core";
import { expect, test } from "vitest";
import { tempFolder } from "../testing/temp-folder.ts";
import { defaultRunOptions, optionDefinitions } from "./option-table.ts";
import { readRunFile } from "./read-run-file.ts";
import { type OptionLayers, resolveOptions } from "./resolve-options.ts";

function failureOf(error: unknown): string {
  if (error instanceof FailureError) return formatFailure(error.failure);
  throw error;
}

function refusal(layers: OptionLayers): string {
  try {
    resolveOptions(layers);
  } catch (error) {
    return failureOf(error);
  }
  return "accepted";
}

async function fileRefusal(text: string, name = "run.toml"): Promise<string> {
  const folder = tempFolder({ [name]: text });
  return readRunFile(`${folder}/${name}`).then(
    () => "accepted",
    (error: unknown) => failureOf(error).replaceAll(`${folder}/`, ""),
  );
}

test("resolveOptions() gives the defaults and says so of each when nothing is set", () => {
  const { options, origins } = resolveOptions();
  expect(options).toEqual(defaultRunOptions);
  expect(Object.keys(origins)).toEqual(optionDefinitions.map(({ name }) => name));
  expect(new Set(Object.values(origins))).toEqual(new Set(["default"]));
});

test("resolveOptions() takes flags over the run file over defaults, and keeps where each value came from", () => {
  const { options, origins } = resolveOptions({
    runFile: { capital: 5_000, "fee.taker": 0.002, limits: { maxOpenOrders: 3 } },
    flags: { "fee.taker": "0.1%", "spread.width": "5 bp", "limits.maxOrderNotional": 900 },
  });
  expect(options).toMatchObject({
    capital: 5_000,
    fee: { taker: 0.001, maker: null },
    spread: { width: 0.0005 },
    limits: { maxOpenOrders: 3, maxOrderNotional: 900 },
  });
  expect(origins).toMatchObject({
    capital: "run file",
    "fee.taker": "flag",
    "spread.width": "flag",
    path: "default",
    "limits.maxOpenOrders": "run file",
    "limits.maxOrderNotional": "flag",
  });
});

test("resolveOptions() reads none as no limit where that is allowed", () => {
  expect(resolveOptions({ flags: { participation: "none" } }).options.participation).toBe(null);
  expect(refusal({ flags: { capital: "none" } })).toContain("numbers above 0");
});

test("resolveOptions() suggests the option that was meant", () => {
  expect(refusal({ flags: { "fee.takr": 1 } })).toMatchInlineSnapshot(`
    "TP_RUN_OPTION_UNKNOWN
    Cannot set option "fee.takr": there is no such option, known are "fee.taker", "fee.maker", "fee.fixed", "fee.minimum", "fee.maximum", "fee.perUnit", "fee.maximumRate"
      from   flag
      meant  "fee.taker"
      next   use one of the known names"
  `);
  expect(refusal({ runFile: { taker: 1 } })).toContain('meant  "fee.taker"');
});

test("resolveOptions() refuses values outside what an option allows", () => {
  expect(refusal({ flags: { capital: "-5" } })).toMatchInlineSnapshot(`
    "TP_RUN_OPTION_VALUE
    Cannot set option "capital": it is "-5", allowed are numbers above 0 up to 1000000000
      from   flag
      means  Opening money in the quote currency.
      next   choose an allowed value"
  `);
  expect(refusal({ flags: { path: "worst" } })).toContain('allowed are "worst-case", "nearest-extreme-first"');
  expect(refusal({ flags: { participation: 0 } })).toContain("fractions above 0 up to 1, or none for no limit");
  expect(refusal({ flags: { seed: 1.5 } })).toContain("whole numbers from 0");
  expect(refusal({ flags: { "account.insurance": "yes" } })).toContain("true or false");
  expect(refusal({ flags: { capital: "" } })).toContain("TP_RUN_OPTION_VALUE");
});

test("resolveOptions() refuses options that contradict each other", () => {
  expect(refusal({ flags: { "account.leverage": 3 } })).toMatchInlineSnapshot(`
    "TP_RUN_OPTIONS
    Cannot use option "account.leverage": it is 3 in a cash account, allowed is 1
      next  leave it out, or set account.kind to margin"
  `);
  expect(refusal({ flags: { "fee.minimum": 5, "fee.maximum": 1 } })).toContain("TP_RUN_OPTIONS");
  expect(refusal({ flags: { "account.kind": "margin", "account.leverage": 10, "account.maintenance": 0.2 } })).toContain("TP_RUN_OPTIONS");
});

test("readRunFile() reads strategy, data, parameters and options of a TOML file, paths from its own folder", async () => {
  const folder = tempFolder({
    "runs/run.toml": `
strategy = "../ema-cross.ts"
capital = 10_000
[data]
source = "prices.csv"
from = 2020-01-01
tick = 0.01
stamp = "open"
[params]
fast_length = 5
[account]
kind = "margin"
liquidation_fee = 0.01
[limits]
max_open_orders = 4
`,
  });
  const run = await readRunFile(`${folder}/runs/run.toml`);
  expect(run).toEqual({
    path: `${folder}/runs/run.toml`,
    strategy: `${folder}/ema-cross.ts`,
    params: { fast_length: 5 },
    data: { reference: `${folder}/runs/prices.csv`, options: { from: "2020-01-01", tick: "0.01", stamp: "open" } },
    inputs: {},
    options: { capital: 10_000, "account.kind": "margin", "account.liquidationFee": 0.01, limits: { maxOpenOrders: 4 } },
  });
  expect(resolveOptions({ runFile: run.options }).options.account.liquidationFee).toBe(0.01);
});

test("readRunFile() reads JSON, and a dataset for each input", async () => {
  const folder = tempFolder({
    "run.json": JSON.stringify({ inputs: { a: { source: "sp500" }, b: { source: "wide.csv", select: "MSFT" } } }),
  });
  expect((await readRunFile(`${folder}/run.json`)).inputs).toEqual({
    a: { reference: "sp500", options: {} },
    b: { reference: `${folder}/wide.csv`, options: {}, select: "MSFT" },
  });
});

test("readRunFile() names the place of a syntax error, and the key that was meant", async () => {
  expect(await fileRefusal("capital = 5\nfee = = 3\n")).toMatchInlineSnapshot(`
    "TP_RUN_FILE_SYNTAX
    Cannot read run file "run.toml": it is not TOML, invalid value
      at    run.toml:2:7
      next  correct the line"
  `);
  expect(await fileRefusal("{ nope", "run.json")).toContain("TP_RUN_FILE_SYNTAX");
  expect(await fileRefusal("capitel = 5")).toContain('meant  "capital"');
  expect(await fileRefusal('[data]\nsource = "sp500"\nstamp = "clsoe"')).toMatchInlineSnapshot(`
    "TP_RUN_FILE_VALUE
    Cannot read run file "run.toml": data.stamp is "clsoe", allowed is one of "open", "close", "month-end"
      next  correct the value"
  `);
  expect(await fileRefusal('[data]\nfrom = "2020-01-01"')).toContain("has no source");
  expect(await fileRefusal('[data]\nsource = "sp500"\ntimezome = "UTC"')).toContain('meant  "data.timezone"');
});
