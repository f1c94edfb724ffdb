import { InvariantViolation } from "../model/failure.ts";

/** The lifecycle value of an order. Pending cancel, pending amend and triggered are flags beside it. */
export const OrderState = {
  initialized: 0,
  submitted: 1,
  accepted: 2,
  partiallyFilled: 3,
  filled: 4,
  canceled: 5,
  expired: 6,
  rejected: 7,
  unknown: 8,
} as const;
export type OrderState = (typeof OrderState)[keyof typeof OrderState];

export const ORDER_STATE_NAMES = [
  "initialized",
  "submitted",
  "accepted",
  "partially-filled",
  "filled",
  "canceled",
  "expired",
  "rejected",
  "unknown",
] as const;

const S = OrderState;

/** From each state, the states that may follow. Terminal states have none: nothing reopens an order. */
export const TRANSITIONS: readonly (readonly OrderState[])[] = [
  /* initialized      */ [S.submitted, S.rejected],
  /* submitted        */ [S.accepted, S.rejected, S.canceled, S.expired, S.partiallyFilled, S.filled, S.unknown],
  /* accepted         */ [S.partiallyFilled, S.filled, S.canceled, S.expired, S.rejected, S.unknown],
  /* partially-filled */ [S.partiallyFilled, S.filled, S.canceled, S.expired, S.unknown],
  /* filled           */ [],
  /* canceled         */ [],
  /* expired          */ [],
  /* rejected         */ [],
  /* unknown          */ [S.accepted, S.partiallyFilled, S.filled, S.canceled, S.expired, S.rejected],
];

const ALLOWED: readonly boolean[] = TRANSITIONS.flatMap((next) => ORDER_STATE_NAMES.map((_, to) => next.includes(to as OrderState)));

export function mayFollow(from: OrderState, to: OrderState): boolean {
  return ALLOWED[from * ORDER_STATE_NAMES.length + to]!;
}

export function isTerminal(state: OrderState): boolean {
  return state >= S.filled && state <= S.rejected;
}

/** Throws unless `to` may follow `from`: inside the core an illegal transition is a bug. */
export function assertTransition(orderId: number, from: OrderState, to: OrderState): void {
  if (mayFollow(from, to)) return;
  throw new InvariantViolation(`order ${orderId} cannot go from ${ORDER_STATE_NAMES[from]} to ${ORDER_STATE_NAMES[to]}`);
}
