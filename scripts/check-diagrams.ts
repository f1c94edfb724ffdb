// Satisfied when every Mermaid source of the documents has beside it the image that was rendered from it.
import { join, relative } from "node:path";
import { diagramProblem, diagramSources } from "./documents/diagram-stamp.ts";

const root = join(import.meta.dirname, "..");
let failed = false;
for (const source of diagramSources(join(root, "docs"))) {
  const problem = diagramProblem(source);
  if (problem === undefined) continue;
  failed = true;
  console.error(`${relative(root, source)}: ${problem}\n  next  render it as scripts/render-diagrams.ts says`);
}
process.exitCode = failed ? 1 : 0;
