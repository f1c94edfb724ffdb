// Writes docs/reference/events.md, metrics.md and risk.md: part of npm run reference.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { referencePages } from "./reference/pages.ts";

for (const [path, text] of referencePages) {
  writeFileSync(join(import.meta.dirname, "..", path), text());
  console.log(path);
}
