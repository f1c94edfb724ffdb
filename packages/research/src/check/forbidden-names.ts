/** Why something outside of a strategy is named: its stable id, a title, and what to do instead. */
export interface Forbidden {
  readonly id: string;
  readonly title: string;
  readonly why: string;
}

const CLOCK: Forbidden = {
  id: "clock",
  title: "Reads a clock",
  why: "a backtest would depend on when it runs; use bar.closeUs or view.nowUs",
};
const RANDOM: Forbidden = {
  id: "random",
  title: "Draws random numbers",
  why: "a run could not be repeated; write a generator whose seed is a parameter",
};
const NETWORK: Forbidden = {
  id: "network",
  title: "Uses the network",
  why: "a backtest would depend on what a server says today; bring it in as data",
};
const FILES: Forbidden = {
  id: "file-system",
  title: "Uses the file system",
  why: "a file may hold the future, and is no part of the run; bring it in as data",
};
const PROCESS: Forbidden = {
  id: "process",
  title: "Reaches for the process",
  why: "a run would depend on the machine; use parameters",
};
const TIMER: Forbidden = {
  id: "timer",
  title: "Waits for a timer",
  why: "what it calls happens after the run; declare `timers` and react with onTimer",
};
const GLOBAL: Forbidden = {
  id: "global-object",
  title: "Reaches for the global object",
  why: "anything can be read through it, and what is written there outlives the run",
};
const EVALUATION: Forbidden = {
  id: "evaluation",
  title: "Evaluates text as code",
  why: "what it does cannot be seen by a check",
};

/** Another package than ours. */
export const FOREIGN_IMPORT: Forbidden = {
  id: "import",
  title: "Imports another package",
  why: "what it does is not checked and is no part of the code digest of other machines; a strategy imports @tradepulse/* and its own files",
};

/** An import whose name is computed. */
export const EVALUATED_IMPORT: Forbidden = { ...EVALUATION, title: "Imports what is not written down" };

/** A date made from a number: harmless but for the zone of the machine. */
export const LOCAL_TIME: Forbidden = {
  id: "local-time",
  title: "Makes a date",
  why: "its local parts depend on the time zone of the machine; use its UTC methods",
};

/** `import.meta` tells where the file lies. */
export const IMPORT_META: Forbidden = { ...PROCESS, id: "import-meta", title: "Reads where its file lies" };

/** A variable of a module that functions write to. */
export const MODULE_VARIABLE: Forbidden = {
  id: "module-variable",
  title: "Writes to a variable outside of create",
  why: "it keeps its value from one run to the next; declare it inside create",
};

/** Globals by name. */
export const FORBIDDEN_GLOBALS: ReadonlyMap<string, Forbidden> = new Map([
  ...each(CLOCK, "Date", "performance", "Temporal"),
  ...each(RANDOM, "crypto"),
  ...each(NETWORK, "fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport"),
  ...each(PROCESS, "process", "require", "module", "navigator", "Deno", "Bun", "localStorage", "sessionStorage", "Worker", "SharedWorker"),
  ...each(TIMER, "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "requestAnimationFrame"),
  ...each(GLOBAL, "globalThis", "global", "window", "self"),
  ...each(EVALUATION, "eval", "Function"),
]);

/** Functions of global objects by `object.name`. */
export const FORBIDDEN_MEMBERS: ReadonlyMap<string, Forbidden> = new Map([["Math.random", RANDOM]]);

/** Members of a forbidden global that are harmless. */
export const HARMLESS_MEMBERS: ReadonlySet<string> = new Set(["Date.UTC"]);

const MODULES: ReadonlyMap<string, Forbidden> = new Map([
  ...each(FILES, "fs", "sqlite", "path", "url"),
  ...each(NETWORK, "http", "https", "http2", "net", "tls", "dgram", "dns"),
  ...each(TIMER, "timers"),
  ...each(RANDOM, "crypto"),
  ...each(CLOCK, "perf_hooks"),
  ...each(EVALUATION, "vm", "module"),
]);

/** Why a module may not be imported; `undefined` for our own packages and relative files. */
export function forbiddenModule(specifier: string): Forbidden | undefined {
  if (/^(@tradepulse\/|\.\.?\/)/.test(specifier)) return undefined;
  const known = MODULES.get(specifier.replace(/^node:/, "").split("/", 1)[0]!);
  if (known !== undefined) return known;
  return specifier.startsWith("node:") ? PROCESS : FOREIGN_IMPORT;
}

function each(forbidden: Forbidden, ...names: readonly string[]): (readonly [string, Forbidden])[] {
  return names.map((name) => [name, forbidden] as const);
}
