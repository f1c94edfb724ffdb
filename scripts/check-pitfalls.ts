// Satisfied when every test that docs/architecture/pitfalls.md names is there, no test is switched off or runs alone, and every package has some.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { missingTests, promisedTests, silencedTests, untestedFolders } from "./documents/promised-tests.ts";

const root = join(import.meta.dirname, "..");
const DOCUMENT = "docs/architecture/pitfalls.md";
const packages = ["packages", "apps"].flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));

const problems = [
  ...missingTests(root, DOCUMENT),
  ...silencedTests(root, ["packages", "apps", "simulation", "scripts"]),
  ...untestedFolders(root, packages).map((folder) => `${folder} has no test`),
];
if (promisedTests(root, DOCUMENT) === 0) problems.push(`${DOCUMENT} names no test`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
