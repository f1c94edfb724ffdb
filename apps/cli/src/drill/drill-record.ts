import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { table } from "../terminal/table.ts";
import { hangingText } from "../terminal/wrap-text.ts";

/** One thing that was tried. */
export interface DrillStep {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
  /** What was measured, in milliseconds; `null` where nothing was. */
  readonly ms: number | null;
  readonly isOk: boolean;
}

/** What a drill was and what it found: the file that proves it. */
export interface DrillRecord {
  readonly schema: 1;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly by: string;
  readonly host: string;
  readonly versions: { readonly tradepulse: string; readonly node: string };
  /** The configuration that was drilled; `null` for a drill on this machine's own venue. */
  readonly config: { readonly path: string; readonly sha256: string } | null;
  readonly account: string;
  readonly session: string;
  /** What was exercised. */
  readonly parts: readonly ("kill switch" | "sentinel")[];
  readonly isRealMoney: boolean;
  readonly steps: readonly DrillStep[];
  readonly verdict: "passed" | "findings" | "interrupted";
  /** Why it ended before its end; `null` where it did not. */
  readonly failure: string | null;
}

const NAME = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z\.json$/;

/** Folder of the drills below a folder of state. */
export function drillsFolder(stateFolder: string): string {
  return join(stateFolder, "drills");
}

/** Writes the record as JSON and in words; gives the path of the JSON. Never over another one. */
export async function writeDrill(stateFolder: string, record: DrillRecord): Promise<string> {
  const folder = drillsFolder(stateFolder);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${record.startedAt.slice(0, 19).replaceAll(":", "-")}Z.json`);
  await writeFile(path, `${JSON.stringify(record, undefined, 2)}\n`, { flag: "wx" });
  await writeFile(path.replace(/json$/, "txt"), `${drillText(record, 100).join("\n")}\n`);
  return path;
}

/** Records below a folder of state, oldest first; files that cannot be read are named. */
export async function readDrills(stateFolder: string): Promise<{
  readonly drills: readonly { readonly path: string; readonly record: DrillRecord }[];
  readonly unreadable: readonly string[];
}> {
  const folder = drillsFolder(stateFolder);
  const names = (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name)).sort((a, b) => (a < b ? -1 : 1));
  const drills: { readonly path: string; readonly record: DrillRecord }[] = [];
  const unreadable: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const record = parseDrill(await readFile(path, "utf8").catch(() => ""));
    if (record === undefined) unreadable.push(path);
    else drills.push({ path, record });
  }
  return { drills, unreadable };
}

function parseDrill(text: string): DrillRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<DrillRecord>;
    const isDrill =
      record.schema === 1 && typeof record.startedAt === "string" && Array.isArray(record.steps) && Array.isArray(record.parts);
    return isDrill ? (record as DrillRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** The record for a person, at most `width` columns wide. */
export function drillText(record: DrillRecord, width: number): string[] {
  const { steps, verdict, parts, by, host, startedAt, versions, config, session, failure } = record;
  const rows = steps.map(({ name, found, expected, isOk }) => [isOk ? "ok" : "FOUND", name, found, expected]);
  const bad = steps.filter(({ isOk }) => !isOk).length;
  const words = { passed: "passed", findings: `${bad} ${bad === 1 ? "finding" : "findings"}`, interrupted: "interrupted" };
  return [
    hangingText("drill    ", `${parts.join(" and ")} of ${session}, ${startedAt.slice(0, 19)}Z by ${by} at ${host}`, width),
    hangingText("versions ", `tradepulse ${versions.tradepulse}, node ${versions.node}`, width),
    ...(config === null ? [] : [hangingText("config   ", `${config.path}, sha256 ${config.sha256.slice(0, 16)}`, width)]),
    "",
    ...(rows.length === 0
      ? []
      : table([{ title: "" }, { title: "step", least: 20 }, { title: "found", least: 16 }, { title: "expected", rank: 1 }], rows, width)),
    ...(rows.length === 0 ? [] : [""]),
    ...(failure === null ? [] : [hangingText("ended    ", failure, width)]),
    hangingText("verdict  ", words[verdict], width),
  ];
}
