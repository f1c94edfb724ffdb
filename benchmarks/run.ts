import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { benchNames } from "./run-one.ts";
import { saveRows } from "./save-rows.ts";
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

if (process.argv.includes("--save")) saveRows(all, `npm run bench -- ${process.argv.slice(2).join(" ")}`);
