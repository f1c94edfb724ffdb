import { relative } from "node:path";

/** A path as it is printed: from the working folder where that is shorter. */
export function shownPath(path: string, cwd: string = process.cwd()): string {
  const short = relative(cwd, path);
  return short !== "" && short.length < path.length ? short : path;
}
