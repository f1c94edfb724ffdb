import { type RandomStream, seededStream } from "@tradepulse/platform";

/** Streams of random numbers by name, all from one seed: what one consumer draws never shifts what another gets. */
export class SeededStreams {
  readonly #seed: number;
  readonly #streams = new Map<string, RandomStream>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  stream(name: string): RandomStream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = seededStream(this.#seed, name);
      this.#streams.set(name, stream);
    }
    return stream;
  }
}
