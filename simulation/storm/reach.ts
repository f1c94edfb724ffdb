import { parseClientId } from "@tradepulse/live";
import type { JudgedTrader } from "../oracle/judged.ts";
import type { FaultKind } from "./fault-kinds.ts";

/** In what state the order was that a fault met, as the trader saw it; `none` for a fault that met no order. */
export type ReachState =
  | "none"
  | "held"
  | "initialized"
  | "submitted"
  | "accepted"
  | "partially-filled"
  | "filled"
  | "canceled"
  | "expired"
  | "rejected"
  | "unknown";

export interface ReachCell {
  readonly kind: FaultKind;
  readonly state: string;
  readonly count: number;
}

const CLIENT_ID = /tp-[0-9a-z]+-[0-9a-z]+/;
const STATES = [
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

/** Counts which fault met an order in which state: an empty cell is a place where nothing was ever tried. */
export class Reach {
  private readonly counts = new Map<string, number>();

  mark(kind: FaultKind, about: string, node: JudgedTrader | undefined): void {
    const engine = node?.engine;
    if (engine === undefined) {
      this.count(kind, "none");
      return;
    }
    const named = CLIENT_ID.exec(about)?.[0];
    const ids = named === undefined ? engine.openOrderIds() : [parseClientId(named)?.orderId ?? 0];
    const states = new Set(ids.map((id) => stateOf(engine.orderState(id))));
    if (states.size === 0) this.count(kind, "none");
    for (const state of states) this.count(kind, state);
  }

  cells(): ReachCell[] {
    return [...this.counts].map(([key, count]) => {
      const [kind, state] = key.split("/");
      return { kind: kind as FaultKind, state: state!, count };
    });
  }

  private count(kind: FaultKind, state: ReachState): void {
    const key = `${kind}/${state}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}

function stateOf(order: object | undefined): ReachState {
  if (order === undefined || !("state" in order) || typeof order.state !== "number") return "none";
  return STATES[order.state] ?? "none";
}
