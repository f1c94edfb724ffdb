import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

/** A user module as the loader saw it. */
export interface SeenModule {
  readonly url: string;
  readonly path: string;
  /** Text as it was loaded, before types were stripped; empty when it could not be read. */
  source: string;
  /** `sha256:` and 64 hexadecimal digits over its bytes; empty when it could not be read. */
  digest: string;
  /** URLs of the user modules it imports. */
  readonly imports: Set<string>;
  /** Specifiers that led nowhere. */
  readonly missing: string[];
}

const seen = new Map<string, SeenModule>();
let isRegistered = false;

/** A load after the first carries its number, so that changed files are read anew. */
const LOAD = "load";

/**
 * Watches what the module at `url` imports, from its next load on. Our own packages are not user code and are passed over.
 * Modules share nothing with earlier loads: `url` with another `?load=` passes that on to the files it imports.
 */
export function watchModule(url: string): void {
  register();
  if (!seen.has(url)) seen.set(url, newModule(url));
}

/** The module at `url` and everything below it, in order of discovery. */
export function modulesFrom(url: string): readonly SeenModule[] {
  const found = new Map<string, SeenModule>();
  const visit = (each: string): void => {
    const module = seen.get(each);
    if (module === undefined || found.has(each)) return;
    found.set(each, module);
    for (const child of module.imports) visit(child);
  };
  visit(url);
  return [...found.values()];
}

/** `sha256:` and 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(data).digest("hex")}`;
}

function newModule(url: string): SeenModule {
  return { url, path: fileURLToPath(url), source: "", digest: "", imports: new Set(), missing: [] };
}

function register(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const parent = context.parentURL === undefined ? undefined : seen.get(context.parentURL);
      if (parent === undefined) return nextResolve(specifier, context);
      let result: ReturnType<typeof nextResolve>;
      try {
        result = nextResolve(specifier, context);
      } catch (error) {
        parent.missing.push(specifier);
        throw error;
      }
      if (specifier.startsWith("@tradepulse/") || !result.url.startsWith("file:")) return result;
      const url = sameLoad(result.url, parent.url);
      parent.imports.add(url);
      if (!seen.has(url)) seen.set(url, newModule(url));
      return { ...result, url };
    },
    load(url, context, nextLoad) {
      const module = seen.get(url);
      if (module !== undefined) keepSource(module);
      return nextLoad(url, context);
    },
  });
}

function sameLoad(url: string, parentUrl: string): string {
  const load = new URL(parentUrl).searchParams.get(LOAD);
  if (load === null || url.includes("/node_modules/")) return url;
  const result = new URL(url);
  result.searchParams.set(LOAD, load);
  return result.href;
}

function keepSource(module: SeenModule): void {
  try {
    const bytes = readFileSync(module.path);
    module.source = bytes.toString("utf8");
    module.digest = sha256(bytes);
  } catch {
    // The loader fails on it next, and says why.
  }
}
