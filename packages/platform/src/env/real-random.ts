import { randomBytes, randomFillSync } from "node:crypto";
import type { RandomStream } from "./env.ts";

const BUFFERED = 512;
const TWO_32 = 4_294_967_296;

/** Random numbers of the operating system, drawn in blocks. */
class RealRandomStream implements RandomStream {
  readonly #words = new Uint32Array(BUFFERED);
  #at = BUFFERED;

  next(): number {
    // 53 bits: 27 high and 26 low, the full precision of a double below 1.
    return ((this.#word() >>> 5) * 67_108_864 + (this.#word() >>> 6)) / 9_007_199_254_740_992;
  }

  below(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > TWO_32)
      throw new RangeError(`below() takes whole numbers from 1 to 2^32, not ${below}`);
    // Words past the last whole multiple are drawn again: the rest of the division would favour small numbers.
    const limit = TWO_32 - (TWO_32 % below);
    for (;;) {
      const word = this.#word();
      if (word < limit) return word % below;
    }
  }

  #word(): number {
    if (this.#at === BUFFERED) {
      randomFillSync(this.#words);
      this.#at = 0;
    }
    const word = this.#words[this.#at]!;
    this.#at += 1;
    return word;
  }
}

/** Streams by name: the same name gives the same stream. */
export function realRandomStreams(): (name: string) => RandomStream {
  const streams = new Map<string, RandomStream>();
  return (name) => {
    const known = streams.get(name);
    if (known !== undefined) return known;
    const made = new RealRandomStream();
    streams.set(name, made);
    return made;
  };
}

/** 128 random bits as 32 hexadecimal digits. */
export function realUniqueId(): string {
  return randomBytes(16).toString("hex");
}
