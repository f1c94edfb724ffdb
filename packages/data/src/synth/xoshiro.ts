/**
 * xoshiro128** 1.1 by D. Blackman and S. Vigna (2018), seeded by SplitMix32. 32-bit integer arithmetic only, so a seed
 * gives the same draws on every engine. Period 2^128 - 1.
 */
export class Xoshiro128 {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** `seed` is a whole number from 0 to 2^53 - 1. */
  constructor(seed: number) {
    let state = (seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b9)) | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return z ^ (z >>> 16);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
  }

  /** The next 32 bits, from 0 to 2^32 - 1. */
  bits(): number {
    const scrambled = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotate(this.#d, 11);
    return scrambled;
  }

  /** Uniform in [0, 1), in steps of 2^-32. */
  uniform(): number {
    return this.bits() / 4_294_967_296;
  }

  /**
   * Near normal, mean 0, variance 1: the centred sum of twelve uniforms (Irwin-Hall). No logarithm or cosine, whose last
   * bits differ between engines. Bounded by 6.
   */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i += 1) sum += this.uniform();
    return sum;
  }
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
