import type { Reservations } from "../reservations.ts";
import type { ProposedOrder, Refusal, RiskView } from "../risk-view.ts";

/** What a check may look at besides the order and the account. */
export interface CheckContext {
  /** Worst cases before and with the order; measured only when a configured check reads them. */
  readonly reservations: Reservations;
  /** The working order that the proposed one replaces (an amendment); 0 for a new order. */
  readonly replacedId: number;
}

/** One limit, as a judge of one order. Made only when the limit is configured. */
export interface RiskCheck {
  check(order: ProposedOrder, view: RiskView, context: CheckContext): Refusal | undefined;
  /** The order passed every check and leaves now. */
  onApproved?(order: ProposedOrder, view: RiskView): void;
  /** What it remembers, as plain data of its own; absent where it remembers nothing. */
  carry?(): unknown;
  /** Goes on from what {@link carry} of the same check gave. */
  resume?(carried: unknown): void;
}
