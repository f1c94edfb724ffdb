// Writes docs/reference/cli.md. Run it after a change of a command: npm run reference
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { cliFile, referencePath } from "./reference/reference-files.ts";

const path = referencePath(cliFile);
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, cliFile.text());
console.log(`wrote ${cliFile.name}`);
