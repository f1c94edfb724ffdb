import { FailureError, fail, ok, type Result } from "../model/failure.ts";
import type { Instrument } from "../model/instrument.ts";
import { readEach, readFraction, readLoss, readLots, readMoney, readWhole, refuseLimit, refuseUnknown } from "./limit-reader.ts";
import { limitTable } from "./limit-table.ts";
import { readProtections } from "./protections/read-protections.ts";
import type { DecimalInput, LossLimit, PerInstrument, ResolvedLimits, ResolvedLoss, RiskLimits } from "./risk-limits.ts";

const LIMIT_NAMES: readonly string[] = [...limitTable.map((entry) => entry.name), "dailyLossRelease", "protections"];

/**
 * The limits in quanta, lots and price units of the given instruments. Maxima are rounded down, minima up. Fails with
 * `TP_RISK_LIMIT_UNKNOWN`, `TP_RISK_LIMIT_VALUE`, `TP_RISK_LIMIT_INSTRUMENT` or `TP_RISK_LIMIT_CURRENCY` on values that cannot be meant.
 */
export function resolveLimits(limits: RiskLimits, instruments: readonly Instrument[]): Result<ResolvedLimits> {
  try {
    return ok(resolve(limits, instruments));
  } catch (error) {
    if (error instanceof FailureError) return fail(error.failure);
    throw error;
  }
}

function resolve(limits: RiskLimits, instruments: readonly Instrument[]): ResolvedLimits {
  refuseUnknown("the risk limits", limits, LIMIT_NAMES);
  const money = (name: string, value: DecimalInput | undefined): number =>
    value === undefined ? Number.POSITIVE_INFINITY : readMoney(name, value, instruments);
  const lots = (name: string, value: PerInstrument | undefined): Float64Array =>
    value === undefined ? new Float64Array(instruments.length).fill(Number.POSITIVE_INFINITY) : readLots(name, value, instruments);
  const whole = (name: string, value: number | undefined, unit: string, absent: number): number =>
    value === undefined ? absent : readWhole(name, value, unit);
  const loss = (name: string, value: LossLimit | undefined): ResolvedLoss | undefined =>
    value === undefined ? undefined : readLoss(name, value, instruments);
  return {
    instruments,
    maxOrderNotional: money("maxOrderNotional", limits.maxOrderNotional),
    maxOrderLots: lots("maxOrderQuantity", limits.maxOrderQuantity),
    maxPositionLots: lots("maxPosition", limits.maxPosition),
    maxGrossExposure: money("maxGrossExposure", limits.maxGrossExposure),
    maxNetExposure: money("maxNetExposure", limits.maxNetExposure),
    maxOpenOrders: whole("maxOpenOrders", limits.maxOpenOrders, "orders", Number.POSITIVE_INFINITY),
    orderRate: readOrderRate(limits),
    priceCollar: limits.priceCollar === undefined ? 0 : readFraction("priceCollar", limits.priceCollar),
    staleAfterUs: whole("staleAfterUs", limits.staleAfterUs, "microseconds", Number.POSITIVE_INFINITY),
    maxDailyLoss: loss("maxDailyLoss", limits.maxDailyLoss),
    dailyLossRelease: oneOf("dailyLossRelease", limits.dailyLossRelease ?? "next-day", ["next-day", "rearm"]),
    ...readDrawdown(limits, loss),
    maxConsecutiveLosses: whole("maxConsecutiveLosses", limits.maxConsecutiveLosses, "trades", Number.POSITIVE_INFINITY),
    minNotional: readMinNotional(limits, instruments),
    selfTrade: oneOf("selfTrade", limits.selfTrade ?? "allow", ["cancel-newer", "allow"]),
    duplicateGuardUs: whole("duplicateGuardUs", limits.duplicateGuardUs, "microseconds", 0),
    protections: readProtections(limits.protections ?? {}),
  };
}

function readOrderRate({ orderRate }: RiskLimits): ResolvedLimits["orderRate"] {
  if (orderRate === undefined) return undefined;
  refuseUnknown('limit "orderRate"', orderRate, ["orders", "intervalUs"]);
  return {
    orders: readWhole("orderRate.orders", orderRate.orders, "orders"),
    intervalUs: readWhole("orderRate.intervalUs", orderRate.intervalUs, "microseconds"),
  };
}

function readDrawdown(
  { maxDrawdown }: RiskLimits,
  loss: (name: string, value: LossLimit | undefined) => ResolvedLoss | undefined,
): Pick<ResolvedLimits, "maxDrawdownFromPeak" | "maxDrawdownFromDayStart"> {
  if (maxDrawdown === undefined) return { maxDrawdownFromPeak: undefined, maxDrawdownFromDayStart: undefined };
  refuseUnknown('limit "maxDrawdown"', maxDrawdown, ["fromPeak", "fromDayStart"]);
  if (maxDrawdown.fromPeak === undefined && maxDrawdown.fromDayStart === undefined) {
    refuseLimit("maxDrawdown", "{}", "{ fromPeak }, { fromDayStart } or both");
  }
  return {
    maxDrawdownFromPeak: loss("maxDrawdown.fromPeak", maxDrawdown.fromPeak),
    maxDrawdownFromDayStart: loss("maxDrawdown.fromDayStart", maxDrawdown.fromDayStart),
  };
}

function readMinNotional({ minNotional }: RiskLimits, instruments: readonly Instrument[]): Float64Array {
  if (minNotional === undefined) return Float64Array.from(instruments, (each) => each.minNotional);
  return readEach("minNotional", minNotional, instruments, 0, (label, given) => readMoney(label, given, instruments, "up")).map(
    (quanta, index) => Math.max(quanta, instruments[index]!.minNotional),
  );
}

function oneOf<T extends string>(name: string, value: T, allowed: readonly T[]): T {
  if (!allowed.includes(value)) refuseLimit(name, `"${String(value)}"`, allowed.map((each) => `"${each}"`).join(" or "));
  return value;
}
