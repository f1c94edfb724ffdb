import type { Failure } from "@tradepulse/core";

/** A name that is not known, and those that are: the printer suggests the nearest. */
export interface Unknown {
  readonly name: string;
  readonly known: readonly string[];
}

/**
 * The command line is wrong. Like a FailureError of the core, but made of nothing else: help and usage errors start without
 * loading the core.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly failure: Failure;
  readonly unknown: Unknown | undefined;

  constructor(failure: Failure, unknown?: Unknown) {
    super(`${failure.code}: ${failure.message}`);
    this.failure = failure;
    this.unknown = unknown;
  }
}

/** Throws a {@link UsageError}. */
export function refuseUsage(code: string, message: string, next: string, details: Failure["details"] = [], unknown?: Unknown): never {
  throw new UsageError({ code, message, details, next }, unknown);
}
