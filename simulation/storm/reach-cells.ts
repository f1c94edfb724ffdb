import type { FaultKind } from "./fault-kinds.ts";
import type { Edge } from "./play-seed.ts";
import { BOOK_STATES, REACH_STATES, type ReachState } from "./reach.ts";

const ENDED = ["filled", "canceled", "expired", "rejected"] as const;
const WORKING = ["submitted", "accepted", "partially-filled", "unknown"] as const;

interface Aim {
  readonly states: readonly ReachState[];
  /** Why no other state can be met. */
  readonly why: string;
}

/** What a strike can meet, by what it strikes. */
const AIMS = {
  requests: { states: REACH_STATES, why: "" },
  lookups: { states: [...WORKING, ...ENDED], why: "a look-up names an order" },
  entry: { states: ["submitted"], why: "it strikes an order on its way in" },
  resting: { states: ["submitted", "accepted", "partially-filled", "unknown"], why: "it strikes an order that works at the venue" },
  events: { states: WORKING, why: "it strikes what the private stream says of an order" },
  cancels: { states: ["accepted", "partially-filled"], why: "it strikes the cancel of an order that is known to work" },
  world: { states: ["none", ...WORKING], why: "it meets all that works, and what has ended does not" },
  book: { states: BOOK_STATES, why: "" },
} as const satisfies Readonly<Record<string, Aim>>;

const PORT: Readonly<Partial<Record<FaultKind, keyof typeof AIMS>>> = {
  F01: "requests",
  F03: "requests",
  F04: "requests",
  F06: "lookups",
  F08: "entry",
  F11: "resting",
  F17: "cancels",
  F20: "cancels",
  F42: "requests",
  F45: "entry",
  F47: "resting",
  F49: "entry",
  F50: "requests",
  F76: "entry",
};
const WIRE: Readonly<Partial<Record<FaultKind, keyof typeof AIMS>>> = {
  F11: "resting",
  F14: "events",
  F15: "events",
  F17: "cancels",
  F19: "events",
  F20: "cancels",
  F25: "events",
  F45: "entry",
  F47: "resting",
};

/** Kinds whose strikes meet what they meet at an edge. */
export function aimOf(kind: FaultKind, edge: Edge): Aim {
  if (edge === "book") return AIMS.book;
  return AIMS[(edge === "port" ? PORT : WIRE)[kind] ?? "world"];
}

/** Columns of the table of an edge. */
export function statesOf(edge: Edge): readonly ReachState[] {
  return edge === "book" ? BOOK_STATES : REACH_STATES;
}
