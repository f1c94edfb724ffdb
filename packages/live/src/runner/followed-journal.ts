import type { Journal } from "../journal/journal.ts";
import { commandOf } from "../recovery/replay.ts";
import type { SessionFold } from "../recovery/session-fold.ts";

/** A journal whose records a fold follows from the moment it is given one: the session as its journal tells it, at every record. */
export interface FollowedJournal extends Journal {
  follow(fold: SessionFold): void;
}

export function followedJournal(journal: Journal): FollowedJournal {
  let followed: SessionFold | undefined;
  return {
    follow: (fold) => {
      followed = fold;
    },
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
      followed?.take({ seq, kind, payload });
      if (kind === "command") followed?.decided(commandOf(payload));
      return seq;
    },
    durable: (seq) => journal.durable(seq),
    records: (fromSeq) => journal.records(fromSeq),
    ...(journal.archiveBefore === undefined ? {} : { archiveBefore: (seq: number) => journal.archiveBefore!(seq) }),
    close: () => journal.close(),
  };
}
