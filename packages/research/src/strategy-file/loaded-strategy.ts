import type { InputSpecs, ParamSpecs, Strategy } from "@tradepulse/core";

/** One file of a user's strategy: the strategy itself, or a module that it imports. TradePulse's own packages are left out. */
export interface StrategyModule {
  /** Absolute path. */
  readonly path: string;
  /** Path seen from the folder of the strategy file, with forward slashes. */
  readonly name: string;
  /** `sha256:` and 64 hexadecimal digits over its bytes. */
  readonly digest: string;
}

/** A strategy read from a file. */
export interface LoadedStrategy {
  readonly strategy: Strategy<ParamSpecs, InputSpecs>;
  /** Absolute path of the file. */
  readonly path: string;
  /** `sha256:` and 64 hexadecimal digits over names and bytes of all {@link modules}: it changes when any of them does. */
  readonly codeDigest: string;
  /** The strategy file first, then what it imports, by name. */
  readonly modules: readonly StrategyModule[];
}
