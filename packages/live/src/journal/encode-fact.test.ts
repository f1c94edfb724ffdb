import type { Fact } from "@tradepulse/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeFact } from "./decode-fact.ts";
import { encodeFact } from "./encode-fact.ts";
import { FACT_FIELDS, type FieldForm } from "./fact-fields.ts";
import { RecordBuffer } from "./record-buffer.ts";
import { isFactKind, RECORD_KINDS, type RecordKind } from "./record-kinds.ts";
import { RecordReader } from "./record-reader.ts";

const VALUES: Readonly<Record<FieldForm, fc.Arbitrary<unknown>>> = {
  f64: fc.double({ noNaN: true, noDefaultInfinity: true }),
  u32: fc.nat(0xffffffff),
  text: fc.string({ unit: "binary" }),
  flag: fc.boolean(),
};

const anyFact: fc.Arbitrary<Fact> = fc.constantFrom(...(Object.keys(FACT_FIELDS) as Fact["kind"][])).chain((kind) => {
  const fields = Object.entries<FieldForm>(FACT_FIELDS[kind]).map(([name, form]) => [name, VALUES[form]]);
  return fc.record(
    { kind: fc.constant(kind), seq: fc.constant(1), ...Object.fromEntries(fields) },
    { noNullPrototype: true },
  ) as unknown as fc.Arbitrary<Fact>;
});

function throughBytes(kind: RecordKind, payload: object) {
  const buffer = new RecordBuffer();
  buffer.add(kind, 1, payload);
  buffer.mark(0);
  const reader = new RecordReader(buffer.content(), 1, "segment");
  expect(reader.next()).toBe(true);
  return reader.record();
}

test("decodeFact() gives back every fact bit by bit after encodeFact() and the bytes of a record", () => {
  fc.assert(
    fc.property(anyFact, (fact) => {
      expect(decodeFact(throughBytes(fact.kind, encodeFact(fact)))).toStrictEqual(fact);
    }),
    { numRuns: 2_000 },
  );
});

test("decodeFact() takes a payload that names its kind, as the sequencer writes it", () => {
  const fact: Fact = { kind: "transfer", seq: 1, timeUs: 5, receiveUs: 6, quanta: -7 };
  expect(decodeFact(throughBytes("transfer", { kind: "transfer", timeUs: 5, receiveUs: 6, quanta: -7 }))).toStrictEqual(fact);
});

test("decodeFact() gives nothing for what is no fact", () => {
  expect(decodeFact({ seq: 1, kind: "intent", payload: {} })).toBeUndefined();
});

test("decodeFact() refuses a fact of another version by the field that differs", () => {
  const record = { seq: 4, kind: "transfer", payload: { timeUs: 1, receiveUs: 2, quanta: "7" } } as const;
  expect(() => decodeFact(record)).toThrow('TP_JOURNAL_PAYLOAD: Cannot read record 4 of kind "transfer": its field "quanta" is string');
});

test("a bar of the wire takes 96 bytes", () => {
  const buffer = new RecordBuffer();
  const before = buffer.length;
  const times = { timeUs: 1, receiveUs: 1, openUs: 1, closeUs: 1 };
  buffer.add("bar", 1, { seriesIndex: 0, ...times, open: 1, high: 1, low: 1, close: 1, volume: 1 });
  expect(buffer.length - before).toBe(96);
});

test("RECORD_KINDS has a number of its own for every kind, and facts are told apart", () => {
  const ids = Object.values(RECORD_KINDS).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const facts = (Object.keys(RECORD_KINDS) as RecordKind[]).filter(isFactKind);
  expect(facts.toSorted()).toEqual(Object.keys(FACT_FIELDS).toSorted());
});
