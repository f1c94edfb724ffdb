import type { RandomStream } from "../env/env.ts";

/**
 * A stream of random numbers from a seed and a name, equal wherever it runs. Streams of different names do not disturb each other, so taking one
 * source of randomness out of a simulation leaves all others as they were.
 */
export function seededStream(seed: number, name: string): RandomStream {
  return new SmallFastCounter(seed, name);
}

/** The generator "small fast counter" of 32-bit words (sfc32): 128 bits of state, a counter among them, so no cycle is shorter than 2^32. */
class SmallFastCounter implements RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number, name: string) {
    const low = seed >>> 0;
    const high = Math.floor(seed / 0x1_0000_0000) >>> 0;
    this.a = hash32(name, 0x9e3779b9 ^ low);
    this.b = hash32(name, 0x85ebca6b ^ high);
    this.c = hash32(name, Math.imul(low, 0xc2b2ae35) ^ Math.imul(high, 0x27d4eb2f));
    for (let round = 0; round < 12; round += 1) this.word();
  }

  next(): number {
    return this.word() / 0x1_0000_0000;
  }

  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  private word(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}

/** Mixes a text into a word; every bit of both moves every bit of the result. */
function hash32(text: string, start: number): number {
  let hash = start | 0;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}
