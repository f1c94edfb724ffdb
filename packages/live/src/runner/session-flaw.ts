import { isTable } from "../config/read-value.ts";

/** What stands at a place, checked; throws {@link Flaw} otherwise. */
type Check = (value: unknown, at: string) => void;

class Flaw extends Error {}

const is =
  (wanted: string, test: (value: unknown) => boolean): Check =>
  (value, at) => {
    if (!test(value)) throw new Flaw(`${at} is ${value === undefined ? "missing" : `no ${wanted}`}`);
  };

const LONGEST_TEXT = 10_000;
const MOST_ITEMS = 10_000;

const text = is("text", (value) => typeof value === "string" && value.length <= LONGEST_TEXT);
const name = is("name", (value) => typeof value === "string" && value !== "" && value.length <= 256);
const flag = is("flag", (value) => typeof value === "boolean");
const whole = is("whole number", (value) => Number.isSafeInteger(value));
const count = is("whole number above 0", (value) => Number.isSafeInteger(value) && Number(value) > 0);
const index = is("whole number from 0", (value) => Number.isSafeInteger(value) && Number(value) >= 0);
const scale = is("scale", (value) => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 18);
const figure = is("number", (value) => typeof value === "number" && Number.isFinite(value));
const money = is("number above 0", (value) => typeof value === "number" && Number.isFinite(value) && value > 0);
const decimal = is("decimal", (value) => typeof value === "string" && /^-?\d{1,40}(\.\d{1,40})?$/.test(value));
const table = is("table", isTable);
const oneOf = (...words: readonly string[]): Check => is(`one of ${words.join(", ")}`, (value) => words.includes(value as string));
// A latch elsewhere would be one that nobody else knows.
const latch = oneOf("latch", "../latch");

const orNull =
  (check: Check): Check =>
  (value, at) => {
    if (value !== null) check(value, at);
  };

const optional =
  (check: Check): Check =>
  (value, at) => {
    if (value !== undefined) check(value, at);
  };

const listOf =
  (check: Check, least = 0): Check =>
  (value, at) => {
    if (value === undefined) throw new Flaw(`${at} is missing`);
    if (!Array.isArray(value) || value.length < least || value.length > MOST_ITEMS) throw new Flaw(`${at} is no list of ${least} or more`);
    value.forEach((each: unknown, k) => {
      check(each, `${at}[${k}]`);
    });
  };

const tableOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    table(value, at);
    const own = value as Readonly<Record<string, unknown>>;
    for (const [key, check] of Object.entries(checks))
      check(Object.hasOwn(own, key) ? own[key] : undefined, at === "" ? key : `${at}.${key}`);
  };

const valuesOf =
  (check: Check): Check =>
  (value, at) => {
    table(value, at);
    for (const [key, each] of Object.entries(value as Readonly<Record<string, unknown>>)) check(each, `${at}.${key}`);
  };

const instrument = tableOf({
  id: name,
  quote: tableOf({ code: name, scale }),
  priceScale: scale,
  tickUnits: count,
  lotScale: scale,
  lotUnits: count,
  stepLots: count,
});

const record = tableOf({
  mode: oneOf("paper", "live"),
  name,
  startedUs: whole,
  engineVersion: text,
  strategy: tableOf({
    name,
    path: orNull(text),
    codeDigest: orNull(text),
    modules: listOf(tableOf({ name: text, digest: text })),
    params: table,
  }),
  instruments: listOf(tableOf({ instrument, symbol: name, baseAsset: name }), 1),
  series: listOf(
    tableOf({ name, instrumentIndex: index, symbol: name, intervalUs: count, isBuilt: flag, volumeKnown: flag, capacity: count }),
    1,
  ),
  tradeFromUs: orNull(figure),
  capital: money,
  risk: table,
  costs: tableOf({ fee: figure, slippage: figure }),
  options: orNull(table),
  source: tableOf({ kind: oneOf("dataset", "venue") }),
  latch,
  journal: optional(table),
  unmanaged: valuesOf(decimal),
});

/** The first thing that is wrong with the record of a session; `undefined` when it is one. What it says of numbers must hold together. */
export function sessionFlaw(value: unknown): string | undefined {
  try {
    record(value, "");
    const { instruments, series } = value as {
      readonly instruments: readonly { readonly symbol: string }[];
      readonly series: readonly { readonly instrumentIndex: number; readonly symbol: string }[];
    };
    for (const [k, { instrumentIndex, symbol }] of series.entries())
      if (instruments[instrumentIndex]?.symbol !== symbol) throw new Flaw(`series[${k}] is of no instrument of the session`);
    return undefined;
  } catch (error) {
    if (error instanceof Flaw) return error.message;
    throw error;
  }
}
