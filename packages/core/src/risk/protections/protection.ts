import type { ProtectionScope, Span } from "./protection-settings.ts";
import type { RecordedTrade, TradeHistory } from "./trade-history.ts";

/** What a protection asks for: its cause, what to close, and for how long from the exit of the trade. */
export interface LockRequest {
  readonly cause: number;
  readonly scope: ProtectionScope;
  readonly span: Span;
}

/** Judges the account after every closed trade. `equity` in quanta, the trade included. */
export type Protection = (trade: RecordedTrade, history: TradeHistory, equity: number) => LockRequest | undefined;
