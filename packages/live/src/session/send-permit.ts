import { type CauseName, OrderSource, type SubmitOrder } from "@tradepulse/core";

/** Whether orders may leave this process at all: the latch, the leadership, the clock. Asked right before every send. */
export interface SendPermit {
  /** Why nothing that opens risk may leave; undefined when it may. */
  refusal(): CauseName | undefined;
  /** Why not even an order that only reduces may leave: another process leads the account. `undefined`, or absent, when it may. */
  exitRefusal?(): CauseName | undefined;
  /** Resolves once what the answers rest on was looked at lately. Waited for before they are asked; absent where they always know. */
  settled?(): Promise<void>;
}

const REDUCE_ONLY = 2;

/**
 * Why an order may not leave now; undefined when it may. What only reduces leaves in doubt too. What protects an entry, and the exits of risk and of
 * persons, go on when trading is halted; what a strategy wants to reduce does not. What was decided long ago opens no risk.
 */
export function sendRefusal(
  command: Pick<SubmitOrder, "flags" | "source" | "parentId">,
  permit: SendPermit,
  session: { readonly isStopped: boolean; readonly isTrusted: boolean; readonly isLate: () => boolean },
): CauseName | undefined {
  if ((command.flags & REDUCE_ONLY) !== 0) {
    const isWish = command.source === OrderSource.strategy && command.parentId === 0;
    return permit.exitRefusal?.() ?? (isWish && permit.refusal() === "trading-halted" ? "trading-halted" : undefined);
  }
  if (session.isStopped) return "trading-halted";
  if (!session.isTrusted) return permit.refusal() ?? "in-doubt";
  return permit.refusal() ?? (session.isLate() ? "stale-data" : undefined);
}
