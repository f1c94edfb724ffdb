import type { RunOptions } from "./run-options.ts";

/** One option of a run: its dotted name, what is allowed and what it means. Serves checks, help texts and the reference page. */
export interface OptionDefinition {
  /** `capital`, `fee.taker`. */
  readonly name: string;
  readonly kind: "number" | "whole" | "flag" | "choice" | "table";
  /** `null` is a value too, where {@link nullable}. */
  readonly fallback: unknown;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  /** `none` (in TOML and flags) or `null` (in JSON) stands for no limit. */
  readonly nullable?: boolean;
  readonly about: string;
}

export const optionDefinitions: readonly OptionDefinition[] = [];

export const defaultRunOptions = {} as RunOptions;
