import type { Journal } from "../../packages/live/src/journal/journal.ts";
import type { NodeWitness } from "./node-witness.ts";

/** The journal as it is, with the judge told of every intent, and of every one that was called durable. */
export function witnessedJournal(journal: Journal, witness: Pick<NodeWitness, "onIntent" | "onDurable">): Journal {
  const taken = new Map<number, object>();
  return {
    get lastSeq() {
      return journal.lastSeq;
    },
    get durableSeq() {
      return journal.durableSeq;
    },
    get refusal() {
      return journal.refusal;
    },
    append: (kind, payload) => {
      const seq = journal.append(kind, payload);
      if (kind === "intent") {
        taken.set(seq, payload);
        witness.onIntent();
      }
      return seq;
    },
    durable: async (seq) => {
      await journal.durable(seq);
      const payload = taken.get(seq);
      taken.delete(seq);
      if (payload !== undefined) witness.onDurable(seq, payload);
    },
    records: (fromSeq) => journal.records(fromSeq),
    close: () => journal.close(),
  };
}
