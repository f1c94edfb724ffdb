// npm run storm:bank                      every planted bug, up to 400 seeds each
// npm run storm:bank -- --record FILE     writes the table to a file
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { BANK } from "./bank/bank.ts";
import { play, scenarioFor } from "./play-seed.ts";

const { values } = parseArgs({
  options: {
    most: { type: "string", default: "400" },
    minutes: { type: "string", default: "20" },
    record: { type: "string" },
  },
});
const most = Number(values.most);
const rows: string[] = [];
let caught = 0;
for (const { id, about, seen } of BANK) {
  const terms = { edge: "port", minutes: Number(values.minutes), kinds: undefined, mutant: id } as const;
  let seed = 1;
  let by: string | undefined;
  for (; seed <= most && by === undefined; seed += 1) {
    const { violations } = await play(scenarioFor(seed, terms), terms);
    if (violations.length > 0) by = [...new Set(violations.map(({ invariant }) => invariant))].join(" ");
  }
  if (by !== undefined) caught += 1;
  rows.push(`| ${id} | ${about} | ${seen} | ${by === undefined ? `none in ${most}` : seed - 1} | ${by ?? "not caught"} |`);
  console.log(rows.at(-1));
}
const line = `storm bank: ${caught} of ${BANK.length} planted bugs caught, ${((100 * caught) / BANK.length).toFixed(0)} %`;
console.log(line);
if (values.record !== undefined) {
  const head = "| bug | what it does | seen as | seeds until caught | by |\n| --- | --- | --- | ---: | --- |";
  await writeFile(values.record, `# Planted bugs\n\n${line}\n\n${head}\n${rows.join("\n")}\n`);
}
process.exitCode = caught >= 0.95 * BANK.length ? 0 : 1;
