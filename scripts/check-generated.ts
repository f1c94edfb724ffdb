// A step of npm run check: the generated pages of the reference say what the code says, and every code is in a table.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { codeAreas } from "../apps/cli/src/index.ts";
import { cliFile, errorsFile, referencePath } from "./reference/reference-files.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const problems = new Set<string>();

for (const file of [errorsFile, cliFile]) {
  let found: string | undefined;
  try {
    found = readFileSync(referencePath(file), "utf8");
  } catch {
    // Absent: reported below.
  }
  if (found !== file.text()) problems.add(`${file.name} is ${found === undefined ? "missing" : "not current"}; run: npm run reference`);
}

const listed = new Set(codeAreas.flatMap(({ codes }) => Object.keys(codes)));
for (const path of sources()) {
  const text = readFileSync(join(root, path), "utf8");
  for (const [, code] of text.matchAll(/"(TP_[A-Z]+_[A-Z_]*[A-Z])"/g)) {
    if (!listed.has(code!)) problems.add(`${path} gives ${code}, which no code table lists`);
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.size === 0 ? 0 : 1;

/** Sources of the command line and of the packages that it is made of: those whose failures it prints. */
function sources(): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(root, "apps/cli/package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const packages = Object.keys(dependencies).flatMap((name) => (name.startsWith("@tradepulse/") ? [`packages/${name.slice(12)}`] : []));
  return ["apps/cli", ...packages]
    .map((folder) => join(folder, "src"))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, String(file))))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
}
