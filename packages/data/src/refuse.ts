import { type Failure, FailureError } from "@tradepulse/core";

/** A fact of a failure: label and text, or nothing where it is not known. */
export type Detail = readonly [label: string, text: string] | undefined;

/** Ends the load with a coded failure. Details that are `undefined` are left out. */
export function refuse(code: string, message: string, details: readonly Detail[], next: string): never {
  throw new FailureError(dataFailure(code, message, details, next));
}

/** The failure that {@link refuse} throws. */
export function dataFailure(code: string, message: string, details: readonly Detail[], next: string): Failure {
  return { code, message, details: details.filter((detail) => detail !== undefined), next };
}

/** A value from a file as it is printed in a message: quoted, cut at 60 characters. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}
