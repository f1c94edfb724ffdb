// npm run storm:bank                           every planted bug, up to 400 seeds each
// npm run storm:bank -- --bug retry-post,...   these
// npm run storm:bank -- --record FILE          writes the table to a file
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { BANK } from "./bank/bank.ts";
import type { Mutant } from "./mutant.ts";
import { type Edge, play, scenarioFor } from "./play-seed.ts";

const { values } = parseArgs({
  options: {
    most: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    bug: { type: "string" },
    record: { type: "string" },
  },
});
/** Of chaos, at each edge: what is found takes few seeds on the wire, and each is dear. */
const MINUTES = { port: 20, wire: 12, book: 20 } as const;
const most = Number(values.most);
const first = Number(values.seed);
const chosen = values.bug?.split(",");
const bank = BANK.filter(({ id }) => chosen?.includes(id) ?? true);
const rows: string[] = [];
const taken: number[] = [];
for (const mutant of bank) {
  const { seeds, by } = await seedsUntilCaught(mutant);
  if (by !== undefined) taken.push(seeds);
  const { id, about, seen, edge = "port" } = mutant;
  rows.push(`| ${id} | ${edge} | ${about} | ${seen} | ${by === undefined ? `none in ${most}` : seeds} | ${by ?? "not caught"} |`);
  console.log(rows.at(-1));
}
const median = taken.sort((a, b) => a - b)[taken.length >> 1];
const percent = ((100 * taken.length) / bank.length).toFixed(0);
const line = `storm bank: ${taken.length} of ${bank.length} planted bugs caught, ${percent} %, the median one by ${median} seeds`;
console.log(line);
if (values.record !== undefined) {
  const head = "| bug | edge | what it does | seen as | seeds until caught | by |\n| --- | --- | --- | --- | ---: | --- |";
  await writeFile(values.record, `# Planted bugs\n\n${line}\n\n${head}\n${rows.join("\n")}\n`);
}
process.exitCode = taken.length >= 0.95 * bank.length ? 0 : 1;

async function seedsUntilCaught(mutant: Mutant): Promise<{ readonly seeds: number; readonly by: string | undefined }> {
  const { id } = mutant;
  const edge: Edge = mutant.edge ?? "port";
  const terms = { edge, minutes: MINUTES[edge], kinds: undefined, mutant: id } as const;
  for (let seeds = 1; seeds <= most; seeds += 1) {
    const { violations } = await play(scenarioFor(first + seeds - 1, terms), terms);
    if (violations.length > 0) return { seeds, by: [...new Set(violations.map(({ invariant }) => invariant))].join(" ") };
  }
  return { seeds: most, by: undefined };
}
