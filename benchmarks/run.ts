import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, platform, release } from "node:os";
import { fileURLToPath } from "node:url";
import { benchNames } from "./run-one.ts";
import { type BenchRow, printRows } from "./statistics.ts";

/**
 * `npm run bench [-- name ...] [--save]`: every bench in a process of its own, ratios against a reference of the same run. With `--save` the rows
 * are kept in `benchmarks/results/` with the machine and the commit.
 */
const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const names = asked.length === 0 ? benchNames : asked;
const unknown = names.filter((name) => !benchNames.includes(name));
if (unknown.length > 0) {
  console.error(`Cannot run bench "${unknown.join('", "')}": known are ${benchNames.join(", ")}`);
  process.exit(2);
}

const one = fileURLToPath(new URL("./run-one.ts", import.meta.url));
const all: BenchRow[] = [];
for (const name of names) {
  const out = execFileSync(process.execPath, ["--expose-gc", one, name], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const rows = JSON.parse(out) as BenchRow[];
  printRows(rows);
  all.push(...rows);
}

if (process.argv.includes("--save")) {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const machine = { processor: cpus()[0]!.model, cores: cpus().length, system: `${platform()} ${release()}`, node: process.version };
  const folder = new URL("./results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = new URL(`${new Date().toISOString().slice(0, 10)}-${commit}.json`, folder);
  writeFileSync(
    file,
    `${JSON.stringify({ commit, machine, command: `npm run bench -- ${process.argv.slice(2).join(" ")}`, rows: all }, null, 2)}\n`,
  );
  console.log(`saved ${fileURLToPath(file)}`);
}
