import { execFile } from "node:child_process";
import { access, constants, mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { getCompileCacheDir } from "node:module";
import { availableParallelism, cpus, freemem, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { defaultCacheDirectory } from "@tradepulse/data";
import { runsRoot } from "@tradepulse/research";
import { cliVersion } from "../version.ts";

/** One fact about the environment. `problem` says what is wrong and what to do. */
export interface Examination {
  readonly name: string;
  readonly value: string;
  readonly state: "ok" | "note" | "problem";
  readonly advice?: string;
}

const LEAST_NODE = 24;
const LEAST_FREE_BYTES = 1e9;

/** Looks at everything that TradePulse depends on; changes nothing that stays. */
export async function examine(): Promise<Examination[]> {
  return [
    { name: "tradepulse", value: cliVersion(), state: "ok" },
    node(),
    { name: "platform", value: `${process.platform}-${process.arch}`, state: "ok" },
    { name: "processors", value: `${availableParallelism()} of ${cpus()[0]?.model.trim() ?? "unknown kind"}`, state: "ok" },
    memory(),
    await folder("run folders", runsRoot()),
    await folder("data cache", defaultCacheDirectory()),
    await folder("temporary", tmpdir()),
    compileCache(),
    await compiler(),
  ];
}

function node(): Examination {
  const value = `${process.version} at ${process.execPath}`;
  if (Number.parseInt(process.versions.node, 10) >= LEAST_NODE) return { name: "node", value, state: "ok" };
  return { name: "node", value, state: "problem", advice: `Node ${LEAST_NODE} or newer is needed` };
}

function memory(): Examination {
  const free = freemem();
  const value = `${gigabytes(free)} free of ${gigabytes(totalmem())}`;
  if (free >= LEAST_FREE_BYTES) return { name: "memory", value, state: "ok" };
  return { name: "memory", value, state: "note", advice: "10 million bars take about 1 GB" };
}

/** Whether a file can be written there, tried on the folder or, where it does not exist yet, on the nearest one above. */
async function folder(name: string, path: string): Promise<Examination> {
  let existing = path;
  while (!(await exists(existing)) && existing !== dirname(existing)) existing = dirname(existing);
  const trial = join(existing, `.tradepulse-doctor-${process.pid}`);
  try {
    await mkdir(trial);
    await writeFile(join(trial, "trial"), "trial");
    const { bavail, bsize } = await statfs(existing);
    const free = bavail * bsize;
    const value = `${path}${existing === path ? "" : " (made when needed)"}, ${gigabytes(free)} free`;
    if (free < LEAST_FREE_BYTES) return { name, value, state: "note", advice: "little room is left" };
    return { name, value, state: "ok" };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return { name, value: path, state: "problem", advice: `${existing} cannot be written (${reason}); use another folder` };
  } finally {
    await rm(trial, { recursive: true, force: true }).catch(() => {});
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

function compileCache(): Examination {
  const directory = getCompileCacheDir();
  if (directory !== undefined) return { name: "compile cache", value: directory, state: "ok" };
  return {
    name: "compile cache",
    value: "off",
    state: "note",
    advice: "every start compiles anew; NODE_DISABLE_COMPILE_CACHE turns it off",
  };
}

async function compiler(): Promise<Examination> {
  try {
    const { stdout } = await promisify(execFile)("cc", ["--version"], { timeout: 5_000 });
    return { name: "C compiler", value: stdout.split("\n")[0]!.trim(), state: "ok" };
  } catch {
    return { name: "C compiler", value: "none", state: "note", advice: "only the comparison with C in npm run bench needs one" };
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
