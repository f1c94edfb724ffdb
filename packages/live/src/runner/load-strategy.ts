import { createHash } from "node:crypto";
import type { InputSpecs, ParamSpecs, Strategy } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import { refuseConfig } from "../config/refuse-config.ts";

/** A strategy read from a file, and what its code was. */
export interface SessionStrategyFile {
  readonly strategy: Strategy<ParamSpecs, InputSpecs>;
  readonly path: string;
  readonly codeDigest: string;
  readonly modules: readonly { readonly name: string; readonly digest: string }[];
}

/** Loads a strategy. The command line passes the loader of the research package, whose digest covers every module of the strategy. */
export type LoadStrategy = (path: string) => Promise<SessionStrategyFile>;

/** Imports a strategy file as it is: its own bytes are its digest. */
export function importStrategy(env: Env): LoadStrategy {
  return async (path) => {
    const digest = `sha256:${createHash("sha256")
      .update(await env.files.read(path))
      .digest("hex")}`;
    const module = (await import(`file://${encodeURI(path)}`)) as { readonly default?: unknown };
    const strategy = module.default as Strategy<ParamSpecs, InputSpecs> | undefined;
    if (typeof strategy !== "function" || typeof strategy.spec?.create !== "function") {
      return refuseConfig(
        "TP_LIVE_STRATEGY",
        `Cannot load strategy "${path}": its default export is no strategy, allowed is what defineStrategy gives`,
        [],
        "write `export default defineStrategy({ name, params, create })`",
      );
    }
    return { strategy, path, codeDigest: digest, modules: [{ name: path.slice(path.lastIndexOf("/") + 1), digest }] };
  };
}
