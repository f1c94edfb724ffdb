import type { ReadOutcome } from "@tradepulse/venues";

/** What a reading asks the venue for: each may fail by itself. */
export type ReadKind = "fills" | "open orders" | "order" | "balances";

/** So many reads of a kind that fail one after the other say that it is not to be had: waiting for each further one would only keep the next try away. */
const HOPELESS_AFTER = 3;

/** What of one reading of the venue's truth could not be read. */
export class Reading {
  private readonly failures = new Map<ReadKind, string>();
  private readonly inARow = new Map<ReadKind, number>();
  private hasOrderLeftOpen = false;

  /** What was read; undefined, and noted, when it could not be. `about` says of what, when there are several of the kind. */
  value<T extends object>(kind: ReadKind, outcome: ReadOutcome<T>, about = ""): T | undefined {
    if (outcome.kind === "unavailable") {
      this.failed(kind, outcome.why, about);
      return undefined;
    }
    this.succeeded(kind);
    return outcome.value;
  }

  failed(kind: ReadKind, why: string, about = ""): void {
    this.inARow.set(kind, (this.inARow.get(kind) ?? 0) + 1);
    if (!this.failures.has(kind)) this.failures.set(kind, `${kind}${about}: ${why}`);
  }

  succeeded(kind: ReadKind): void {
    this.inARow.set(kind, 0);
  }

  /** The venue's word on an order could not be taken: fills that it counts are missing. */
  leaveOrderOpen(): void {
    this.hasOrderLeftOpen = true;
  }

  hasRead(kind: ReadKind): boolean {
    return !this.failures.has(kind);
  }

  get isWhole(): boolean {
    return this.failures.size === 0 && !this.hasOrderLeftOpen;
  }

  /** What works at the venue is known, whatever else is not. */
  get knowsOrders(): boolean {
    return this.hasRead("open orders") && this.hasRead("order") && !this.hasOrderLeftOpen;
  }

  /** No more of this kind should be asked for in this reading. */
  isHopeless(kind: ReadKind): boolean {
    return (this.inARow.get(kind) ?? 0) >= HOPELESS_AFTER;
  }

  /** The first thing that could not be read, and why; empty when there is none. */
  get why(): string {
    return this.failures.values().next().value ?? "";
  }
}
