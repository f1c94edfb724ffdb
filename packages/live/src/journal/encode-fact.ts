import type { Fact } from "@tradepulse/core";
import { FACT_FIELDS } from "./fact-fields.ts";

/** The payload of a fact's record: its fields without `kind` and `seq`, which the record carries itself. */
export function encodeFact(fact: Fact): Readonly<Record<string, unknown>> {
  const values = fact as unknown as Readonly<Record<string, unknown>>;
  const payload: Record<string, unknown> = {};
  for (const name of Object.keys(FACT_FIELDS[fact.kind])) payload[name] = values[name];
  return payload;
}
