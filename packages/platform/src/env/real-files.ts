import { constants, write } from "node:fs";
import { mkdir, type FileHandle as NodeHandle, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { FileHandle, Files } from "./env.ts";
import { realLock } from "./real-lock.ts";
import { realUniqueId } from "./real-random.ts";

const ZEROS = new Uint8Array(1_048_576);

class RealFile implements FileHandle {
  readonly #handle: NodeHandle;
  readonly #path: string;
  /** A second handle whose writes return when they are on the disk. */
  #synced: NodeHandle | undefined;

  constructor(handle: NodeHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  async readAt(position: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  }

  writeAt(position: number, bytes: Uint8Array): Promise<void> {
    return writeAll(this.#handle, position, bytes);
  }

  async allocate(length: number): Promise<void> {
    // Written, not just made longer: a hole costs blocks, and so metadata, at the first write into it, and can fail for want of room.
    for (let at = await this.size(); at < length; ) {
      const part = Math.min(ZEROS.length, length - at);
      await this.writeAt(at, ZEROS.subarray(0, part));
      at += part;
    }
  }

  async truncate(length: number): Promise<void> {
    await this.#handle.truncate(length);
  }

  async sync(): Promise<void> {
    await this.#handle.datasync();
  }

  writeSynced(position: number, bytes: Uint8Array): Promise<void> {
    // No promise but the one that the disk resolves: each further one is a turn that somebody waits for.
    return this.#synced === undefined ? this.#firstSynced(position, bytes) : put(this.#synced.fd, position, bytes);
  }

  async #firstSynced(position: number, bytes: Uint8Array): Promise<void> {
    // Windows has no such flag.
    if (constants.O_DSYNC === undefined) {
      await this.writeAt(position, bytes);
      return this.sync();
    }
    this.#synced = await open(this.#path, constants.O_RDWR | constants.O_DSYNC);
    return put(this.#synced.fd, position, bytes);
  }

  async close(): Promise<void> {
    await this.#synced?.close();
    await this.#handle.close();
  }
}

/** By callback: a promise of the handle takes a tenth longer than the disk itself. */
function put(fd: number, position: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const from = (done: number): void =>
      write(fd, bytes, done, bytes.length - done, position + done, (error, bytesWritten) => {
        if (error !== null) reject(error);
        else if (done + bytesWritten < bytes.length) from(done + bytesWritten);
        else resolve();
      });
    from(0);
  });
}

async function writeAll(handle: NodeHandle, position: number, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return new RealFile(await open(path, "r+"), path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  try {
    return new RealFile(await open(path, "wx+", 0o600), path);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    return new RealFile(await open(path, "r+"), path);
  }
}

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${realUniqueId()}.tmp`;
  const handle = await open(temporary, "wx", 0o600);
  try {
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; its file systems write names through.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** The files of the machine. */
export const realFiles: Files = {
  open: openFile,
  read: async (path) => {
    const bytes = await readFile(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  },
  replace,
  move: async (from, to) => {
    await rename(from, to);
    await syncFolder(dirname(to));
    if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
  },
  list,
  makeFolder: async (folder) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  },
  remove: (path) => rm(path, { force: true }),
  syncFolder,
  lock: realLock,
};

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
