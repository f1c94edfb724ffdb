import type { Env, FileHandle } from "@tradepulse/platform";
import { segmentName } from "./recover-segments.ts";

/** Room ahead is allocated in so many pieces: what has to be written meanwhile waits for one of them at most. */
const PIECES = 8;

/** Sizes in bytes. */
export interface SegmentSizes {
  /** After which the next segment is begun. */
  readonly segmentBytes: number;
  /** By which a segment is allocated ahead of what is written. */
  readonly roomBytes: number;
}

/** The segment that is being written. Everything it does throws what the system says; what a failure means is decided by its owner. */
export class SegmentWriter {
  private readonly env: Env;
  private readonly folder: string;
  private readonly sizes: SegmentSizes;
  private handle: FileHandle | undefined;
  private position = 0;
  private allocated = 0;

  constructor(env: Env, folder: string, sizes: SegmentSizes) {
    this.env = env;
    this.folder = folder;
    this.sizes = sizes;
  }

  /** Whether so many bytes more would go beyond the segment's size. */
  isFullFor(bytes: number): boolean {
    return this.position > 0 && this.position + bytes > this.sizes.segmentBytes;
  }

  /** Whether room should be made while there is time for it. */
  get isRoomLow(): boolean {
    const { segmentBytes, roomBytes } = this.sizes;
    return this.handle !== undefined && this.allocated < segmentBytes && this.allocated - this.position < roomBytes / 2;
  }

  /** Whether so many bytes more can be written right away. */
  hasRoomFor(bytes: number): boolean {
    return this.isAllocatedFor(bytes) && !this.isFullFor(bytes);
  }

  isAllocatedFor(bytes: number): boolean {
    return this.position + bytes <= this.allocated;
  }

  /** Leaves the segment for a new one. All records before `firstSeq` must be durable: that the segment is there proves it. */
  async begin(firstSeq: number): Promise<void> {
    const { roomBytes } = this.sizes;
    const handle = await this.env.files.open(`${this.folder}/${segmentName(firstSeq)}`);
    try {
      // A segment of this name holds no record: it was begun by a run that ended before its first one was durable.
      await handle.truncate(0);
      await handle.allocate(roomBytes);
      await handle.sync();
      await this.env.files.syncFolder(this.folder);
    } catch (error) {
      await handle.close().catch(() => {});
      throw error;
    }
    await this.handle?.close();
    this.handle = handle;
    this.position = 0;
    this.allocated = roomBytes;
  }

  /** Allocates room for `bytes` behind what is written, rounded up. */
  async allocateFor(bytes: number): Promise<void> {
    const { roomBytes } = this.sizes;
    const length = Math.ceil((this.position + bytes) / roomBytes) * roomBytes;
    await this.handle!.allocate(length);
    this.allocated = length;
  }

  /** Allocates a piece of the next room and brings it to the disk, so that no write waits for it, nor long for this. */
  async allocateAhead(): Promise<void> {
    const length = this.allocated + Math.ceil(this.sizes.roomBytes / PIECES);
    await this.handle!.allocate(length);
    await this.handle!.sync();
    this.allocated = length;
  }

  /**
   * Writes bytes behind what is written and resolves when they are on the disk; `undefined` where the system has no call that does both, see
   * {@link writeThenSync}. What fails may be done again: as a whole, so no page is believed clean that a sync before has dropped.
   */
  writeSynced(bytes: Uint8Array): Promise<void> | undefined {
    // Not asynchronous itself: each promise in between is a turn that an intent waits for.
    return this.handle!.writeSynced?.(this.position, bytes);
  }

  /** The same in two calls; `withRoom` repeats the first when it finds no room. */
  async writeThenSync(bytes: Uint8Array, withRoom: (work: () => Promise<void>) => Promise<void>): Promise<void> {
    const { position } = this;
    const handle = this.handle!;
    await withRoom(() => handle.writeAt(position, bytes));
    await handle.sync();
  }

  /** So many bytes behind what was written are on the disk. */
  advance(bytes: number): void {
    this.position += bytes;
  }

  /** What is durable stays so, whatever closing says. */
  async close(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.close().catch(() => {});
  }
}
