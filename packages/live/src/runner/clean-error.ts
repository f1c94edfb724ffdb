import { FailureError } from "@tradepulse/core";
import type { Redactor } from "@tradepulse/platform";

/** Errors within errors that are followed. */
const MOST_CAUSES = 8;

/** The same error with secrets taken out of its message, its stack and those of what caused it: it will be printed, and its stack kept in a file. */
export function cleanError(error: unknown, redactor: Redactor): unknown {
  if (!(error instanceof Error)) return typeof error === "string" ? redactor.clean(error) : error;
  let at: unknown = error;
  for (let k = 0; k < MOST_CAUSES && at instanceof Error; k += 1) {
    cleanOne(at, redactor);
    at = at.cause;
  }
  if (!(error instanceof FailureError)) return error;
  const { failure } = error;
  const clean = (text: string): string => redactor.clean(text);
  return new FailureError(
    {
      ...failure,
      message: clean(failure.message),
      details: failure.details.map(([label, text]) => [label, clean(text)] as const),
      next: clean(failure.next),
    },
    error.cause,
  );
}

function cleanOne(error: Error, redactor: Redactor): void {
  // A message that cannot be written over stays; what is printed goes through the voice or the failure.
  try {
    const { stack } = error;
    error.message = redactor.clean(error.message);
    if (stack !== undefined) error.stack = redactor.clean(stack);
  } catch {}
}
