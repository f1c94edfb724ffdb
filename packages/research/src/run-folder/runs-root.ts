/** The folder that run folders lie in: `flag`, else `TRADEPULSE_DATA_DIR/runs` of the environment, else `./runs`. Absolute. */
export function runsRoot(_flag?: string, _env: Readonly<Record<string, string | undefined>> = process.env): string {
  throw new Error("not yet");
}
