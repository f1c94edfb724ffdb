import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { shownPath } from "../terminal/shown-path.ts";
import { refuseUsage } from "../usage-error.ts";
import { sessionRoots } from "./sessions-root.ts";

export interface FindSessionOptions {
  /** The folder of sessions that the command line names. */
  readonly root?: string | undefined;
  /** `last` is the newest live session, where there is one: whoever wants to stop trading does not mean an exercise. */
  readonly isLiveFirst?: boolean;
}

interface FoundSession {
  readonly folder: string;
  readonly isLive: boolean;
  /** When it last wrote something. */
  readonly activeMs: number;
}

/**
 * The session folder that a word means: a folder, `last` for the one that wrote last, or a part of the name of one below the folders of
 * sessions. Those of `paper` lie in one folder, those of `live` in the folder of their account.
 */
export async function findSession(word: string, options: FindSessionOptions = {}): Promise<string> {
  if (await isSession(resolve(word))) return resolve(word);
  const roots = sessionRoots(options.root);
  const sessions = (await Promise.all(roots.map((root) => listSessions(root, 2)))).flat();
  if (word === "last" && sessions.length > 0) return newest(sessions, options.isLiveFirst === true).folder;
  const named = sessions.filter(({ folder }) => basename(folder).includes(word));
  if (named.length === 1) return named[0]!.folder;
  const where = roots.map((root) => shownPath(root)).join(" and ");
  return refuseUsage(
    "TP_CLI_SESSION",
    named.length > 1
      ? `Cannot choose a session by "${word}": ${named.length} sessions below ${where} have it in their name, allowed is one`
      : `Cannot find session "${word}": it is no session folder, and ${sessions.length === 0 ? "there is no session" : "no session with that name"} below ${where}`,
    sessions.length === 0
      ? "make one with paper, or name the folder of sessions with --sessions"
      : "name its folder, or last for the newest",
    named.slice(0, 5).map(({ folder }) => ["session", shownPath(folder)] as const),
  );
}

function newest(sessions: readonly FoundSession[], isLiveFirst: boolean): FoundSession {
  const live = sessions.filter(({ isLive }) => isLive);
  const from = isLiveFirst && live.length > 0 ? live : sessions;
  return from.reduce((best, each) => (isNewer(each, best) ? each : best));
}

/** Sessions that end within one tick of the file system's clock are told apart by their names, which begin with their start. */
function isNewer(a: FoundSession, b: FoundSession): boolean {
  return a.activeMs > b.activeMs || (a.activeMs === b.activeMs && a.folder > b.folder);
}

/** Sessions in a folder, and in the folders of that where it is none. */
async function listSessions(folder: string, depth: number): Promise<FoundSession[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: FoundSession[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    if (await isSession(path)) found.push(await about(path));
    else if (depth > 1) found.push(...(await listSessions(path, depth - 1)));
  }
  return found;
}

async function about(folder: string): Promise<FoundSession> {
  const text = await readFile(join(folder, "session.json"), "utf8").catch(() => "");
  const times = await Promise.all(["session.json", "journal", "heartbeat.json"].map((name) => writtenMs(join(folder, name))));
  return { folder, isLive: /"mode":\s*"live"/.test(text), activeMs: Math.max(...times) };
}

/** When a file was written, or the newest of a folder; 0 for what is not there. */
export async function writtenMs(path: string): Promise<number> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() !== true) return stats?.mtimeMs ?? 0;
  const names = await readdir(path).catch(() => []);
  const last = names.toSorted((a, b) => (a < b ? -1 : 1)).at(-1);
  return last === undefined ? stats.mtimeMs : Math.max(stats.mtimeMs, await writtenMs(join(path, last)));
}

async function isSession(folder: string): Promise<boolean> {
  return await stat(join(folder, "session.json")).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
