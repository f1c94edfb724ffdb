import { invariant } from "@tradepulse/core";
import type { RandomStream } from "../env/env.ts";
import { PagedFile } from "./paged-file.ts";

/** What a file operation is, for whoever decides on faults. */
export interface FileOperation {
  readonly kind: "open" | "read" | "write" | "allocate" | "truncate" | "sync" | "rename" | "remove" | "sync-folder";
  readonly path: string;
  /** Bytes written or read; 0 otherwise. */
  readonly bytes: number;
}

/** How an operation goes wrong. A power cut comes before, within or after it. */
export type FileFault = "EIO" | "ENOSPC" | "power-cut";

interface NameChange {
  readonly path: string;
  /** `undefined`: the name goes. */
  readonly file: PagedFile | undefined;
  /** The name that goes in the same instant: a rename. */
  readonly from?: string;
}

/** What a failed file operation throws: an error with the system's code, as Node gives it. */
export class SimFileError extends Error {
  override readonly name = "SimFileError";
  readonly code: string;

  constructor(code: string, operation: FileOperation) {
    super(`${code}: ${operation.kind} '${operation.path}'`);
    this.code = code;
  }
}

/**
 * A disk with a page cache before it. It outlives the processes that use it: a killed process loses nothing that it wrote, a power cut loses an
 * arbitrary part of what was not synced. New, renamed and removed names last once their folder is synced; until then a power cut keeps a prefix of
 * the changes of each folder. Folders themselves last at once.
 */
export class SimDisk {
  /** Asked before every operation. */
  onOperation: ((operation: FileOperation) => FileFault | undefined) | undefined;
  /** Bytes that all files together may take. */
  capacityBytes = Number.POSITIVE_INFINITY;
  /** Grows with each power cut. Users of an older power cycle are dead. */
  powerCycle = 0;
  readonly random: RandomStream;
  private lastNumber = 0;
  private names = new Map<string, PagedFile>();
  private readonly durableNames = new Map<string, PagedFile>();
  private readonly changes = new Map<string, NameChange[]>();
  private readonly folders = new Set<string>();
  private readonly locks = new Map<string, object>();

  constructor(random: RandomStream) {
    this.random = random;
  }

  find(path: string): PagedFile | undefined {
    return this.names.get(path);
  }

  create(path: string): PagedFile {
    const file = new PagedFile();
    this.change({ path, file });
    return file;
  }

  /** Numbers for temporary names; never the same twice. */
  nextNumber(): number {
    this.lastNumber += 1;
    return this.lastNumber;
  }

  rename(from: string, to: string): void {
    const file = this.names.get(from);
    invariant(file !== undefined, `a file that is not there is renamed: ${from}`);
    this.change({ path: to, file, from });
  }

  remove(path: string): void {
    if (this.names.has(path)) this.change({ path, file: undefined });
  }

  /** Names of the files and folders right in a folder, sorted. */
  list(folder: string): string[] {
    const inside = `${folder}/`;
    const names = new Set<string>();
    for (const path of [...this.names.keys(), ...this.folders])
      if (path.startsWith(inside)) names.add(path.slice(inside.length).split("/", 1)[0]!);
    return [...names].toSorted();
  }

  makeFolder(folder: string): void {
    this.folders.add(folder);
  }

  hasFolder(folder: string): boolean {
    return this.folders.has(folder);
  }

  syncFolder(folder: string): void {
    for (const change of this.changes.get(folder) ?? []) apply(this.durableNames, change);
    this.changes.delete(folder);
  }

  /** Bytes that are left. */
  get freeBytes(): number {
    let used = 0;
    for (const file of this.names.values()) used += file.size;
    return this.capacityBytes - used;
  }

  lock(path: string, holder: object): boolean {
    if (this.locks.has(path)) return false;
    this.locks.set(path, holder);
    return true;
  }

  /** Without a path: everything that the holder holds. */
  unlock(holder: object, path?: string): void {
    for (const [held, by] of this.locks) if (by === holder && (path === undefined || path === held)) this.locks.delete(held);
  }

  /** The machine loses power. Nobody who used the disk before it comes back. */
  powerCut(): void {
    this.powerCycle += 1;
    this.locks.clear();
    for (const changes of this.changes.values()) {
      const kept = this.random.below(changes.length + 1);
      for (const change of changes.slice(0, kept)) apply(this.durableNames, change);
    }
    this.changes.clear();
    this.names = new Map(this.durableNames);
    for (const file of new Set(this.names.values())) file.powerCut(this.random);
  }

  /** Turns a random bit among the first `within` bytes of a file; returns its position. */
  flipBit(path: string, within = Number.POSITIVE_INFINITY): number {
    const file = this.names.get(path)!;
    const position = this.random.below(Math.min(file.size, within));
    file.flipBit(position, this.random.below(8));
    return position;
  }

  private change(change: NameChange): void {
    const folder = folderOf(change.path);
    const changes = this.changes.get(folder) ?? [];
    changes.push(change);
    this.changes.set(folder, changes);
    apply(this.names, change);
  }
}

function apply(names: Map<string, PagedFile>, change: NameChange): void {
  if (change.from !== undefined) names.delete(change.from);
  if (change.file === undefined) names.delete(change.path);
  else names.set(change.path, change.file);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
