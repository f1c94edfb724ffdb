import type { CauseName } from "@tradepulse/core";

/** Whether orders may leave this process at all: the latch, the leadership, the clock. Asked right before every send. */
export interface SendPermit {
  /** Why nothing that opens risk may leave; undefined when it may. */
  refusal(): CauseName | undefined;
  /** Why not even an order that only reduces may leave: another process leads the account. `undefined`, or absent, when it may. */
  exitRefusal?(): CauseName | undefined;
  /** Resolves once what the answers rest on was looked at lately. Waited for before they are asked; absent where they always know. */
  settled?(): Promise<void>;
}
