import type { Side } from "./side.ts";
import type { TimeUs } from "./time.ts";

interface FactHead {
  /** Its place in the one total order of a session, from 1. */
  readonly seq: number;
  /** When it happened, as far as the source says. Never before the fact before it. */
  readonly timeUs: TimeUs;
  /** When it reached us, on the wall clock. */
  readonly receiveUs: TimeUs;
}

/** One closed bar of one series, as the sequencer delivers it. It becomes visible at its close. */
export interface BarFact extends FactHead {
  readonly kind: "bar";
  readonly seriesIndex: number;
  readonly openUs: TimeUs;
  readonly closeUs: TimeUs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** All bars of one instant are in, or will not come: fills, timers and reactions may run. A fact, so that a replay sees it too. */
export interface StepFact extends FactHead {
  readonly kind: "step";
}

/** What a venue said of an order of ours, or what was proved of it. */
export type OrderFactEvent =
  | "accepted"
  | "rejected"
  | "unknown"
  | "filled"
  | "canceled"
  | "expired"
  | "cancel-failed"
  | "amended"
  | "amend-failed";

/** News of one of our orders. Fields that its event does not need are 0. */
export interface OrderFact extends FactHead {
  readonly kind: "order";
  readonly event: OrderFactEvent;
  readonly orderId: number;
  /** Venue's id as a decimal text; empty when not known. */
  readonly venueOrderId: string;
  /** Of a fill: unique for an instrument at its venue. */
  readonly tradeId: number;
  readonly lots: number;
  /** Exact money exchanged, in quanta of the quote currency. */
  readonly notional: number;
  /** In quanta of the quote currency; 0 when it was taken in another asset. */
  readonly fee: number;
  /** Lots that the venue kept as its fee, when it took the fee in the base. They never arrive in the position. */
  readonly feeLots: number;
  readonly isMaker: boolean;
  /** Why it was rejected, canceled or expired: a code of the cause table. */
  readonly cause: number;
}

/** A fill on our account that no order of ours explains: a manual trade. It is adopted, and an alarm is raised outside. */
export interface ExternalFact extends FactHead {
  readonly kind: "external";
  readonly instrumentIndex: number;
  readonly side: Side;
  readonly tradeId: number;
  readonly lots: number;
  readonly notional: number;
  readonly fee: number;
  readonly feeLots: number;
}

/** Money that came or went without a trade: deposit, withdrawal, correction. In quanta, positive when received. */
export interface TransferFact extends FactHead {
  readonly kind: "transfer";
  readonly quanta: number;
}

/** A person's word, or a guard's. */
export interface OperatorFact extends FactHead {
  readonly kind: "operator";
  /** `hold`: the strategy goes on seeing what happens and its wishes are not carried out, until `release`. For a recovery that catches up. */
  readonly action: "halt" | "reduce-only" | "enable" | "cancel-all" | "flatten" | "hold" | "release";
  readonly reason: string;
}

/** Whether prices and private events may be trusted: while in doubt an instrument takes no new risk. */
export interface TrustFact extends FactHead {
  readonly kind: "trust";
  /** -1 for all. */
  readonly instrumentIndex: number;
  readonly isTrusted: boolean;
  readonly reason: string;
}

/** Time has passed: orders expire, and a position without a stop is tried again. A fact, so that a replay does the same. */
export interface TimerFact extends FactHead {
  readonly kind: "timer";
  /** An instant that the venue's clock has passed: what expires then or before is due. 0 when nothing is. */
  readonly dueUs: TimeUs;
}

/** What happened in the world, in one total order. The only thing that enters the engine. */
export type Fact = BarFact | StepFact | OrderFact | ExternalFact | TransferFact | OperatorFact | TrustFact | TimerFact;
