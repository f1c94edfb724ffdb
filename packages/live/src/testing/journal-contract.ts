import { FailureError } from "@tradepulse/core";
import type { Journal, JournalRecord } from "../journal/journal.ts";
import { RECORD_KINDS, type RecordKind } from "../journal/record-kinds.ts";

/** One sentence and the check of it, which rejects where the sentence is false. */
export interface AsyncLaw {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/** Where one journal is kept. */
export interface JournalPlace {
  /** Opens the journal that is kept here; again after it was closed. The first opening finds an empty one. */
  open(): Promise<Journal>;
}

const BAR = {
  seriesIndex: 3,
  timeUs: 120,
  receiveUs: 125,
  openUs: 60,
  closeUs: 120,
  open: 0.1,
  high: 0.3,
  low: 5e-324,
  close: 1.7e308,
  volume: -0,
};
const ORDER = {
  event: "filled",
  orderId: 7,
  tradeId: Number.MAX_SAFE_INTEGER,
  lots: -0,
  fee: 1e-7,
  isMaker: true,
  venueOrderId: 'δ\ud800\u0000\n"',
};

/** The laws that every journal obeys, wherever it keeps its records. Register each: `for (const law of ...) test(law.name, law.check)`. */
export function journalContract(name: string, make: () => Promise<JournalPlace>): readonly AsyncLaw[] {
  const law = (sentence: string, check: (place: JournalPlace) => Promise<void>): AsyncLaw => ({
    name: `${name} ${sentence}`,
    check: async () => check(await make()),
  });

  return [
    law("is empty at first", async (place) => {
      const journal = await place.open();
      same([journal.lastSeq, journal.durableSeq, (await all(journal)).length], [0, 0, 0], "last, durable and count of an empty journal");
      same(journal.refusal, undefined, "refusal");
      await journal.close();
    }),

    law("numbers records from 1 without gaps", async (place) => {
      const journal = await place.open();
      const seqs = Array.from({ length: 50 }, (_, at) => journal.append("metadata", { at }));
      same(seqs, numbers(1, 50), "numbers");
      await journal.close();
    }),

    law("takes a record at once, before it is durable", async (place) => {
      const journal = await place.open();
      const seq = journal.append("intent", { orderId: 1 });
      same([journal.lastSeq, journal.durableSeq], [1, 0], "last and durable right after append");
      await journal.durable(seq);
      same(journal.durableSeq, 1, "durable after waiting");
      await journal.close();
    }),

    law("calls a record durable only with all before it, whichever is awaited first", async (place) => {
      const journal = await place.open();
      const told: number[] = [];
      const seqs = Array.from({ length: 20 }, (_, at) => journal.append("intent", { at }));
      await Promise.all(
        seqs.toReversed().map(async (seq) => {
          await journal.durable(seq);
          if (journal.durableSeq < seq) throw new Error(`record ${seq} was called durable when durableSeq was ${journal.durableSeq}`);
          told.push(seq);
        }),
      );
      same(
        told.toSorted((a, b) => a - b),
        seqs,
        "records told durable",
      );
      await journal.durable(1);
      await journal.close();
    }),

    law("gives back every kind of record in order", async (place) => {
      const journal = await place.open();
      const kinds = Object.keys(RECORD_KINDS) as RecordKind[];
      const wanted = kinds.map((kind, at): JournalRecord => ({ seq: at + 1, kind, payload: samplePayload(kind) }));
      for (const { kind, payload } of wanted) journal.append(kind, payload);
      await journal.durable(journal.lastSeq);
      same(await all(journal), wanted, "records");
      await journal.close();
    }),

    law("gives back what it kept after it was closed and opened again, and goes on with the next number", async (place) => {
      const wanted: JournalRecord[] = [];
      for (let round = 0; round < 4; round += 1) {
        const journal = await place.open();
        same(journal.durableSeq, wanted.length, "durable at opening");
        same(await all(journal), wanted, `records at opening ${round}`);
        for (let at = 0; at <= round; at += 1) {
          const payload = { round, at, text: "x".repeat(100 * at) };
          wanted.push({ seq: journal.append("outcome", payload), kind: "outcome", payload });
        }
        same(journal.lastSeq, wanted.length, "last number");
        await journal.close();
      }
    }),

    law("reads from a number on", async (place) => {
      const journal = await place.open();
      for (let at = 1; at <= 30; at += 1) journal.append("metadata", { at });
      await journal.durable(30);
      for (const from of [1, 2, 17, 30, 31])
        same(
          (await all(journal, from)).map(({ seq }) => seq),
          numbers(from, 30),
          `numbers from ${from}`,
        );
      await journal.close();
    }),

    law("takes thousands of records that nobody waits for, and keeps their order", async (place) => {
      const journal = await place.open();
      for (let at = 1; at <= 3_000; at += 1) {
        journal.append(at % 3 === 0 ? "command" : "bar", at % 3 === 0 ? { at } : { ...BAR, timeUs: at });
        if (at % 500 === 0) await journal.durable(at - 250);
      }
      await journal.close();
      const again = await place.open();
      const found = await all(again);
      same(
        found.map(({ seq }) => seq),
        numbers(1, 3_000),
        "numbers",
      );
      for (const { seq, payload } of found) same(seq % 3 === 0 ? payload["at"] : payload["timeUs"], seq, "content of a record");
      await again.close();
    }),

    law("takes nothing of a record that cannot be written", async (place) => {
      const journal = await place.open();
      journal.append("metadata", { at: 1 });
      for (const payload of [{ at: Number.NaN }, { at: [Number.POSITIVE_INFINITY] }, { at: 1n }]) {
        refused(() => journal.append("metadata", payload), "InvariantViolation");
      }
      refused(() => journal.append("bar", { timeUs: 1 }), "InvariantViolation");
      refused(() => journal.append("no-such-kind" as RecordKind, {}), "TP_JOURNAL_KIND");
      same(journal.append("metadata", { at: 2 }), 2, "number after the refusals");
      await journal.durable(2);
      same(
        (await all(journal)).map(({ payload }) => payload),
        [{ at: 1 }, { at: 2 }],
        "payloads",
      );
      await journal.close();
    }),

    law("makes durable what it took when it is closed, and takes nothing after", async (place) => {
      const journal = await place.open();
      journal.append("metadata", { at: 1 });
      const waiting = journal.durable(1);
      await journal.close();
      await waiting;
      refused(() => journal.append("metadata", { at: 2 }), "TP_JOURNAL_CLOSED");
      await journal.close();
      const again = await place.open();
      same((await all(again)).length, 1, "records");
      await again.close();
    }),

    law("writes equal payloads equally, whatever the order of their fields", async (place) => {
      const journal = await place.open();
      journal.append("metadata", { a: 1, b: { c: 2, d: undefined } });
      journal.append("metadata", { b: { c: 2 }, a: 1 });
      await journal.durable(2);
      const [first, second] = (await all(journal)).map(({ payload }) => JSON.stringify(payload));
      same(first, second, "the second payload");
      await journal.close();
    }),
  ];
}

function samplePayload(kind: RecordKind): Readonly<Record<string, unknown>> {
  if (kind === "bar") return BAR;
  if (kind === "step") return { timeUs: -1, receiveUs: 8_640_000_000_000_000 };
  return { ...ORDER, list: [1, "two", null, { three: false }], of: kind };
}

async function all(journal: Journal, fromSeq?: number): Promise<JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of journal.records(fromSeq)) found.push(record);
  return found;
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
}

function refused(run: () => unknown, expected: string): void {
  try {
    run();
  } catch (error) {
    const found = error instanceof FailureError ? error.failure.code : (error as Error).name;
    same(found, expected, "refusal");
    return;
  }
  throw new Error(`nothing was refused, expected ${expected}`);
}

function same(found: unknown, expected: unknown, what: string): void {
  if (!isSame(found, expected)) throw new Error(`${what}: found ${shown(found)}, expected ${shown(expected)}`);
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}
