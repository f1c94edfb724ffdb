import { type EffectiveTable, effectiveConfig, readConfig, secretVariables } from "@tradepulse/live";
import { Redactor, realEnv, realSurroundings } from "@tradepulse/platform";
import { assignments } from "../backtest/run-flags.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { paint, say, sayJson } from "../terminal/streams.ts";

/** `tradepulse live --config <file> --show-config`: what would be used and where it comes from. Nothing is started, nothing is fetched. */
export async function showConfig(options: Readonly<Record<string, unknown>>): Promise<void> {
  const path = options["config"] as string;
  const { variables } = realSurroundings();
  const flags = Object.fromEntries(assignments("--set", options["set"]));
  const redactor = new Redactor();
  redactor.keep(secretVariables(variables));
  const tables = effectiveConfig(await readConfig(realEnv(), path, { variables, flags }), variables, redactor);
  if (options["json"] === true) {
    sayJson({ schema: 1, ok: true, command: "live", config: path, tables });
    return;
  }
  for (const line of configLines(path, tables)) say(line);
}

function configLines(path: string, tables: readonly EffectiveTable[]): string[] {
  const lines = [paint("bold", shownPath(path))];
  for (const { title, values, unset, secrets } of tables) {
    lines.push("", paint("bold", title));
    const pairs = values.map(({ path: at, text }) => `${at.slice(at.lastIndexOf(".") + 1)} = ${text}`);
    const width = Math.min(44, Math.max(0, ...pairs.map((pair) => pair.length)));
    values.forEach(({ origin, from, hasEffect }, k) => {
      const about = `${from === "" ? origin : from}${hasEffect ? "" : ", has no effect yet"}`;
      lines.push(`${pairs[k]!.padEnd(width)}  ${paint("dim", `# ${about}`)}`);
    });
    for (const { field, source } of secrets) lines.push(paint("dim", `# ${field}: ${source}`));
    if (unset.length > 0) lines.push(paint("dim", `# not set: ${unset.join(", ")}`));
  }
  return lines;
}
