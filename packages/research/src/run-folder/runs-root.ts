import { join, resolve } from "node:path";

/** The folder that run folders lie in: `flag`, else `runs` in the folder `TRADEPULSE_DATA_DIR` of the environment, else `./runs`. Absolute. */
export function runsRoot(flag?: string, env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (flag !== undefined && flag !== "") return resolve(flag);
  const home = env["TRADEPULSE_DATA_DIR"];
  return resolve(home === undefined || home === "" ? "runs" : join(home, "runs"));
}
