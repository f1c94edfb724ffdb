import { type ConfigEntry, describeEntry } from "./config-entry.ts";

/** A checked value, or what is allowed instead. */
export type ReadValue = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly allowed: string };

const UNIT_US: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3_600e6, d: 86_400e6 };

/** Reads the value of a key. `isText` says that it was typed, as a flag or a variable: then text stands for numbers, flags and lists too. */
export function readConfigValue(entry: ConfigEntry, raw: unknown, isText: boolean): ReadValue {
  const value = isText ? fromText(entry, String(raw)) : raw;
  const read = readers[entry.kind](entry, value);
  return read === undefined ? { ok: false, allowed: describeEntry(entry) } : { ok: true, value: read };
}

type Reader = (entry: ConfigEntry, value: unknown) => unknown;

const readers: Readonly<Record<ConfigEntry["kind"], Reader>> = {
  text: (_entry, value) => (typeof value === "string" && value !== "" ? value : undefined),
  texts: (_entry, value) =>
    Array.isArray(value) && value.every((each) => typeof each === "string" && each !== "") ? (value as string[]) : undefined,
  flag: (_entry, value) => (typeof value === "boolean" ? value : undefined),
  choice: (entry, value) => (typeof value === "string" && entry.choices!.includes(value) ? value : undefined),
  number: (entry, value) => (typeof value === "number" && inBounds(entry, value) ? value : undefined),
  whole: (entry, value) => (typeof value === "number" && Number.isInteger(value) && inBounds(entry, value) ? value : undefined),
  seconds: readSeconds,
  amount: (entry, value) => (isAmount(value) && inBounds(entry, Number(value)) ? value : undefined),
  amounts: (_entry, value) => (isAmount(value) || (isTable(value) && Object.values(value).every(isAmount)) ? value : undefined),
  loss: readLoss,
  table: (_entry, value) => (isTable(value) ? value : undefined),
};

/** Microseconds. */
function readSeconds(entry: ConfigEntry, value: unknown): number | undefined {
  const us = typeof value === "number" ? Math.round(value * 1e6) : durationUs(value);
  return us !== undefined && inBounds(entry, us / 1e6) ? us : undefined;
}

function durationUs(value: unknown): number | undefined {
  const match = typeof value === "string" ? /^(\d+(?:\.\d+)?)\s*(us|ms|s|m|h|d)$/.exec(value) : null;
  return match === null ? undefined : Math.round(Number(match[1]) * UNIT_US[match[2]!]!);
}

function readLoss(_entry: ConfigEntry, value: unknown): unknown {
  if (isAmount(value)) return { money: value };
  if (!isTable(value)) return undefined;
  const keys = Object.keys(value);
  const isOne = keys.length === 1 && (keys[0] === "money" || keys[0] === "fraction");
  if (!isOne || !isAmount(value[keys[0]!])) return undefined;
  // A fraction above one is a percentage that somebody wrote down: it would never be reached.
  return keys[0] === "fraction" && Number(value["fraction"]) > 1 ? undefined : value;
}

function inBounds({ min, max }: ConfigEntry, value: number): boolean {
  return Number.isFinite(value) && value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
}

function isAmount(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && value > 0;
  return typeof value === "string" && /^\d+(\.\d+)?$/.test(value) && Number(value) > 0;
}

export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  // TOML has dates of its own; they say so here.
  return Object.prototype.toString.call(value) === "[object Object]";
}

function fromText(entry: ConfigEntry, text: string): unknown {
  switch (entry.kind) {
    case "number":
    case "whole":
      return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    case "seconds":
      return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case "flag":
      return text === "true" ? true : text === "false" ? false : text;
    case "texts":
      return text.split(",").map((each) => each.trim());
    case "loss":
      return text.endsWith("%") ? { fraction: Number(text.slice(0, -1)) / 100 } : text;
    default:
      return text;
  }
}
