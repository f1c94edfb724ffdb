import type { ResolvedLimits } from "../risk-limits.ts";
import { duplicateOrderCheck } from "./duplicate-order.ts";
import { maxGrossExposureCheck } from "./max-gross-exposure.ts";
import { maxNetExposureCheck } from "./max-net-exposure.ts";
import { maxOpenOrdersCheck } from "./max-open-orders.ts";
import { maxOrderNotionalCheck } from "./max-order-notional.ts";
import { maxOrderQuantityCheck } from "./max-order-quantity.ts";
import { maxPositionCheck } from "./max-position.ts";
import { minNotionalCheck } from "./min-notional.ts";
import { orderRateCheck } from "./order-rate.ts";
import { priceCollarCheck } from "./price-collar.ts";
import type { RiskCheck } from "./risk-check.ts";
import { selfTradeCheck } from "./self-trade.ts";
import { staleDataCheck } from "./stale-data.ts";
import { tickAndLotCheck } from "./tick-and-lot.ts";

/** The checks that have something to check, cheapest first. */
export function configuredChecks(limits: ResolvedLimits): {
  readonly always: readonly RiskCheck[];
  readonly opening: readonly RiskCheck[];
} {
  const always: RiskCheck[] = [];
  if (limits.priceCollar > 0) always.push(priceCollarCheck(limits.priceCollar));
  if (limits.orderRate !== undefined) always.push(orderRateCheck(limits.orderRate));

  const opening: RiskCheck[] = [];
  if (limits.staleAfterUs < Number.POSITIVE_INFINITY) opening.push(staleDataCheck(limits.staleAfterUs));
  if (limits.minNotional.some((quanta) => quanta > 0)) opening.push(minNotionalCheck(limits.minNotional));
  if (limits.maxOrderNotional < Number.POSITIVE_INFINITY) opening.push(maxOrderNotionalCheck(limits.maxOrderNotional));
  if (limits.maxOrderLots.some(Number.isFinite)) opening.push(maxOrderQuantityCheck(limits.maxOrderLots));
  if (limits.maxOpenOrders < Number.POSITIVE_INFINITY) opening.push(maxOpenOrdersCheck(limits.maxOpenOrders));
  if (limits.maxPositionLots.some(Number.isFinite)) opening.push(maxPositionCheck(limits.maxPositionLots));
  if (limits.maxGrossExposure < Number.POSITIVE_INFINITY) opening.push(maxGrossExposureCheck(limits.maxGrossExposure));
  if (limits.maxNetExposure < Number.POSITIVE_INFINITY) opening.push(maxNetExposureCheck(limits.maxNetExposure));
  if (limits.duplicateGuardUs > 0) opening.push(duplicateOrderCheck(limits.duplicateGuardUs));
  if (limits.selfTrade === "cancel-newer") opening.push(selfTradeCheck());

  // The desk puts every order on the grid; here it is checked again where anything else is, or where a venue's tick is known.
  const checksGrid = always.length > 0 || opening.length > 0 || limits.instruments.some((each) => each.tickKnown);
  return { always: checksGrid ? [tickAndLotCheck(limits.instruments), ...always] : always, opening };
}

/** True when a configured check reads the worst cases, which cost a pass over the working orders. */
export function readsReservations(limits: ResolvedLimits): boolean {
  return (
    limits.maxPositionLots.some(Number.isFinite) ||
    limits.maxGrossExposure < Number.POSITIVE_INFINITY ||
    limits.maxNetExposure < Number.POSITIVE_INFINITY
  );
}
