import { invariant } from "../model/failure.ts";
import type { EventList } from "./event-list.ts";

/** Where a digest stands between two blocks: its four words and the number of blocks. */
export type CarriedDigest = readonly [number, number, number, number, number];

/**
 * 128 bits over the words of the event list: MurmurHash3 x86-128 (A. Appleby), over the little-endian bytes of each double, seed 0.
 * A fingerprint against change by accident, not against an attacker; the shell uses SHA-256 where that matters.
 */
export class Digest {
  private h1 = 0;
  private h2 = 0;
  private h3 = 0;
  private h4 = 0;
  private words = 0;
  private readonly pair = new Float64Array(2);
  private readonly bytes = new DataView(this.pair.buffer);
  private pending = 0;

  /** A digest that goes on where another one stood. */
  static resume(carried: CarriedDigest): Digest {
    const digest = new Digest();
    [digest.h1, digest.h2, digest.h3, digest.h4, digest.words] = carried;
    return digest;
  }

  /** Where it stands. Only after whole events: they have an even number of words. */
  carry(): CarriedDigest {
    invariant(this.pending === 0, "a digest is carried in the middle of a block");
    return [this.h1, this.h2, this.h3, this.h4, this.words];
  }

  /** Adds whole doubles. -0 counts as 0, every NaN as one. */
  add(values: Float64Array, count: number): void {
    for (let i = 0; i < count; i += 1) this.addNumber(values[i]!);
  }

  addNumber(value: number): void {
    const at = this.pending * 8;
    if (Number.isNaN(value)) {
      // The sign and the payload of a NaN differ from one processor to another; these are the bits of the quiet one.
      this.bytes.setUint32(at, 0, true);
      this.bytes.setUint32(at + 4, 0x7ff8_0000, true);
    } else this.bytes.setFloat64(at, value === 0 ? 0 : value, true);
    this.pending += 1;
    if (this.pending === 2) this.block();
  }

  /** `tp1:` and 32 hexadecimal digits. The digest must not be added to afterwards. */
  finish(): string {
    if (this.pending === 1) {
      this.bytes.setFloat64(8, 0, true);
      this.block();
    }
    const length = this.words * 16;
    let a = this.h1 ^ length;
    let b = this.h2 ^ length;
    let c = this.h3 ^ length;
    let d = this.h4 ^ length;
    a = (a + b + c + d) | 0;
    b = (b + a) | 0;
    c = (c + a) | 0;
    d = (d + a) | 0;
    a = mix(a);
    b = mix(b);
    c = mix(c);
    d = mix(d);
    a = (a + b + c + d) | 0;
    b = (b + a) | 0;
    c = (c + a) | 0;
    d = (d + a) | 0;
    return `tp1:${[a, b, c, d].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("")}`;
  }

  private block(): void {
    const view = this.bytes;
    const k1 = view.getInt32(0, true);
    const k2 = view.getInt32(4, true);
    const k3 = view.getInt32(8, true);
    const k4 = view.getInt32(12, true);
    this.h1 = step(this.h1, scramble(k1, C1, 15, C2), 19, this.h2, 0x561ccd1b);
    this.h2 = step(this.h2, scramble(k2, C2, 16, C3), 17, this.h3, 0x0bcaa747);
    this.h3 = step(this.h3, scramble(k3, C3, 17, C4), 15, this.h4, 0x96cd1c35);
    this.h4 = step(this.h4, scramble(k4, C4, 18, C1), 13, this.h1, 0x32ac3b17);
    this.words += 1;
    this.pending = 0;
  }
}

const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

function scramble(k: number, first: number, bits: number, second: number): number {
  return Math.imul(rotate(Math.imul(k, first), bits), second);
}

function step(h: number, k: number, bits: number, next: number, added: number): number {
  return (Math.imul((rotate(h ^ k, bits) + next) | 0, 5) + added) | 0;
}

function mix(h: number): number {
  let x = h;
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  x ^= x >>> 16;
  return x;
}

/** The run hash: the event list, canonical, texts excluded, and with what came before it where a session goes on from a snapshot. */
export function runHash(events: EventList): string {
  const digest = events.opening === undefined ? new Digest() : Digest.resume(events.opening);
  events.forEachChunk((words, used) => digest.add(words, used));
  return digest.finish();
}
