import type { FaultKind } from "./fault-kinds.ts";

/** In what state the order was that a fault met, as the trader saw it; `none` for a fault that met no order. */
export const REACH_STATES = [
  "none",
  "submitted",
  "accepted",
  "partially-filled",
  "filled",
  "canceled",
  "expired",
  "rejected",
  "unknown",
] as const;
/** What a book was when a fault met it. */
export const BOOK_STATES = ["live", "quarantined"] as const;
export type ReachState = (typeof REACH_STATES)[number] | (typeof BOOK_STATES)[number];

export interface ReachCell {
  readonly kind: FaultKind;
  readonly state: ReachState;
  readonly count: number;
}

/** The lifecycle values of an order, by their number in the engine. */
const LIFECYCLE = ["none", "submitted", "accepted", "partially-filled", "filled", "canceled", "expired", "rejected", "unknown"] as const;

/** What the reach asks of an engine. */
export interface ReachView {
  openOrderIds(): readonly number[];
  readonly orders: { find(orderId: number): { readonly state: number } | undefined };
}

/** Counts which fault met an order in which state: an empty cell is a place where nothing was ever tried. */
export class Reach {
  private readonly counts = new Map<string, number>();

  /** `orderId` is what the fault struck; without one it met all orders that work. */
  mark(kind: FaultKind, orderId: number | undefined, engine: ReachView | undefined): void {
    const ids = engine === undefined ? [] : orderId === undefined ? engine.openOrderIds() : [orderId];
    const states = new Set(ids.map((id) => LIFECYCLE[engine!.orders.find(id)?.state ?? 0] ?? "none"));
    if (states.size === 0) states.add("none");
    for (const state of states) {
      const key = `${kind}/${state}`;
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    }
  }

  cells(): ReachCell[] {
    return [...this.counts].map(([key, count]) => {
      const [kind, state] = key.split("/");
      return { kind: kind as FaultKind, state: state as ReachState, count };
    });
  }
}
