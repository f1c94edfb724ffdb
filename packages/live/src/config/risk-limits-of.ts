import type { LossLimit, PerInstrument, RiskLimits } from "@tradepulse/core";
import type { SectionValues } from "./section-reader.ts";

/** The limits of `[risk]` as the risk engine takes them. */
export function riskLimitsOf(risk: SectionValues): RiskLimits {
  const orders = risk["max_orders_per_interval"] as number | undefined;
  const drawdown = risk["max_drawdown"] as LossLimit | undefined;
  const limits: RiskLimits = {
    maxOrderNotional: risk["max_notional"] as number | string | undefined,
    maxPosition: risk["max_position"] as PerInstrument | undefined,
    maxOrderQuantity: risk["max_order_quantity"] as PerInstrument | undefined,
    maxGrossExposure: risk["max_gross_exposure"] as number | string | undefined,
    maxNetExposure: risk["max_net_exposure"] as number | string | undefined,
    maxOpenOrders: risk["max_open_orders"] as number | undefined,
    orderRate: orders === undefined ? undefined : { orders, intervalUs: risk["interval_seconds"] as number },
    priceCollar: risk["price_collar"] as number | string | undefined,
    staleAfterUs: risk["stale_after"] as number | undefined,
    maxDailyLoss: risk["max_daily_loss"] as LossLimit | undefined,
    dailyLossRelease: risk["daily_loss_release"] as "next-day" | "rearm" | undefined,
    maxDrawdown: drawdown === undefined ? undefined : { fromPeak: drawdown },
    maxConsecutiveLosses: risk["max_consecutive_losses"] as number | undefined,
    minNotional: risk["min_notional"] as PerInstrument | undefined,
    selfTrade: risk["self_trade"] as "allow" | "cancel-newer" | undefined,
    duplicateGuardUs: risk["duplicate_guard"] as number | undefined,
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
