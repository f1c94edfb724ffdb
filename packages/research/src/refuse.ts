import { FailureError } from "@tradepulse/core";

/** A fact of a failure: label and text, or nothing where it is not known. */
export type Detail = readonly [label: string, text: string] | undefined;

/** Ends the work with a coded failure. Details that are `undefined` are left out. `cause` is what was thrown first. */
export function refuse(code: string, message: string, details: readonly Detail[], next: string, cause?: unknown): never {
  throw new FailureError({ code, message, details: details.filter((detail) => detail !== undefined), next }, cause);
}

/** Names in quotes, joined by commas; `none` for none. */
export function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map((name) => `"${name}"`).join(", ");
}
