import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const requirements = fileURLToPath(new URL("./requirements.txt", import.meta.url));
const program = fileURLToPath(new URL("./peers.py", import.meta.url));

/** What a peer made of the work. */
export type PeerAnswer =
  | { readonly seconds: number; readonly equity: number; readonly fills: number }
  /** It could not do it. */
  | { readonly error: string };

/**
 * The Python of an environment that holds the peers, made once in the system's temporary folder; or one line that says why there is none.
 */
export function pythonWithPeers(): { readonly python: string } | { readonly missing: string } {
  const version = quiet("python3", "--version");
  if (version === undefined) return { missing: "python3 is not here" };
  const mark = createHash("sha256")
    .update(`${version}${readFileSync(requirements, "utf8")}`)
    .digest("hex");
  const folder = join(tmpdir(), "tradepulse-bench", `python-${mark.slice(0, 8)}`);
  const python = join(folder, "bin", "python");
  if (existsSync(python)) return { python };
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  console.error(`${version}: installing the peers into ${folder}`);
  if (quiet("python3", "-m", "venv", partial) === undefined) return { missing: `${version} has no venv with pip` };
  try {
    // Called as a module, so that moving the folder afterwards breaks nothing that is used.
    execFileSync(join(partial, "bin", "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements], {
      stdio: ["ignore", "inherit", "inherit"],
    });
  } catch {
    rmSync(partial, { recursive: true, force: true });
    return { missing: `pip could not install ${requirements}` };
  }
  renameSync(partial, folder);
  return { python };
}

function quiet(command: string, ...words: readonly string[]): string | undefined {
  try {
    return execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

/** A process with all peers loaded as they are first used; it takes one job at a time. */
export class PythonPeers {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;

  /** `folder` holds the columns, one `.npy` file each. */
  constructor(python: string, folder: string) {
    this.child = spawn(python, [program, folder], { stdio: ["pipe", "pipe", "inherit"] });
    this.answers = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  async run(peer: string, bars: number): Promise<PeerAnswer> {
    this.child.stdin!.write(`${JSON.stringify({ peer, bars })}\n`);
    const { value, done } = await this.answers.next();
    if (done === true) throw new Error(`the Python process ended while "${peer}" ran`);
    return JSON.parse(value) as PeerAnswer;
  }

  end(): void {
    this.child.stdin!.end();
  }
}
