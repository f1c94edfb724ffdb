// Satisfied when every relative link and every repository path in a Markdown file leads somewhere.
import { join } from "node:path";
import { brokenReferences, markdownFiles } from "./documents/broken-references.ts";

const root = join(import.meta.dirname, "..");
const broken = markdownFiles(root).flatMap((file) => brokenReferences(root, file));
for (const line of broken) console.error(line);
process.exitCode = broken.length === 0 ? 0 : 1;
