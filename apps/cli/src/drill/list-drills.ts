import { resolve } from "node:path";
import { readConfig } from "@tradepulse/live";
import { realEnv } from "@tradepulse/platform";
import { commandName } from "../command-name.ts";
import { ExitCode } from "../exit-codes.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, remark, say, sayJson } from "../terminal/streams.ts";
import { table } from "../terminal/table.ts";
import { refuseUsage } from "../usage-error.ts";
import { drillsFolder, readDrills } from "./drill-record.ts";

const MAX_AGE_DAYS = 90;
const DAY_MS = 86_400_000;

/** `tradepulse drill --list`: what was drilled, the newest last, and whether it is time again. */
export async function listDrills(options: Readonly<Record<string, unknown>>): Promise<void> {
  const stateFolder = await stateOf(options);
  const maxAgeDays = daysOf(options["maxAge"] as string | undefined);
  const { drills, unreadable } = await readDrills(stateFolder);
  const last = drills.at(-1)?.record;
  const ageDays = last === undefined ? undefined : Math.floor((Date.now() - Date.parse(last.startedAt)) / DAY_MS);
  const warnings = [
    ...unreadable.map((path) => `${shownPath(path)} cannot be read`),
    ...(ageDays === undefined ? ["nothing was ever drilled"] : []),
    ...(ageDays !== undefined && ageDays > maxAgeDays ? [`the last drill is ${ageDays} days old, allowed are ${maxAgeDays}`] : []),
    ...(last !== undefined && last.verdict !== "passed" ? [`the last drill did not pass: ${last.verdict}`] : []),
  ];
  if (options["json"] === true) {
    const rows = drills.map(({ path, record: { startedAt, by, parts, session, verdict } }) => ({
      path,
      startedAt,
      by,
      parts,
      session,
      verdict,
    }));
    sayJson({ schema: 1, ok: warnings.length === 0, command: "drill", folder: drillsFolder(stateFolder), drills: rows, warnings });
  } else {
    const columns = [
      { title: "when" },
      { title: "verdict" },
      { title: "what", least: 12 },
      { title: "by", rank: 1 },
      { title: "session", rank: 2, least: 12 },
    ];
    const rows = drills.map(({ record }) => [
      record.startedAt.slice(0, 16),
      record.verdict,
      record.parts.join(", "),
      record.by,
      record.session,
    ]);
    if (rows.length > 0) for (const line of table(columns, rows, outputWidth())) say(line);
    else say(`no drill below ${shownPath(drillsFolder(stateFolder))}`);
    for (const warning of warnings) remark(paint("yellow", warning, process.stderr));
    if (warnings.length > 0) remark(`next  ${commandName()} drill`);
  }
  process.exitCode = warnings.length === 0 ? ExitCode.ok : ExitCode.findings;
}

async function stateOf(options: Readonly<Record<string, unknown>>): Promise<string> {
  if (typeof options["state"] === "string") return resolve(options["state"]);
  if (typeof options["config"] !== "string") return resolve("state");
  const config = await readConfig(realEnv(), resolve(options["config"]), { variables: process.env });
  return resolve(config.loop.stateDir);
}

function daysOf(text: string | undefined): number {
  if (text === undefined) return MAX_AGE_DAYS;
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= 3_650) return days;
  return refuseUsage(
    "TP_CLI_OPTION_VALUE",
    `Cannot use --max-age "${text}": allowed are whole days from 1 to 3650`,
    "for example --max-age 90",
  );
}
