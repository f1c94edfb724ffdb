import { FailureError, InvariantViolation } from "@tradepulse/core";
import { canonicalJson } from "./canonical-json.ts";
import { factFieldsOf } from "./fact-fields.ts";
import { unknownKind } from "./journal-failures.ts";
import { kindEntryOf } from "./record-kinds.ts";

/** A record as a database keeps it: the number of its kind and its payload in canonical JSON, which has no line breaks. */
export interface RecordText {
  readonly kindId: number;
  readonly payload: string;
}

/** Longest payload, in UTF-16 units. */
export const PAYLOAD_UNITS_MAX = 16_777_216;

/** Numbers that JSON cannot carry, and binary records can. */
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** The text of a record. Throws what the file journal throws, for the same payloads: `TP_JOURNAL_KIND`, or an InvariantViolation. */
export function recordTextOf(kind: string, payload: object): RecordText {
  const entry = kindEntryOf(kind);
  if (entry === undefined) throw new FailureError(unknownKind(kind));
  const text = entry.form === "json" ? canonicalJson(payload) : factText(kind, payload);
  if (text.length > PAYLOAD_UNITS_MAX) {
    throw new InvariantViolation(`a payload of kind ${kind} has ${text.length} characters, at most ${PAYLOAD_UNITS_MAX} are allowed`);
  }
  return { kindId: entry.id, payload: text };
}

/** The payload of a text. `kind` says which fields may hold a number that JSON cannot carry. */
export function payloadOf(kind: string, text: string): Readonly<Record<string, unknown>> {
  const payload = JSON.parse(text) as Record<string, unknown>;
  if (kindEntryOf(kind)?.form !== "binary") return payload;
  for (const [name, value] of Object.entries(payload)) if (typeof value === "string") payload[name] = SPECIAL.get(value);
  return payload;
}

/** Only the fields of the kind, each checked as the binary form checks it. */
function factText(kind: string, payload: object): string {
  const values = payload as Readonly<Record<string, unknown>>;
  const fields: Record<string, unknown> = {};
  for (const [name, form] of factFieldsOf(kind)!) {
    const value = values[name];
    const isFit = typeof value === "number" && (form !== "u32" || value === value >>> 0);
    if (!isFit) {
      throw new InvariantViolation(
        `field ${name} of a ${kind} record is ${String(value)}, must be a ${form === "u32" ? "whole " : ""}number`,
      );
    }
    fields[name] = Number.isFinite(value) ? value : String(value);
  }
  return canonicalJson(fields);
}
