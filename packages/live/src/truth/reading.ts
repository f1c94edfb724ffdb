import type { ReadOutcome } from "@tradepulse/venues";

/** So many reads that fail one after the other say that the venue is not to be reached: waiting for each further one would only keep the next try away. */
const HOPELESS_AFTER = 3;

/** What of one reading of the venue's truth could not be read. */
export class Reading {
  private first = "";
  private inARow = 0;

  /** What was read; undefined, and noted, when it could not be. */
  value<T extends object>(what: string, outcome: ReadOutcome<T>): T | undefined {
    if (outcome.kind === "unavailable") {
      this.failed(what, outcome.why);
      return undefined;
    }
    this.succeeded();
    return outcome.value;
  }

  failed(what: string, why: string): void {
    this.inARow += 1;
    if (this.first === "") this.first = `${what}: ${why}`;
  }

  succeeded(): void {
    this.inARow = 0;
  }

  /** Everything that was asked for has been read. */
  get isWhole(): boolean {
    return this.first === "";
  }

  get isHopeless(): boolean {
    return this.inARow >= HOPELESS_AFTER;
  }

  /** The first thing that could not be read, and why; empty when there is none. */
  get why(): string {
    return this.first;
  }
}
