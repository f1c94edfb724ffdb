import type { RandomStream } from "@tradepulse/platform";

const FIRST_US = 500_000;
const LONGEST_US = 30_000_000;

/** Waiting times that double up to half a minute, each drawn from its upper half, so that many clients cut off together do not come back together. */
export class Backoff {
  readonly #random: RandomStream;
  #failures = 0;

  constructor(random: RandomStream) {
    this.#random = random;
  }

  /** Microseconds to wait before the next attempt. */
  nextUs(): number {
    const fullUs = Math.min(LONGEST_US, FIRST_US * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    return Math.floor(fullUs * (0.5 + 0.5 * this.#random.next()));
  }

  /** It worked: begin anew. */
  reset(): void {
    this.#failures = 0;
  }
}
