// npm run storm -- --seed 17 --lines           one seed, told line by line
// npm run storm -- --seeds 300 --workers 2     seeds 1 to 300, in two processes
// npm run storm -- --wire ...                  the real runner and adapter over the venue's wire protocol
// npm run storm -- --book ...                  the adapter's books over the venue's depth streams
// npm run storm -- --faults F04,F53 ...        these faults in every seed
// npm run storm -- --mutant retry-post ...     with a planted bug
// npm run storm -- --twice ...                 every seed in two processes: their digests must agree
// npm run storm -- --whole ...                 a seed that fails is not cut down
// npm run storm -- --record FILE               writes the tables to a file; from 5,000 seeds on a cell that can be met and never was is a failure
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CHECKPOINT_LINES } from "../world/chronicle.ts";
import { FAULT_KIND_NAMES, isFaultKind } from "./fault-kinds.ts";
import { type PlayTerms, play, scenarioFor } from "./play-seed.ts";
import { shrink } from "./shrink.ts";
import { reachOf, reportOf, type SeedReport, summaryLine } from "./summary.ts";
import { testOf, timelineOf } from "./timeline.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    step: { type: "string", default: "1" },
    minutes: { type: "string" },
    faults: { type: "string" },
    mutant: { type: "string" },
    workers: { type: "string", default: "1" },
    record: { type: "string" },
    wire: { type: "boolean", default: false },
    book: { type: "boolean", default: false },
    lines: { type: "boolean", default: false },
    twice: { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
    whole: { type: "boolean", default: false },
    child: { type: "boolean", default: false },
  },
});

const kinds = values.faults?.split(",");
const stranger = kinds?.find((kind) => !isFaultKind(kind));
if (stranger !== undefined) {
  console.error(`storm: there is no fault "${stranger}", known are ${FAULT_KIND_NAMES.join(", ")}`);
  process.exit(2);
}
const terms: PlayTerms = {
  edge: values.wire ? "wire" : values.book ? "book" : "port",
  minutes: values.minutes === undefined ? undefined : Number(values.minutes),
  kinds: kinds?.filter(isFaultKind),
  mutant: values.mutant,
};
/** In so many recorded seeds a place that can be reached must have been. */
const LONG_SEEDS = 5_000;
const first = Number(values.seed);
const count = Number(values.seeds);
const step = Number(values.step);
const started = performance.now();

if (values.child) await playHere((report) => console.log(JSON.stringify(report)));
else process.exitCode = await main();

async function main(): Promise<number> {
  const reports: SeedReport[] = [];
  const workers = Number(values.workers);
  if (workers > 1) await Promise.all(Array.from({ length: workers }, (_, k) => playInChild(first + k, workers, note)));
  else await playHere(note);
  const failed = reports.filter(({ violations }) => violations.length > 0).length;
  const diverged = values.twice ? await playAgain(reports) : 0;
  reports.sort((a, b) => a.seed - b.seed);
  const line = summaryLine(reports, (performance.now() - started) / 1000);
  console.log(values.twice ? `${line}; ${diverged} of them differ when played again` : line);
  if (values.record === undefined) return failed + diverged === 0 ? 0 : 1;
  const { rows, empty, missing } = reachOf(reports, terms.edge);
  await writeFile(values.record, `${line}\n\n${rows.join("\n")}\n`);
  if (empty.length > 0) console.log(`storm: these could be met and never were: ${empty.join(", ")}`);
  if (missing.length > 0) console.log(`storm: this never happened: ${missing.join("; ")}`);
  const isLong = count >= LONG_SEEDS;
  return failed + diverged + (isLong ? empty.length + missing.length : 0) === 0 ? 0 : 1;

  function note(report: SeedReport): void {
    reports.push(report);
    const { seed, mode, trader, digest, violations, events, orders, fills, boots, endedDown, wallMs } = report;
    const isBad = violations.length > 0;
    if (values.quiet && !isBad) return;
    const end = endedDown === "" ? "" : `, ${endedDown}`;
    console.log(
      `${isBad ? "FAIL" : "ok  "} ${seed} ${mode} ${trader} ${digest}: ${events} events, ${orders} orders, ${fills} fills, ${boots} starts${end} (${wallMs} ms)`,
    );
    for (const { invariant, text } of violations) console.log(`     ${invariant}: ${text.split("\n", 1)[0]}`);
  }
}

async function playHere(tell: (report: SeedReport) => void): Promise<void> {
  for (let seed = first; seed < first + count; seed += step) {
    const scenario = scenarioFor(seed, terms);
    const before = performance.now();
    const result = await play(scenario, terms);
    tell(reportOf(result, terms.edge, performance.now() - before));
    if (values.lines && !values.child) for (const { atUs, who, text } of result.lines) console.log(`${atUs} ${who} ${text}`);
    const [violation] = result.violations;
    if (violation === undefined || values.child || values.whole) continue;
    const shrunk = await shrink(scenario, violation.invariant, (smaller) => play(smaller, terms));
    if (shrunk === undefined) continue;
    console.log(`     after ${shrunk.runs} smaller runs, with ${shrunk.scenario.faults.length} faults and these events:`);
    for (const line of timelineOf(shrunk.result.lines, shrunk.violation)) console.log(`     ${line}`);
    if (count === 1) console.log(`\n${testOf(shrunk, terms.edge)}`);
  }
}

/** Plays every `stride`-th seed in a process of its own. */
function playInChild(from: number, stride: number, tell: (report: SeedReport) => void): Promise<void> {
  const { minutes, faults, mutant, wire, book } = values;
  const given = [
    "--child",
    `--seed=${from}`,
    `--seeds=${Math.max(0, first + count - from)}`,
    `--step=${stride}`,
    ...(minutes === undefined ? [] : ["--minutes", minutes]),
    ...(faults === undefined ? [] : ["--faults", faults]),
    ...(mutant === undefined ? [] : ["--mutant", mutant]),
    ...(wire ? ["--wire"] : book ? ["--book"] : []),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...given], { stdio: ["ignore", "pipe", "inherit"] });
    let rest = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) tell(JSON.parse(line) as SeedReport);
    });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`a process of the storm ended with ${code}`))));
  });
}

/** Plays all seeds once more in other processes; returns how many of them went another way, and says where first. */
async function playAgain(reports: readonly SeedReport[]): Promise<number> {
  let diverged = 0;
  const known = new Map(reports.map((report) => [report.seed, report]));
  await playInChild(first, step, (again) => {
    const before = known.get(again.seed);
    if (before === undefined || before.digest === again.digest) return;
    diverged += 1;
    const at = before.checkpoints.findIndex((checkpoint, k) => checkpoint !== again.checkpoints[k]);
    const from = (at < 0 ? before.checkpoints.length : at) * CHECKPOINT_LINES;
    console.log(
      `FAIL ${again.seed} goes two ways: ${before.digest} and ${again.digest}, first within ${CHECKPOINT_LINES} lines after line ${from}`,
    );
  });
  return diverged;
}
