import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, platform, release } from "node:os";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "./statistics.ts";

/** Keeps rows in `benchmarks/results/`, in a file named after the day, the commit and `part`, with the machine and the command. */
export function saveRows(rows: readonly BenchRow[], command: string, part = ""): void {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const machine = { processor: cpus()[0]!.model, cores: cpus().length, system: `${platform()} ${release()}`, node: process.version };
  const folder = new URL("./results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = new URL(`${new Date().toISOString().slice(0, 10)}-${commit}${part === "" ? "" : `-${part}`}.json`, folder);
  writeFileSync(file, `${JSON.stringify({ commit, machine, command, rows }, null, 2)}\n`);
  console.log(`saved ${fileURLToPath(file)}`);
}
