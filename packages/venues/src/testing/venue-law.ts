import type { ReadOutcome } from "../port/execution-client.ts";

/** One sentence and the check of it, which rejects where the sentence is false. */
export interface VenueLaw {
  readonly name: string;
  readonly check: () => Promise<void>;
}

export function law(name: string, check: () => Promise<void>): VenueLaw {
  return { name, check };
}

/** Thrown when a law is broken. */
export function fail(message: string): never {
  throw new Error(message);
}

/** Compares by content. */
export function same(found: unknown, expected: unknown, what: string): void {
  const [one, other] = [text(found), text(expected)];
  if (one !== other) fail(`${what}: found ${one}, expected ${other}`);
}

/** The value of a read that must have worked. */
export function readValue<T>(outcome: ReadOutcome<T>): T {
  return outcome.kind === "read" ? outcome.value : fail(`a read was not answered: ${outcome.why}`);
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}n` : each)) ?? "undefined";
}
