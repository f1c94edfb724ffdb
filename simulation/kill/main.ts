// npm run kill-races -- --races 100000 --workers 2    so many races between a kill and orders on their way
// npm run kill-races -- --seed 17 --races 1           one of them again
// npm run kill-races -- --record FILE                 writes what it came to
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { killRace } from "../../packages/live/src/testing/kill-race.ts";
import { addTally, emptyTally, type KillTally, tallyRace, tallyReport } from "./kill-tally.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    races: { type: "string", default: "1000" },
    step: { type: "string", default: "1" },
    workers: { type: "string", default: "1" },
    record: { type: "string" },
    child: { type: "boolean", default: false },
  },
});
/** How long the trader stands still in the races, by turns, in microseconds: not at all in half of them. */
const STALLS_US = [0, 400_000, 0, 10_000_000] as const;
const first = Number(values.seed);
const races = Number(values.races);
const workers = Number(values.workers);

if (values.child) console.log(JSON.stringify(await raceHere(Number(values.step))));
else process.exitCode = await main();

async function main(): Promise<number> {
  const startedMs = performance.now();
  const parts = workers > 1 ? await Promise.all(Array.from({ length: workers }, (_, k) => raceInChild(first + k))) : [await raceHere(1)];
  const tally = parts.reduce(addTally, emptyTally());
  const report = tallyReport(tally);
  const line = `kill: ${tally.races} races, ${tally.escaped.length} escaped; ${report.text} in ${Math.round((performance.now() - startedMs) / 1000)} s`;
  console.log(line);
  for (const seed of tally.escaped) console.log(`FAIL ${seed}: npm run kill-races -- --seed ${seed} --races 1`);
  if (values.record !== undefined)
    await writeFile(
      values.record,
      `${JSON.stringify({ command: `npm run kill-races -- --races ${races}`, node: process.version, ...report.figures }, null, 2)}\n`,
    );
  return tally.escaped.length === 0 ? 0 : 1;
}

async function raceHere(step: number): Promise<KillTally> {
  let tally = emptyTally();
  for (let seed = first; seed < Number(values.seed) + races; seed += step)
    tally = tallyRace(tally, seed, await killRace(seed, STALLS_US[seed % STALLS_US.length]));
  return tally;
}

function raceInChild(from: number): Promise<KillTally> {
  const given = ["--child", `--seed=${from}`, `--races=${Math.max(0, first + races - from)}`, `--step=${workers}`];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...given], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (part: string) => {
      text += part;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(JSON.parse(text) as KillTally) : reject(new Error(`a process of the races ended with ${code}`)),
    );
  });
}
