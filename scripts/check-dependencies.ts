// Satisfied when every package that ships with TradePulse is pinned exactly and has its row in the decision record.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const RECORD = "docs/decisions/0014-runtime-dependencies.md";
const root = join(import.meta.dirname, "..");
const record = readFileSync(join(root, RECORD), "utf8");
const problems: string[] = [];

for (const group of ["packages", "apps"]) {
  for (const name of readdirSync(join(root, group))) {
    const manifest = join(group, name, "package.json");
    if (!existsSync(join(root, manifest))) continue;
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, manifest), "utf8")) as { dependencies?: Record<string, string> };
    for (const [dependency, version] of Object.entries(dependencies)) {
      if (dependency.startsWith("@tradepulse/")) continue;
      if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`${manifest} asks for ${dependency} "${version}", allowed is one exact version`);
      else if (!record.includes(`${dependency} ${version}`))
        problems.push(`${manifest} needs ${dependency} ${version}, which ${RECORD} does not name`);
    }
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
