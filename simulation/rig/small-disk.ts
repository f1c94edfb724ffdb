import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const call = promisify(execFile);
const PAGE = 4_096;

const mounted = new Set<string>();
process.on("exit", () => {
  for (const folder of mounted) spawnSync("umount", ["-l", folder]);
});

/** A disk in memory of a few megabytes, which can be filled without harm to anybody. Linux, as root. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async mount(folder: string, mebibytes: number): Promise<SmallDisk> {
    await mkdir(folder, { recursive: true });
    await call("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m,mode=700`, "tmpfs", folder]);
    mounted.add(folder);
    return new SmallDisk(folder);
  }

  /** Takes every page that is left. */
  async fill(): Promise<void> {
    const handle = await open(join(this.folder, "filler"), "a");
    const page = new Uint8Array(PAGE);
    try {
      for (;;) await handle.write(page);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      await handle.close();
    }
  }

  /**
   * Takes away the pages that a file owns from a place on, as a disk does that writes every block anew. Only what lies ahead of its writer may be
   * taken. Gives the first byte that is gone.
   */
  async takeAhead(path: string, from: number): Promise<number> {
    const first = Math.ceil(from / PAGE) * PAGE;
    const { size } = await stat(path);
    if (first < size) await call("fallocate", ["--punch-hole", "--offset", String(first), "--length", String(size - first), path]);
    return first;
  }

  async free(): Promise<void> {
    await rm(join(this.folder, "filler"), { force: true });
  }

  /** Copies nothing: whoever wants to look must do so before. */
  async unmount(): Promise<void> {
    await call("umount", ["-l", this.folder]);
    mounted.delete(this.folder);
  }
}

/** Whether this machine lets us mount a disk in memory. */
export async function mayMount(): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const folder = await mkdtemp(join(tmpdir(), "tradepulse-mount-"));
  try {
    const disk = await SmallDisk.mount(folder, 1);
    await disk.unmount();
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
