import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { diskRun } from "./disk-run.ts";
import { killRun } from "./kill-run.ts";
import type { RunResult } from "./run-result.ts";
import { sentinelRun } from "./sentinel-run.ts";
import { mayMount } from "./small-disk.ts";
import { summaryOf, tableOf } from "./summary.ts";

// npm run rig -- --runs 100 --disk-full 20 --sentinel 20 --seed 1 --parallel 4 --kills 3 [--calm] [--record]
// Real processes against the local venue server: killed at any moment, out of disk, or dead and stuck under the eyes of a sentinel. Exit code 1 when a law
// was broken.
const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10" },
    "disk-full": { type: "string", default: "2" },
    sentinel: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    parallel: { type: "string", default: "2" },
    kills: { type: "string", default: "3" },
    calm: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
  },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
const runs = Number(values.runs);
const diskRuns = Number(values["disk-full"]);
const seed = Number(values.seed);
const startedMs = performance.now();

const jobs: (() => Promise<RunResult>)[] = [];
for (let k = 0; k < runs; k += 1) jobs.push(() => killRun(seed + k, Number(values.kills), values.calm));
for (let k = 0; k < Number(values.sentinel); k += 1) jobs.push(() => sentinelRun(seed + 2_000 + k));
const isMountable = diskRuns > 0 && (await mayMount());
if (diskRuns > 0 && !isMountable) console.log(`${diskRuns} runs with a full disk are skipped: mounting a small disk needs root on Linux`);
for (let k = 0; k < (isMountable ? diskRuns : 0); k += 1) jobs.push(() => diskRun(seed + 1_000 + k));

const results: RunResult[] = [];
const next = jobs.values();
async function work(): Promise<void> {
  for (const job of next) {
    const result = await job();
    results.push(result);
    const { kind, seed: own, events, orders, trades, lives, violations, seconds, folder } = result;
    console.log(
      `${violations.length === 0 ? "ok  " : "FAIL"} ${kind} ${own}: ${lives} lives, ${orders} orders, ${trades} trades, ${seconds} s; ${events.join(", ")}`,
    );
    for (const { law, text } of violations.slice(0, 5)) console.log(`       ${law} ${text.slice(0, 500)}`);
    if (folder !== undefined) console.log(`       ${folder}`);
  }
}
await Promise.all(Array.from({ length: Math.max(1, Number(values.parallel)) }, work));

results.sort((a, b) => a.kind.localeCompare(b.kind) || a.seed - b.seed);
const summary = summaryOf(results, Math.round((performance.now() - startedMs) / 1_000));
console.log(`\n${tableOf(summary)}`);
if (values.record) {
  const plain = results.map(({ folder: _, ...rest }) => rest);
  await writeFile(
    // The runs with a sentinel have a record of their own.
    fileURLToPath(new URL(runs + diskRuns === 0 ? "../results/rig-sentinel.json" : "../results/rig.json", import.meta.url)),
    `${JSON.stringify({ summary, runs: plain }, undefined, 1)}\n`,
  );
}
process.exitCode = results.some(({ violations }) => violations.length > 0) ? 1 : 0;
