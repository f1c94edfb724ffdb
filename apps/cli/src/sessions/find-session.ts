import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { shownPath } from "../terminal/shown-path.ts";
import { refuseUsage } from "../usage-error.ts";
import { sessionsRoot } from "./sessions-root.ts";

/** The session folder that a word means: a folder, `last`, or a part of the name of one below the root of sessions. */
export async function findSession(word: string, root: string | undefined): Promise<string> {
  if (await isSession(resolve(word))) return resolve(word);
  const folder = sessionsRoot(root);
  const sessions = await listSessions(folder);
  if (word === "last" && sessions.length > 0) return join(folder, sessions.at(-1)!);
  const named = sessions.filter((name) => name.includes(word));
  if (named.length === 1) return join(folder, named[0]!);
  return refuseUsage(
    "TP_CLI_SESSION",
    named.length > 1
      ? `Cannot choose a session by "${word}": ${named.length} sessions below ${shownPath(folder)} have it in their name, allowed is one`
      : `Cannot find session "${word}": it is no session folder, and ${sessions.length === 0 ? "there is no session" : "no session with that name"} below ${shownPath(folder)}`,
    sessions.length === 0
      ? "make one with paper, or name the folder of sessions with --sessions"
      : "name its folder, or last for the newest",
    named.slice(0, 5).map((name) => ["session", name] as const),
  );
}

/** Names of the sessions in a folder, the oldest first. */
async function listSessions(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const found: string[] = [];
  for (const name of names.sort((a, b) => (a < b ? -1 : 1))) if (await isSession(join(folder, name))) found.push(name);
  return found;
}

async function isSession(folder: string): Promise<boolean> {
  return await stat(join(folder, "session.json")).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
