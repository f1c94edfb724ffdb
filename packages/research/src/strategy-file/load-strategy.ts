import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { type InputSpecs, nearestName, type ParamSpecs, type Strategy } from "@tradepulse/core";
import { listed, refuse } from "../refuse.ts";
import { failLoad } from "./load-failure.ts";
import type { LoadedStrategy, StrategyModule } from "./loaded-strategy.ts";
import { modulesFrom, type SeenModule, sha256, watchModule } from "./module-graph.ts";
import { registerWorkspaceResolution } from "./workspace-resolution.ts";

const EXTENSIONS = [".ts", ".mts", ".js", ".mjs"];

interface Load {
  readonly count: number;
  readonly loaded: LoadedStrategy | undefined;
}

const loads = new Map<string, Load>();

/**
 * Reads a strategy file: runs it once as a module and checks its default export. The same file gives the same strategy until it or
 * a file that it imports changes, or until it is asked for `fresh`: with module variables as they were at the start. Throws a
 * FailureError with a `TP_STRATEGY_` code for everything that can be wrong with it.
 */
export async function loadStrategy(path: string, options: { readonly fresh?: boolean } = {}): Promise<LoadedStrategy> {
  const file = await strategyFile(path);
  const last = loads.get(file);
  if (options.fresh !== true && last?.loaded !== undefined && (await isUnchanged(last.loaded))) return last.loaded;
  const count = (last?.count ?? 0) + 1;
  loads.set(file, { count, loaded: undefined });
  registerWorkspaceResolution();
  const url = pathToFileURL(file);
  if (count > 1) url.searchParams.set("load", String(count));
  watchModule(url.href);
  let namespace: { readonly default?: unknown };
  try {
    namespace = await import(url.href);
  } catch (error) {
    return failLoad(path, modulesFrom(url.href), error);
  }
  const strategy = strategyIn(namespace, path);
  const modules = modulesOf(file, modulesFrom(url.href));
  const codeDigest = sha256(modules.map(({ name, digest }) => `${name}\n${digest}\n`).join(""));
  const loaded: LoadedStrategy = { strategy, path: file, codeDigest, modules };
  loads.set(file, { count, loaded });
  return loaded;
}

/** The real path of a strategy file. Throws when there is none. */
async function strategyFile(path: string): Promise<string> {
  const file = resolve(path);
  const stats = await stat(file).catch((error: NodeJS.ErrnoException) => error);
  if (stats instanceof Error) {
    if (stats.code !== "ENOENT" && stats.code !== "ENOTDIR") unreadable(path, stats);
    const near = nearestName(basename(file), await readdir(dirname(file)).catch(() => []));
    return refuse(
      "TP_STRATEGY_FILE_NOT_FOUND",
      `Cannot load strategy "${path}": there is no such file`,
      [["file", file], near === undefined ? undefined : ["meant", `"${near}"`]],
      "name a file that exports a strategy, or make one with tradepulse init",
    );
  }
  if (stats.isDirectory()) {
    const files = (await readdir(file)).filter((name) => EXTENSIONS.includes(extname(name))).slice(0, 10);
    refuse(
      "TP_STRATEGY_FILE_DIRECTORY",
      `Cannot load strategy "${path}": it is a directory, allowed is one file`,
      [["holds", listed(files)]],
      "name one file inside it",
    );
  }
  if (!EXTENSIONS.includes(extname(file))) {
    refuse(
      "TP_STRATEGY_FILE_KIND",
      `Cannot load strategy "${path}": its name ends in "${extname(file)}", allowed are ${EXTENSIONS.join(", ")}`,
      [],
      "name a TypeScript or JavaScript file",
    );
  }
  return realpath(file);
}

function unreadable(path: string, error: NodeJS.ErrnoException): never {
  refuse(
    "TP_STRATEGY_FILE_UNREADABLE",
    `Cannot load strategy "${path}": the system says ${error.code ?? error.message}`,
    [],
    "check its permissions",
    error,
  );
}

function strategyIn(namespace: { readonly default?: unknown }, path: string): Strategy<ParamSpecs, InputSpecs> {
  const value = namespace.default;
  if (isStrategy(value)) return value;
  const others = Object.entries(namespace).filter(([name, each]) => name !== "default" && isStrategy(each));
  if (value === undefined) {
    return refuse(
      "TP_STRATEGY_NO_DEFAULT",
      `Cannot load strategy "${path}": it has no default export, allowed is \`export default defineStrategy({ ... })\``,
      [others.length === 0 ? undefined : ["exports", listed(others.map(([name]) => name))]],
      others.length === 0 ? "export the strategy as default" : `write \`export default ${others[0]![0]}\``,
    );
  }
  const isBound = typeof value === "object" && value !== null && "create" in value && "inputs" in value;
  return refuse(
    "TP_STRATEGY_NOT_A_STRATEGY",
    `Cannot load strategy "${path}": its default export is ${isBound ? "a strategy with its parameters already bound" : describe(value)}, allowed is what defineStrategy gives`,
    [],
    isBound ? "export what defineStrategy gives without calling it" : "write `export default defineStrategy({ name, params, create })`",
  );
}

function isStrategy(value: unknown): value is Strategy<ParamSpecs, InputSpecs> {
  if (typeof value !== "function") return false;
  const { spec } = value as { readonly spec?: { readonly name?: unknown; readonly create?: unknown } };
  return typeof spec === "object" && spec !== null && typeof spec.name === "string" && typeof spec.create === "function";
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function modulesOf(file: string, seen: readonly SeenModule[]): readonly StrategyModule[] {
  const folder = dirname(file);
  const modules = seen.map(({ path, digest }) => ({ path, name: relative(folder, path).split(sep).join("/"), digest }));
  const [entry, ...rest] = modules;
  return [entry!, ...rest.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

async function isUnchanged(loaded: LoadedStrategy): Promise<boolean> {
  const same = loaded.modules.map(async ({ path, digest }) => {
    const bytes = await readFile(path).catch(() => undefined);
    return bytes !== undefined && sha256(bytes) === digest;
  });
  return (await Promise.all(same)).every(Boolean);
}
