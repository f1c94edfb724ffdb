import { causeCode } from "../../model/event.ts";
import type { OrderRate } from "../risk-limits.ts";
import type { RiskCheck } from "./risk-check.ts";

const ORDER_RATE = causeCode("order-rate");

/** A sliding window over the approvals: an order passes once the n-th approval before it is `intervalUs` old. */
export function orderRateCheck({ orders, intervalUs }: OrderRate): RiskCheck {
  const approvedUs = new Float64Array(orders).fill(Number.NEGATIVE_INFINITY);
  let oldest = 0;
  return {
    check(_order, view) {
      return view.nowUs - approvedUs[oldest]! < intervalUs ? { cause: ORDER_RATE, present: orders, limit: orders } : undefined;
    },
    onApproved(_order, view) {
      approvedUs[oldest] = view.nowUs;
      oldest = oldest + 1 === orders ? 0 : oldest + 1;
    },
    carry: () => ({ approvedUs: Array.from(approvedUs), oldest }),
    resume(carried) {
      const known = carried as { readonly approvedUs: readonly number[]; readonly oldest: number };
      approvedUs.set(known.approvedUs);
      oldest = known.oldest;
    },
  };
}
