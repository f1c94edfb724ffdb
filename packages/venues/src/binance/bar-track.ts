import type { FeedBar } from "../port/market-feed.ts";

/** Bars held while a gap is filled. Beyond that the fill fetches them itself. */
const MOST_WAITING = 1_000;

/** What a bar from the stream calls for. */
export type BarStep = "emitted" | "old" | "gap" | "waiting";

/** Puts the closed bars of one symbol in order, each once. A bar that comes before its predecessor waits until the ones between are fetched. */
export class BarTrack {
  readonly symbol: string;
  readonly #intervalUs: number;
  readonly #emit: (bar: FeedBar) => void;
  #nextOpenUs: number | undefined;
  #waiting: FeedBar[] = [];
  #isFilling = false;

  constructor(symbol: string, intervalUs: number, nextOpenUs: number | undefined, emit: (bar: FeedBar) => void) {
    this.symbol = symbol;
    this.#intervalUs = intervalUs;
    this.#nextOpenUs = nextOpenUs;
    this.#emit = emit;
  }

  /** Open time of the bar that comes next; `undefined` before the first one. */
  get nextOpenUs(): number | undefined {
    return this.#nextOpenUs;
  }

  get isFilling(): boolean {
    return this.#isFilling;
  }

  take(bar: FeedBar): BarStep {
    if (this.#isFilling) {
      this.#wait(bar);
      return "waiting";
    }
    if (this.#nextOpenUs !== undefined && bar.openUs < this.#nextOpenUs) return "old";
    if (this.#nextOpenUs !== undefined && bar.openUs > this.#nextOpenUs) {
      this.#wait(bar);
      return "gap";
    }
    this.#pass(bar);
    return "emitted";
  }

  beginFill(): void {
    this.#isFilling = true;
  }

  /**
   * What was fetched, then what waited. Bars that the venue does not have itself (it was down) stay missing. Returns how many of the fetched ones
   * had not come otherwise.
   */
  endFill(fetched: readonly FeedBar[]): number {
    this.#isFilling = false;
    const waiting = this.#waiting.sort((a, b) => a.openUs - b.openUs);
    this.#waiting = [];
    const came = new Set(waiting.map((bar) => bar.openUs));
    const fresh = fetched.filter((bar) => this.#isNew(bar) && !came.has(bar.openUs)).length;
    for (const bar of [...fetched, ...waiting].sort((a, b) => a.openUs - b.openUs)) if (this.#isNew(bar)) this.#pass(bar);
    return fresh;
  }

  /** Nothing could be fetched: what waits goes on waiting. */
  failFill(): void {
    this.#isFilling = false;
  }

  #isNew(bar: FeedBar): boolean {
    return this.#nextOpenUs === undefined || bar.openUs >= this.#nextOpenUs;
  }

  #wait(bar: FeedBar): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(bar);
  }

  #pass(bar: FeedBar): void {
    this.#nextOpenUs = bar.openUs + this.#intervalUs;
    this.#emit(bar);
  }
}
