/**
 * An expected failure: a value with a stable code, what could not be done and why, the facts a reader
 * needs, and the way out. Codes are listed in one table per package (`codes.ts`) and in `docs/reference/errors.md`.
 */
export interface Failure {
  readonly code: string;
  /** `Cannot <action> "<name>": <present state>, <allowed state>`. No contraction, no full stop. */
  readonly message: string;
  /** Label and text of each further fact, in reading order. */
  readonly details: readonly (readonly [label: string, text: string])[];
  /** What the reader can do now. */
  readonly next: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(failure: Failure): Result<never> {
  return { ok: false, failure };
}

/** Carries a {@link Failure} through code that unwinds. The edge (CLI, API) prints the failure, never the stack. */
export class FailureError extends Error {
  override readonly name = "FailureError";
  readonly failure: Failure;

  /** `cause` is what was thrown first; its stack tells where. */
  constructor(failure: Failure, cause?: unknown) {
    super(`${failure.code}: ${failure.message}`, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}

/** Thrown when something impossible happened: a bug in TradePulse. It stops the engine. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** Throws an {@link InvariantViolation} unless `condition` holds. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}

/** Unwraps a result, throwing the failure as a {@link FailureError}. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new FailureError(result.failure);
}

/** The printed form: code, message, aligned details, and the next step. */
export function formatFailure(failure: Failure): string {
  const rows: (readonly [string, string])[] = [...failure.details, ["next", failure.next]];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return [failure.code, failure.message, ...rows.map(([label, text]) => `  ${label.padEnd(width)}${text}`)].join("\n");
}

/** How a code is documented and what the command line answers with. */
export interface CodeEntry {
  /** One sentence: when this happens. */
  readonly meaning: string;
  /** What to do. */
  readonly remedy: string;
  /** Exit code of the command line: 1 findings, 2 usage, 3 data, 4 strategy, 5 verify mismatch, 70 bug. */
  readonly exit: 1 | 2 | 3 | 4 | 5 | 70;
}

export type CodeTable = Readonly<Record<string, CodeEntry>>;
