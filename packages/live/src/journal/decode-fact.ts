import { type Fact, FailureError } from "@tradepulse/core";
import { type FieldForm, factFieldsOf } from "./fact-fields.ts";
import type { JournalRecord } from "./journal.ts";
import { strangePayload } from "./journal-failures.ts";

const TYPES: Readonly<Record<FieldForm, { readonly type: "number" | "string" | "boolean"; readonly words: string }>> = {
  f64: { type: "number", words: "a number" },
  u32: { type: "number", words: "a number" },
  text: { type: "string", words: "a text" },
  flag: { type: "boolean", words: "true or false" },
};

/** The fact that a record keeps; `undefined` for a record of another sort. Throws `TP_JOURNAL_PAYLOAD` for one that this version cannot read. */
export function decodeFact(record: JournalRecord): Fact | undefined {
  const fields = factFieldsOf(record.kind);
  if (fields === undefined) return undefined;
  const fact: Record<string, unknown> = { kind: record.kind, seq: record.seq };
  for (const [name, form] of fields) {
    const value = record.payload[name];
    const { type, words } = TYPES[form];
    if (typeof value !== type) throw new FailureError(strangePayload(record.seq, record.kind, name, typeof value, words));
    fact[name] = value;
  }
  return fact as unknown as Fact;
}
