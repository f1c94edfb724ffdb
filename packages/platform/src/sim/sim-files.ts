import type { FileHandle, FileLock, Files } from "../env/env.ts";
import type { PagedFile } from "./paged-file.ts";
import { type FileOperation, type SimDisk, SimFileError } from "./sim-disk.ts";

export interface SimFilesOptions {
  /** Waits as long as the operation takes. Without it operations take no time. */
  readonly delay?: (operation: FileOperation) => Promise<void>;
}

/**
 * The files of one process on a simulated disk. What a write changes is seen at once and may survive a power cut from then on; the call returns
 * after its delay. After {@link kill}, and after a power cut, calls never return.
 */
export class SimFiles implements Files {
  private readonly disk: SimDisk;
  private readonly delay: SimFilesOptions["delay"];
  private readonly powerCycle: number;
  private isKilled = false;

  constructor(disk: SimDisk, options: SimFilesOptions = {}) {
    this.disk = disk;
    this.delay = options.delay;
    this.powerCycle = disk.powerCycle;
  }

  /** The process ends: its locks are free, what it wrote stays in the page cache. */
  kill(): void {
    this.isKilled = true;
    this.disk.unlock(this);
  }

  async open(path: string): Promise<FileHandle> {
    const { disk } = this;
    const file = await this.perform({ kind: "open", path, bytes: 0 }, () => disk.find(path) ?? disk.create(path));
    return this.handle(path, file);
  }

  read(path: string): Promise<Uint8Array> {
    const operation: FileOperation = { kind: "read", path, bytes: this.disk.find(path)?.size ?? 0 };
    return this.perform(operation, () => {
      const file = this.disk.find(path);
      if (file === undefined) throw new SimFileError("ENOENT", operation);
      return file.read(0, file.size);
    });
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const temporary = `${path}.${this.disk.nextNumber()}.tmp`;
    const file = await this.perform({ kind: "open", path: temporary, bytes: 0 }, () => this.disk.create(temporary));
    try {
      await this.write(temporary, file, 0, bytes);
      await this.sync(temporary, file);
      await this.perform({ kind: "rename", path, bytes: 0 }, () => this.disk.rename(temporary, path));
    } catch (error) {
      // As the real files do: what failed leaves nothing beside.
      this.disk.remove(temporary);
      throw error;
    }
    await this.syncFolder(folderOf(path));
  }

  async move(from: string, to: string): Promise<void> {
    await this.perform({ kind: "rename", path: to, bytes: 0 }, () => this.disk.rename(from, to));
    await this.syncFolder(folderOf(to));
    if (folderOf(from) !== folderOf(to)) await this.syncFolder(folderOf(from));
  }

  list(folder: string): Promise<readonly string[]> {
    return this.perform({ kind: "read", path: folder, bytes: 0 }, () => this.disk.list(folder));
  }

  makeFolder(folder: string): Promise<void> {
    return this.perform({ kind: "open", path: folder, bytes: 0 }, () => this.disk.makeFolder(folder));
  }

  remove(path: string): Promise<void> {
    return this.perform({ kind: "remove", path, bytes: 0 }, () => this.disk.remove(path));
  }

  syncFolder(folder: string): Promise<void> {
    return this.perform({ kind: "sync-folder", path: folder, bytes: 0 }, () => this.disk.syncFolder(folder));
  }

  async lock(path: string): Promise<FileLock | undefined> {
    const isTaken = await this.perform({ kind: "open", path, bytes: 0 }, () => this.disk.lock(path, this));
    return isTaken ? { release: () => this.perform({ kind: "remove", path, bytes: 0 }, () => this.disk.unlock(this, path)) } : undefined;
  }

  private handle(path: string, file: PagedFile): FileHandle {
    return {
      size: () => this.perform({ kind: "read", path, bytes: 0 }, () => file.size),
      readAt: (position, length) => this.perform({ kind: "read", path, bytes: length }, () => file.read(position, length)),
      writeAt: (position, bytes) => this.write(path, file, position, bytes),
      allocate: (length) => {
        const operation: FileOperation = { kind: "allocate", path, bytes: 0 };
        return this.perform(operation, () => {
          if (length - file.size > this.disk.freeBytes) throw new SimFileError("ENOSPC", operation);
          file.allocate(length);
        });
      },
      truncate: (length) => this.perform({ kind: "truncate", path, bytes: 0 }, () => file.truncate(length)),
      sync: () => this.sync(path, file),
      close: () => Promise.resolve(),
    };
  }

  private write(path: string, file: PagedFile, position: number, bytes: Uint8Array): Promise<void> {
    const operation: FileOperation = { kind: "write", path, bytes: bytes.length };
    const writeFirst = (length: number): void => file.write(position, bytes.subarray(0, length));
    return this.perform(
      operation,
      () => {
        const room = Math.max(0, this.disk.freeBytes) + Math.max(0, file.size - position);
        writeFirst(Math.min(bytes.length, room));
        if (room < bytes.length) throw new SimFileError("ENOSPC", operation);
      },
      // A write that fails, or that the power cut meets, may have done any part of its work.
      () => writeFirst(this.disk.random.below(bytes.length + 1)),
    );
  }

  private async sync(path: string, file: PagedFile): Promise<void> {
    const finish = await this.perform(
      { kind: "sync", path, bytes: 0 },
      () => file.beginSync(),
      () => file.failSync(this.disk.random),
    );
    // The power may have gone in between, at the hands of another flow of the same process: then nothing was carried over and nobody is answered.
    if (this.isGone) return forever();
    finish();
  }

  /** Does the work, unless a fault is due; `part` is what a failing operation still does. Never returns to a process that is gone. */
  private async perform<T>(operation: FileOperation, work: () => T, part?: () => void): Promise<T> {
    if (this.isGone) return forever();
    const fault = this.disk.onOperation?.(operation);
    if (fault === "power-cut") {
      const reached = this.disk.random.below(3);
      if (reached === 1) part?.();
      if (reached === 2) workOrNothing(work);
      this.disk.powerCut();
      return forever();
    }
    if (fault !== undefined) {
      part?.();
      await this.delay?.(operation);
      if (this.isGone) return forever();
      throw new SimFileError(fault, operation);
    }
    const result = work();
    await this.delay?.(operation);
    return this.isGone ? forever() : result;
  }

  /** The process was killed, or the power went: no call returns any more. */
  get isGone(): boolean {
    return this.isKilled || this.powerCycle !== this.disk.powerCycle;
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function workOrNothing(work: () => unknown): void {
  try {
    work();
  } catch {
    // The power is gone; nobody hears of the failure.
  }
}

function forever(): Promise<never> {
  return new Promise(() => {});
}
