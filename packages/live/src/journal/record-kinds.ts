import type { Fact } from "@tradepulse/core";

/** How the payload of a kind is written: fields in a fixed binary order for what comes often, canonical JSON for the rest. */
export type PayloadForm = "binary" | "json";

interface KindEntry {
  /** The number in the record. Never used again for anything else. */
  readonly id: number;
  readonly form: PayloadForm;
}

/**
 * Every kind of record. Facts carry the name that they have in the core; what enters the engine can be told from the rest by
 * {@link isFactKind}. A new kind is one line here (and, for a fact, its fields in `fact-fields.ts`).
 */
export const RECORD_KINDS = {
  // Facts: what enters the engine.
  bar: { id: 1, form: "binary" },
  step: { id: 2, form: "binary" },
  order: { id: 3, form: "json" },
  external: { id: 4, form: "json" },
  transfer: { id: 5, form: "json" },
  operator: { id: 6, form: "json" },
  trust: { id: 7, form: "json" },
  timer: { id: 8, form: "json" },
  // The order protocol.
  command: { id: 32, form: "json" },
  intent: { id: 33, form: "json" },
  "not-sent": { id: 34, form: "json" },
  outcome: { id: 35, form: "json" },
  "cancel-outcome": { id: 36, form: "json" },
  evidence: { id: 37, form: "json" },
  // The session.
  latch: { id: 64, form: "json" },
  leader: { id: 65, form: "json" },
  recovery: { id: 66, form: "json" },
  metadata: { id: 67, form: "json" },
  alarm: { id: 68, form: "json" },
  snapshot: { id: 69, form: "json" },
} as const satisfies Readonly<Record<Fact["kind"], KindEntry>> & Readonly<Record<string, KindEntry>>;

export type RecordKind = keyof typeof RECORD_KINDS;

/** The journal's own record, seen by no reader: "all records up to this number were durable when this was written". */
export const MARK_KIND = 65_535;

const FACT_IDS = 32;

const ENTRIES: ReadonlyMap<string, KindEntry> = new Map(Object.entries(RECORD_KINDS));

const NAMES: ReadonlyMap<number, RecordKind> = new Map(
  Object.entries(RECORD_KINDS).map(([name, entry]): [number, RecordKind] => [entry.id, name as RecordKind]),
);

/** The kind with a number; `undefined` when this version knows none. */
export function recordKindOf(id: number): RecordKind | undefined {
  return NAMES.get(id);
}

/** The entry of a name; `undefined` for a name that is no kind. */
export function kindEntryOf(name: string): KindEntry | undefined {
  return ENTRIES.get(name);
}

/** Whether records of the kind are facts, which enter the engine at a replay. */
export function isFactKind(kind: RecordKind): kind is Fact["kind"] {
  return RECORD_KINDS[kind].id < FACT_IDS;
}
