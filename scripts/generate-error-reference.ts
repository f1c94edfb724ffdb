// Writes docs/reference/errors.md. Run it after a change of a code table: npm run reference
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { errorsFile, referencePath } from "./reference/reference-files.ts";

const path = referencePath(errorsFile);
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, errorsFile.text());
console.log(`wrote ${errorsFile.name}`);
