import { readFile } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { nearestName } from "@tradepulse/core";
import { listDatasets } from "@tradepulse/data";
import { parse, TomlError } from "smol-toml";
import { listed, refuse } from "../refuse.ts";
import { optionDefinitions } from "./option-table.ts";
import { flattenOptions } from "./resolve-options.ts";
import type { DataSource, RunFile } from "./run-file.ts";

type Table = Readonly<Record<string, unknown>>;

/** What a `[data]` table may say besides `source`: a name of `LoadOptions`, and its words or what it must be. */
const DATA_KEYS: Readonly<Record<string, "text" | "list" | readonly string[]>> = {
  interval: "text",
  stamp: ["open", "close", "month-end"],
  timezone: "text",
  calendar: ["24/7", "weekdays"],
  side: ["bid", "ask"],
  dateOrder: ["day-first", "month-first"],
  timeUnit: ["s", "ms", "us", "ns"],
  ignoreColumns: "list",
  instrument: "text",
  tick: "text",
  lot: "text",
  quote: "text",
  from: "text",
  to: "text",
};

const OPTION_GROUPS = [...new Set(optionDefinitions.map(({ name }) => name.split(".", 1)[0]!))];
const KEYS = ["strategy", "params", "data", "inputs", ...OPTION_GROUPS];

/**
 * Reads a run file: TOML, or JSON by its `.json`. It may hold `strategy` (a path), `[params]`, `[data]` (`source` and how to load it)
 * or `[inputs.<name>]`, and every option of a run (`capital`, `[fee]`, ...). Names may be written `liquidation_fee`-like. Throws a
 * `TP_RUN_FILE_` code, with the place of a syntax error.
 */
export async function readRunFile(path: string): Promise<RunFile> {
  const file = resolve(path);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => notRead(path, error));
  const root = camelKeys(extname(file) === ".json" ? parseJson(path, text) : parseToml(path, text));
  for (const key of Object.keys(root)) if (!KEYS.includes(key)) unknownKey(path, key, KEYS);
  const { strategy, params, data, inputs, ...options } = root;
  const folder = dirname(file);
  return {
    path: file,
    ...(strategy === undefined ? {} : { strategy: resolve(folder, textOf(path, "strategy", strategy)) }),
    params: params === undefined ? {} : tableOf(path, "params", params),
    ...(data === undefined ? {} : { data: sourceOf(path, folder, "data", data) }),
    inputs: Object.fromEntries(
      Object.entries(inputs === undefined ? {} : tableOf(path, "inputs", inputs)).map(([name, value]) => [
        name,
        sourceOf(path, folder, `inputs.${name}`, value),
      ]),
    ),
    options: flattenOptions(options),
  };
}

function notRead(path: string, error: NodeJS.ErrnoException): never {
  const why =
    error.code === "ENOENT" ? "there is no such file" : error.code === "EISDIR" ? "it is a directory" : `the system says ${error.code}`;
  refuse("TP_RUN_FILE_UNREADABLE", `Cannot read run file "${path}": ${why}`, [["file", resolve(path)]], "name a TOML or JSON file", error);
}

function parseToml(path: string, text: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const why = error.message.split("\n", 1)[0]!.replace(/^Invalid TOML document: /, "");
    return refuse(
      "TP_RUN_FILE_SYNTAX",
      `Cannot read run file "${path}": it is not TOML, ${why}`,
      [["at", `${path}:${error.line}:${error.column}`]],
      "correct the line",
      error,
    );
  }
}

function parseJson(path: string, text: string): Table {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(
      "TP_RUN_FILE_SYNTAX",
      `Cannot read run file "${path}": it is not JSON, ${(error as Error).message}`,
      [],
      "correct the file, or write it as TOML",
      error,
    );
  }
  return tableOf(path, "the file", value);
}

function sourceOf(path: string, folder: string, where: string, value: unknown): DataSource & { readonly select?: string } {
  const { source, select, ...given } = tableOf(path, where, value);
  if (source === undefined) {
    refuse(
      "TP_RUN_FILE_VALUE",
      `Cannot read run file "${path}": [${where}] has no source, allowed is the path of a file or the name of a dataset`,
      [],
      'write it as in source = "prices.csv"',
    );
  }
  const reference = textOf(path, `${where}.source`, source);
  const options: Record<string, unknown> = {};
  for (const [key, raw] of Object.entries(given)) options[key] = dataValue(path, where, key, raw);
  const isNamed = /^synth(:|$)/.test(reference) || listDatasets().some(({ name }) => name === reference);
  return {
    reference: isNamed ? reference : resolve(folder, reference),
    options,
    ...(select === undefined ? {} : { select: textOf(path, `${where}.select`, select) }),
  };
}

function dataValue(path: string, where: string, key: string, raw: unknown): unknown {
  const name = `${where}.${key}`;
  const kind =
    DATA_KEYS[key] ??
    unknownKey(
      path,
      name,
      ["source", "select", ...Object.keys(DATA_KEYS)].map((each) => `${where}.${each}`),
    );
  if (kind === "list") return listOf(path, name, raw);
  if (kind === "text" || (typeof raw === "string" && kind.includes(raw))) return textOf(path, name, raw);
  return wrong(path, name, raw, `one of ${listed(kind)}`);
}

function tableOf(path: string, where: string, value: unknown): Table {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Table;
  return wrong(path, where, value, "a table");
}

function textOf(path: string, where: string, value: unknown): string {
  if (typeof value === "string") return value;
  // TOML has dates of its own; a number is what a tick or lot looks like.
  if (typeof value === "number") return String(value);
  if (value instanceof Date) return value.toISOString();
  return wrong(path, where, value, "text");
}

function listOf(path: string, where: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map((each) => textOf(path, where, each));
  return wrong(path, where, value, "a list of texts");
}

function wrong(path: string, where: string, value: unknown, allowed: string): never {
  refuse(
    "TP_RUN_FILE_VALUE",
    `Cannot read run file "${path}": ${where} is ${JSON.stringify(value)}, allowed is ${allowed}`,
    [],
    "correct the value",
  );
}

function unknownKey(path: string, key: string, known: readonly string[]): never {
  const near = nearestName(key, known) ?? optionDefinitions.find(({ name }) => name.endsWith(`.${key}`))?.name;
  refuse(
    "TP_RUN_FILE_UNKNOWN",
    `Cannot read run file "${path}": it sets "${key}", known are ${listed(known)}`,
    [near === undefined ? undefined : ["meant", `"${near}"`]],
    "use one of the known names; parameters of the strategy go under [params]",
  );
}

/** `liquidation_fee` and `liquidation-fee` read as `liquidationFee`. What holds capitals or other signs, such as instrument ids, stays. */
function camelKeys(table: Table, depth = 0): Table {
  return Object.fromEntries(
    Object.entries(table).map(([key, value]) => {
      const name = /^[a-z]+([_-][a-z]+)+$/.test(key) ? key.replace(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase()) : key;
      const keepsNames = depth === 0 && (key === "params" || key === "inputs");
      const isTable = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
      return [name, isTable && !keepsNames ? camelKeys(value as Table, depth + 1) : value];
    }),
  );
}
