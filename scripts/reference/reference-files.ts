import { fileURLToPath } from "node:url";
import { cliReference } from "./cli-reference.ts";
import { errorReference } from "./error-reference.ts";

/** A file of the reference that is written by a script. */
export interface ReferenceFile {
  /** Path from the root of the repository. */
  readonly name: string;
  readonly script: string;
  readonly text: () => string;
}

export const errorsFile: ReferenceFile = {
  name: "docs/reference/errors.md",
  script: "scripts/generate-error-reference.ts",
  text: errorReference,
};

export const cliFile: ReferenceFile = { name: "docs/reference/cli.md", script: "scripts/generate-cli-reference.ts", text: cliReference };

/** Absolute path of a file of the reference. */
export function referencePath({ name }: ReferenceFile): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}
