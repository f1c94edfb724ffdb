import type { FileHandle, FileLock, Files } from "@tradepulse/platform";

const CLIENT_ID = /tp-[0-9a-z]{1,9}-[0-9a-z]{1,10}/g;

/** What the judge knows of the disk by itself: which client ids stand in bytes that a sync has answered for, whatever their format. */
export class DiskWitness {
  readonly durableIds = new Set<string>();
  /** Everything written that the judge searches for secrets. */
  readonly suspicious: string[] = [];
  /** What may not be written anywhere. */
  secrets: readonly string[] = [];

  /** Called as a client id is written for the first time: an intent is on its way to the disk. */
  onNewId: () => void = () => undefined;
  private readonly writtenIds = new Set<string>();

  written(path: string, text: string): void {
    for (const [id] of text.matchAll(CLIENT_ID)) {
      if (this.writtenIds.has(id)) continue;
      this.writtenIds.add(id);
      this.onNewId();
    }
    for (const secret of this.secrets) if (text.includes(secret)) this.suspicious.push(path);
  }

  durable(text: string): void {
    for (const match of text.matchAll(CLIENT_ID)) this.durableIds.add(match[0]);
  }
}

/** Files that tell a {@link DiskWitness} what is written and what is durable. */
export class WatchedFiles implements Files {
  private readonly inner: Files;
  private readonly witness: DiskWitness;

  constructor(inner: Files, witness: DiskWitness) {
    this.inner = inner;
    this.witness = witness;
  }

  async open(path: string): Promise<FileHandle> {
    return new WatchedHandle(path, await this.inner.open(path), this.witness);
  }

  read(path: string): Promise<Uint8Array> {
    return this.inner.read(path);
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const text = Buffer.from(bytes).toString("latin1");
    this.witness.written(path, text);
    await this.inner.replace(path, bytes);
    this.witness.durable(text);
  }

  move(from: string, to: string): Promise<void> {
    return this.inner.move(from, to);
  }

  list(folder: string): Promise<readonly string[]> {
    return this.inner.list(folder);
  }

  makeFolder(folder: string): Promise<void> {
    return this.inner.makeFolder(folder);
  }

  remove(path: string): Promise<void> {
    return this.inner.remove(path);
  }

  syncFolder(folder: string): Promise<void> {
    return this.inner.syncFolder(folder);
  }

  lock(path: string): Promise<FileLock | undefined> {
    return this.inner.lock(path);
  }
}

class WatchedHandle implements FileHandle {
  private readonly path: string;
  private readonly inner: FileHandle;
  private readonly witness: DiskWitness;
  private pending = "";

  constructor(path: string, inner: FileHandle, witness: DiskWitness) {
    this.path = path;
    this.inner = inner;
    this.witness = witness;
  }

  size(): Promise<number> {
    return this.inner.size();
  }

  readAt(position: number, length: number): Promise<Uint8Array> {
    return this.inner.readAt(position, length);
  }

  async writeAt(position: number, bytes: Uint8Array): Promise<void> {
    const text = Buffer.from(bytes).toString("latin1");
    this.witness.written(this.path, text);
    await this.inner.writeAt(position, bytes);
    this.pending += text;
  }

  allocate(length: number): Promise<void> {
    return this.inner.allocate(length);
  }

  truncate(length: number): Promise<void> {
    return this.inner.truncate(length);
  }

  async sync(): Promise<void> {
    const text = this.pending;
    this.pending = "";
    // A sync that fails has dropped what was written before it: nothing of that counts as durable.
    await this.inner.sync();
    this.witness.durable(text);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
