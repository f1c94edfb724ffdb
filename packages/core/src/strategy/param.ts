import type { Failure } from "../model/failure.ts";
import { nearestName } from "./nearest-name.ts";

/** A declared parameter: its default, what is allowed, and how text becomes a value. Serves defaults, checks, the optimiser and forms. */
export interface ParamSpec<T> {
  readonly kind: "int" | "number" | "ratio" | "flag" | "choice";
  readonly fallback: T;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly about?: string;
}

export type ParamSpecs = Readonly<Record<string, ParamSpec<unknown>>>;
export type ParamValues<S extends ParamSpecs> = { readonly [K in keyof S]: S[K] extends ParamSpec<infer T> ? T : never };

interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly about?: string;
}

function numeric(kind: "int" | "number" | "ratio", fallback: number, range: Range): ParamSpec<number> {
  return { kind, fallback, ...range };
}

/** Declares parameters of a strategy. */
export const param = {
  /** A whole number, from `min` to `max` inclusive. */
  int: (fallback: number, range: Range = {}): ParamSpec<number> => numeric("int", fallback, range),
  /** Any finite number, from `min` to `max` inclusive. */
  number: (fallback: number, range: Range = {}): ParamSpec<number> => numeric("number", fallback, range),
  /** A share: 0 to 1 unless bounds are given. */
  ratio: (fallback: number, range: Range = {}): ParamSpec<number> => numeric("ratio", fallback, { min: 0, max: 1, ...range }),
  /** Yes or no. */
  flag: (fallback: boolean, about?: string): ParamSpec<boolean> => ({ kind: "flag", fallback, ...(about === undefined ? {} : { about }) }),
  /** One of the given words. */
  choice: <const C extends readonly [string, ...string[]]>(
    choices: C,
    fallback: C[number] = choices[0],
    about?: string,
  ): ParamSpec<C[number]> => ({
    kind: "choice",
    fallback,
    choices,
    ...(about === undefined ? {} : { about }),
  }),
} as const;

/** What a parameter allows, in words. */
export function describeParam(spec: ParamSpec<unknown>): string {
  if (spec.kind === "flag") return "true or false";
  if (spec.kind === "choice") return (spec.choices ?? []).map((word) => `"${word}"`).join(", ");
  const noun = spec.kind === "int" ? "whole numbers" : "numbers";
  const low = spec.min === undefined ? "" : ` from ${spec.min}`;
  const high = spec.max === undefined ? "" : ` to ${spec.max}`;
  return noun + low + high;
}

/** Values for every declared parameter: the given ones checked, the rest their defaults. Unknown names are refused with a suggestion. */
export function resolveParams(
  strategy: string,
  specs: ParamSpecs,
  given: Readonly<Record<string, unknown>>,
): { readonly values: Readonly<Record<string, unknown>>; readonly failure?: Failure } {
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) values[name] = spec.fallback;
  for (const [name, raw] of Object.entries(given)) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) return { values, failure: unknownParam(strategy, name, Object.keys(specs)) };
    const value = typeof raw === "string" ? parseText(spec, raw) : raw;
    if (!allows(spec, value)) return { values, failure: badParam(strategy, name, raw, spec) };
    values[name] = value;
  }
  return { values };
}

function parseText(spec: ParamSpec<unknown>, text: string): unknown {
  if (spec.kind === "choice") return text;
  if (spec.kind === "flag") return text === "true" ? true : text === "false" ? false : text;
  return text.trim() === "" ? Number.NaN : Number(text);
}

function allows(spec: ParamSpec<unknown>, value: unknown): boolean {
  if (spec.kind === "flag") return typeof value === "boolean";
  if (spec.kind === "choice") return typeof value === "string" && (spec.choices ?? []).includes(value);
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (spec.kind === "int" && !Number.isInteger(value)) return false;
  return value >= (spec.min ?? Number.NEGATIVE_INFINITY) && value <= (spec.max ?? Number.POSITIVE_INFINITY);
}

function unknownParam(strategy: string, name: string, known: readonly string[]): Failure {
  const near = nearestName(name, known);
  return {
    code: "TP_STRATEGY_PARAM_UNKNOWN",
    message: `Cannot set parameter "${name}" of "${strategy}": it has no such parameter, known are ${known.map((each) => `"${each}"`).join(", ") || "none"}`,
    details: near === undefined ? [] : [["meant", `"${near}"`]],
    next: "use one of the known names",
  };
}

function badParam(strategy: string, name: string, raw: unknown, spec: ParamSpec<unknown>): Failure {
  return {
    code: "TP_STRATEGY_PARAM_VALUE",
    message: `Cannot set parameter "${name}" of "${strategy}": it is ${JSON.stringify(raw) ?? String(raw)}, allowed are ${describeParam(spec)}`,
    details: [["default", String(spec.fallback)]],
    next: "choose an allowed value",
  };
}
