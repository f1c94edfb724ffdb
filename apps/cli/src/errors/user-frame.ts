import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const OWN_FOLDERS = ["core", "data", "live", "platform", "research", "venues", "cli"].map((name) =>
  dirname(fileURLToPath(import.meta.resolve(`@tradepulse/${name}/package.json`))),
);

/** The innermost place of an error's stack that lies in a file of the user: `path:line:column`. Type stripping keeps positions. */
export function userFrame(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  for (const line of error.stack.split("\n")) {
    const match = /(file:\/\/[^\s()]+?):(\d+):(\d+)\)?$/.exec(line);
    if (match === null) continue;
    const path = fileURLToPath(match[1]!);
    if (!OWN_FOLDERS.some((folder) => path.startsWith(folder))) return `${path}:${match[2]}:${match[3]}`;
  }
  return undefined;
}
