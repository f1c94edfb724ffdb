import type { ResolvedOptions } from "./run-options.ts";

/** Values by dotted name, as a run file or flags give them: `{ capital: 10000, "fee.taker": "0.001" }`. Text is read by the kind of the option. */
export type OptionValues = Readonly<Record<string, unknown>>;

export interface OptionLayers {
  readonly runFile?: OptionValues;
  readonly flags?: OptionValues;
}

/** Options from flags over run file over defaults. Throws `TP_RUN_OPTION_UNKNOWN` or `TP_RUN_OPTION_VALUE`. */
export function resolveOptions(layers: OptionLayers = {}): ResolvedOptions {
  throw new Error(`not yet: ${JSON.stringify(layers)}`);
}
