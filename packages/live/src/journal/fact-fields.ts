import type { Fact } from "@tradepulse/core";

/** `f64` any number, `u32` a whole number below 2^32, `text` a string, `flag` a boolean. */
export type FieldForm = "f64" | "u32" | "text" | "flag";

type FieldsOf<F> = { readonly [Name in Exclude<keyof F, "kind" | "seq">]-?: FieldForm };

/**
 * The fields of each kind of fact besides `kind` and `seq`, which the record itself carries. The order is the order in a binary record. A field
 * that is added to a fact is missing here at compile time.
 */
export const FACT_FIELDS: { readonly [Kind in Fact["kind"]]: FieldsOf<Extract<Fact, { readonly kind: Kind }>> } = {
  bar: {
    seriesIndex: "u32",
    timeUs: "f64",
    receiveUs: "f64",
    openUs: "f64",
    closeUs: "f64",
    open: "f64",
    high: "f64",
    low: "f64",
    close: "f64",
    volume: "f64",
  },
  step: { timeUs: "f64", receiveUs: "f64" },
  order: {
    timeUs: "f64",
    receiveUs: "f64",
    event: "text",
    orderId: "f64",
    venueOrderId: "text",
    tradeId: "f64",
    lots: "f64",
    notional: "f64",
    fee: "f64",
    feeLots: "f64",
    isMaker: "flag",
    cause: "f64",
  },
  external: {
    timeUs: "f64",
    receiveUs: "f64",
    instrumentIndex: "f64",
    side: "f64",
    tradeId: "f64",
    lots: "f64",
    notional: "f64",
    fee: "f64",
    feeLots: "f64",
  },
  transfer: { timeUs: "f64", receiveUs: "f64", quanta: "f64" },
  operator: { timeUs: "f64", receiveUs: "f64", action: "text", reason: "text" },
  trust: { timeUs: "f64", receiveUs: "f64", instrumentIndex: "f64", isTrusted: "flag", reason: "text" },
  timer: { timeUs: "f64", receiveUs: "f64", dueUs: "f64" },
};

/** The fields of a kind in order; `undefined` for a kind that is no fact of this version. */
export function factFieldsOf(kind: string): readonly (readonly [name: string, form: FieldForm])[] | undefined {
  return LISTS.get(kind);
}

const LISTS: ReadonlyMap<string, readonly (readonly [string, FieldForm])[]> = new Map(
  Object.entries(FACT_FIELDS).map(([kind, fields]) => [kind, Object.entries<FieldForm>(fields)]),
);
