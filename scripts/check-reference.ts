// Satisfied when the generated pages of docs/reference are what the code says today.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { referencePages } from "./reference/pages.ts";

const root = join(import.meta.dirname, "..");
const stale = referencePages.filter(([path, text]) => {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, "utf8") !== text();
});
for (const [path] of stale) console.error(`${path} is not what its source says\n  next  run npm run reference and commit the page`);
process.exitCode = stale.length === 0 ? 0 : 1;
