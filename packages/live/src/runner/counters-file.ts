import { BAD_INPUT, type Files, type InputCount, type InputSource } from "@tradepulse/platform";

/** Counts of bad input of a session, as the last process wrote them. Kept beside the session for whoever looks at it from outside. */
export interface CountersFile {
  readonly schema: 1;
  readonly atUs: number;
  readonly badInput: readonly InputCount[];
}

export const COUNTERS_FILE = "counters.json";

/** The counts of a session folder; `undefined` when nothing was counted or what is there is no list of counts. */
export async function readCounters(files: Files, folder: string): Promise<CountersFile | undefined> {
  if (!(await files.list(folder)).includes(COUNTERS_FILE)) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await files.read(`${folder}/${COUNTERS_FILE}`)));
    if (typeof value !== "object" || value === null) return undefined;
    const { schema, atUs, badInput } = value as Readonly<Record<string, unknown>>;
    if (schema !== 1 || typeof atUs !== "number" || !Array.isArray(badInput) || !badInput.every(isCount)) return undefined;
    return { schema, atUs, badInput };
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is InputCount {
  if (typeof value !== "object" || value === null) return false;
  const { source, kind, count } = value as Readonly<Record<string, unknown>>;
  if (typeof source !== "string" || !Object.hasOwn(BAD_INPUT, source) || !Number.isSafeInteger(count)) return false;
  return (BAD_INPUT[source as InputSource] as readonly unknown[]).includes(kind);
}
