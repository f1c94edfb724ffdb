import { causeCode } from "../../model/event.ts";
import type { ProposedOrder } from "../risk-view.ts";
import type { RiskCheck } from "./risk-check.ts";

const DUPLICATE_ORDER = causeCode("duplicate-order");

interface Approval {
  readonly order: ProposedOrder;
  readonly timeUs: number;
}

/** Refuses an opening order equal in all terms to one approved less than `guardUs` ago, whatever became of that one. */
export function duplicateOrderCheck(guardUs: number): RiskCheck {
  let recent: Approval[] = [];
  return {
    check(order, view, { replacedId }) {
      if (replacedId !== 0) return undefined;
      const twin = recent.findLast((each) => view.nowUs - each.timeUs < guardUs && isSame(each.order, order));
      return twin === undefined ? undefined : { cause: DUPLICATE_ORDER, present: view.nowUs - twin.timeUs, limit: guardUs };
    },
    onApproved(order, view) {
      if (order.isReduceOnly) return;
      recent = recent.filter((each) => view.nowUs - each.timeUs < guardUs);
      // A copy: the sender may use one object for all its orders.
      recent.push({ order: { ...order }, timeUs: view.nowUs });
    },
    carry: () => recent.map((each) => ({ order: { ...each.order }, timeUs: each.timeUs })),
    resume(carried) {
      recent = [...(carried as readonly Approval[])];
    },
  };
}

function isSame(a: ProposedOrder, b: ProposedOrder): boolean {
  return (
    a.instrumentIndex === b.instrumentIndex &&
    a.strategyId === b.strategyId &&
    a.side === b.side &&
    a.type === b.type &&
    a.lots === b.lots &&
    a.priceUnits === b.priceUnits
  );
}
