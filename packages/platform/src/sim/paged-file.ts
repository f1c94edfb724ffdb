import type { RandomStream } from "../env/env.ts";

const SECTOR = 512;

/**
 * One file behind a page cache. Readers see the cache; what a sync has carried over is on the disk; a power cut keeps the disk and an arbitrary
 * subset of the sectors that were waiting.
 */
export class PagedFile {
  private cache = new Uint8Array(0);
  private disk = new Uint8Array(0);
  private diskSize = 0;
  private readonly dirty = new Set<number>();
  size = 0;

  read(position: number, length: number): Uint8Array {
    const end = Math.min(this.size, position + length);
    return end <= position ? new Uint8Array(0) : this.cache.slice(position, end);
  }

  write(position: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const end = position + bytes.length;
    this.reserve(end);
    this.cache.set(bytes, position);
    this.size = Math.max(this.size, end);
    this.touch(position, end);
  }

  /** Grows to `length` with zeros that need no writing. Never shrinks. */
  allocate(length: number): void {
    this.reserve(length);
    this.size = Math.max(this.size, length);
  }

  truncate(length: number): void {
    this.reserve(length);
    if (length < this.size) {
      this.cache.fill(0, length, this.size);
      this.touch(length, this.size);
    }
    this.size = length;
  }

  /** Begins a sync: the returned function, called when the disk answers, makes durable what was dirty now. Later writes stay dirty. */
  beginSync(): () => void {
    const { size } = this;
    // A sync that was begun by a process since killed has not answered: its sectors are still on their way.
    for (const others of this.inFlight) for (const { sector } of others) this.dirty.add(sector);
    const sectors = [...this.dirty].map((sector) => ({ sector, bytes: this.cache.slice(sector * SECTOR, (sector + 1) * SECTOR) }));
    this.dirty.clear();
    this.inFlight.add(sectors);
    return () => {
      if (!this.inFlight.delete(sectors)) return;
      for (const { sector, bytes } of sectors) this.disk.set(bytes, sector * SECTOR);
      this.diskSize = size;
    };
  }

  /**
   * A sync fails as file systems make it fail: some sectors arrived, the rest are marked clean although they did not, so that the next sync
   * "succeeds" without them. Readers go on seeing all of it until the power goes.
   */
  failSync(random: RandomStream): void {
    for (const sector of this.dirty) if (random.next() < 0.5) this.carry(sector);
    this.dirty.clear();
  }

  powerCut(random: RandomStream): void {
    for (const sectors of this.inFlight) for (const { sector } of sectors) this.dirty.add(sector);
    this.inFlight.clear();
    // None, all, or anything between: crashes right before and right after a write-back are as likely as those within.
    const kind = random.below(4);
    const share = kind === 0 ? 0 : kind === 1 ? 1 : random.next();
    for (const sector of this.dirty) if (random.next() < share) this.carry(sector);
    this.dirty.clear();
    this.diskSize = this.survivingSize(random);
    this.size = this.diskSize;
    this.disk.fill(0, this.size);
    this.cache = this.disk.slice();
  }

  /** Turns one bit, in the cache and on the disk. */
  flipBit(position: number, bit: number): void {
    this.cache[position]! ^= 1 << bit;
    this.disk[position]! ^= 1 << bit;
  }

  private readonly inFlight = new Set<readonly { readonly sector: number }[]>();

  private survivingSize(random: RandomStream): number {
    const least = Math.min(this.diskSize, this.size);
    const most = Math.max(this.diskSize, this.size);
    const kind = random.below(3);
    if (kind === 0 || least === most) return this.diskSize;
    if (kind === 1) return this.size;
    return Math.min(most, least + SECTOR * random.below(Math.ceil((most - least) / SECTOR) + 1));
  }

  private carry(sector: number): void {
    this.disk.set(this.cache.subarray(sector * SECTOR, (sector + 1) * SECTOR), sector * SECTOR);
  }

  private touch(from: number, to: number): void {
    for (let sector = Math.floor(from / SECTOR); sector * SECTOR < to; sector += 1) this.dirty.add(sector);
  }

  private reserve(length: number): void {
    if (length <= this.cache.length) return;
    const room = Math.max(Math.ceil(length / SECTOR) * SECTOR, 2 * this.cache.length);
    const cache = new Uint8Array(room);
    cache.set(this.cache);
    this.cache = cache;
    const disk = new Uint8Array(room);
    disk.set(this.disk);
    this.disk = disk;
  }
}
