import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import type { FileLock } from "./env.ts";
import { realUniqueId } from "./real-random.ts";

/** Who holds a lock. A process id alone is used again; together with when the process started, and in which boot, it is not. */
interface Holder {
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
  /** Start of the process in clock ticks since boot; `""` where the system does not tell. */
  readonly started: string;
  readonly token: string;
}

/**
 * A lock file. It appears complete or not at all (a hard link made from a finished file), so nobody reads half of one. A file whose holder is
 * dead is moved aside and looked at once more before it goes, because a rival may have taken over in the meantime. A holder on another
 * host counts as alive: nothing here can tell.
 */
export function realLock(path: string): Promise<FileLock | undefined> {
  return Promise.resolve().then(() => take(path));
}

// Without an await between its steps: another lock() of this process sees all of it or nothing.
function take(path: string): FileLock | undefined {
  const mine: Holder = { host: hostname(), boot: bootId(), pid: process.pid, started: startOf(process.pid) ?? "", token: realUniqueId() };
  const text = JSON.stringify(mine);
  const made = `${path}.${mine.token}`;
  writeFileSync(made, text, { flag: "wx", mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (tryLink(made, path)) return { release: () => Promise.resolve().then(() => release(path, text)) };
      const found = textOf(path);
      if (found === undefined) continue;
      if (isAlive(found)) return undefined;
      if (!moveAside(path, `${made}.old`, found)) return undefined;
    }
    return undefined;
  } finally {
    rmSync(made, { force: true });
  }
}

function release(path: string, text: string): void {
  if (textOf(path) === text) rmSync(path, { force: true });
}

/** Takes a dead holder's file away. False when it turned out to be somebody else's by then; that one is put back. */
function moveAside(path: string, aside: string, dead: string): boolean {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return true;
    throw error;
  }
  const isTheDead = textOf(aside) === dead;
  if (!isTheDead) tryLink(aside, path);
  rmSync(aside, { force: true });
  return isTheDead;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function isAlive(text: string): boolean {
  const holder = parseHolder(text);
  // Not a lock file of ours: never taken away.
  if (holder === undefined) return true;
  if (holder.host !== hostname()) return true;
  if (holder.boot !== bootId()) return false;
  if (!isRunning(holder.pid)) return false;
  const started = startOf(holder.pid);
  return started === undefined || holder.started === "" || started === holder.started;
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { host, boot, pid, started, token } = value as Record<keyof Holder, unknown>;
    if (typeof host !== "string" || typeof boot !== "string" || typeof started !== "string" || typeof token !== "string") return undefined;
    return typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0 ? { host, boot, pid, started, token } : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return hasCode(error, "EPERM");
  }
}

/** Field 22 of /proc/<pid>/stat. The name in field 2 may hold spaces and brackets, so the count begins behind its last bracket. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; only its parent has not asked yet.
    return fields[0] === "Z" ? "ended" : fields[19];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
