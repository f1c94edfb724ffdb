import type { Fill } from "../model/fill.ts";
import type { RoundTrip } from "./round-trips.ts";
import type { Summary } from "./summary.ts";

/** How much a finding matters: `note` to know, `warning` to look into, `serious` when the result should not be trusted as it is. */
export type Severity = "note" | "warning" | "serious";

/** Something that a careful reader of a result would want to be told. */
export interface Finding {
  /** Stable name, such as `too-few-trades`. */
  readonly id: string;
  readonly severity: Severity;
  /** A few words, for a list. */
  readonly title: string;
  /** One or two sentences with the numbers in them. */
  readonly text: string;
  /** The numbers of the text, by name. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** What the engine counted on the way. Everything is optional: what was not counted is not judged. */
export interface RunCounts {
  readonly orders?: number;
  /** Fills for which some permitted walk through the bar gives another order or price. */
  readonly ambiguousFills?: number;
  /** Fills of more than `participationLimit` of their bar's volume. */
  readonly fillsOverParticipation?: number;
  /** Fraction of a bar's volume; 0.1 by default. */
  readonly participationLimit?: number;
  /** Marks taken from an earlier bar because the current one was missing. */
  readonly staleMarks?: number;
  /** Orders made smaller because the cash did not cover them. */
  readonly shrunkOrders?: number;
  /** Fills whose price, with spread and slippage, left the range of their bar. */
  readonly fillsOutsideBar?: number;
  readonly volumeKnown?: boolean;
  /** Missing bars in the data. */
  readonly gaps?: { readonly count: number; readonly longestUs: number };
}

/** What the findings are drawn from. */
export interface FindingsInput {
  readonly summary: Summary;
  readonly fills: readonly Fill[];
  readonly roundTrips: readonly RoundTrip[];
  /** Parameters of the strategy that were or could be tuned. */
  readonly parameterCount?: number;
  /** Total return of the same run with every order one bar later. */
  readonly delayedTotalReturn?: number;
  readonly counts?: RunCounts;
}

/** `0.1234` as `12.3 %`. */
export function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`;
}

/** `3 fills`, `1 fill`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
