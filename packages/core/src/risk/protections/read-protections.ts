import { readWhole, refuseLimit, refuseUnknown } from "../limit-reader.ts";
import type { ProtectionScope, ProtectionSettings, ResolvedProtections, Span } from "./protection-settings.ts";

/** Checks the settings and fills in the defaults. Throws `TP_RISK_LIMIT_VALUE` or `TP_RISK_LIMIT_UNKNOWN`. */
export function readProtections(settings: ProtectionSettings): ResolvedProtections {
  refuseUnknown("the protections", settings, ["cooldown", "stopGuard", "lowProfit", "drawdownGuard"]);
  const { cooldown, stopGuard, lowProfit, drawdownGuard } = settings;
  return {
    cooldown: cooldown && {
      wait: span("protections.cooldown.wait", cooldown.wait),
      scope: scope("protections.cooldown.scope", cooldown.scope ?? "instrument"),
    },
    stopGuard: stopGuard && {
      stops: readWhole("protections.stopGuard.stops", stopGuard.stops, "stop-outs"),
      ...spans("protections.stopGuard", stopGuard),
      scope: scope("protections.stopGuard.scope", stopGuard.scope ?? "all"),
    },
    lowProfit: lowProfit && {
      trades: readWhole("protections.lowProfit.trades", lowProfit.trades, "trades"),
      ...spans("protections.lowProfit", lowProfit),
      minProfitRatio: ratio("protections.lowProfit.minProfitRatio", lowProfit.minProfitRatio),
      scope: instrumentScope("protections.lowProfit.scope", lowProfit.scope ?? "instrument"),
    },
    drawdownGuard: drawdownGuard && {
      trades: readWhole("protections.drawdownGuard.trades", drawdownGuard.trades, "trades"),
      maxDrawdown: fraction("protections.drawdownGuard.maxDrawdown", drawdownGuard.maxDrawdown),
      ...spans("protections.drawdownGuard", drawdownGuard),
    },
  };
}

function spans(name: string, settings: { readonly lookBack: Span; readonly lock: Span }): { lookBack: Span; lock: Span } {
  return { lookBack: span(`${name}.lookBack`, settings.lookBack), lock: span(`${name}.lock`, settings.lock) };
}

function span(name: string, value: Span): Span {
  const given: { readonly bars?: number; readonly us?: number } = value ?? {};
  if ((given.bars === undefined) === (given.us === undefined)) refuseLimit(name, JSON.stringify(value), "either { bars } or { us }");
  if (given.bars !== undefined) return { bars: readWhole(`${name}.bars`, given.bars, "bars") };
  return { us: readWhole(`${name}.us`, given.us!, "microseconds") };
}

function scope(name: string, value: ProtectionScope): ProtectionScope {
  const allowed: readonly ProtectionScope[] = ["all", "side", "instrument", "instrument-side"];
  if (!allowed.includes(value)) refuseLimit(name, `"${String(value)}"`, allowed.join(", "));
  return value;
}

function instrumentScope(name: string, value: "instrument" | "instrument-side"): "instrument" | "instrument-side" {
  if (value !== "instrument" && value !== "instrument-side") refuseLimit(name, `"${String(value)}"`, "instrument, instrument-side");
  return value;
}

function ratio(name: string, value: number): number {
  if (!(Math.abs(value) <= 1_000)) refuseLimit(name, String(value), "a ratio from -1000 to 1000 (0.01 is one percent)");
  return value;
}

function fraction(name: string, value: number): number {
  if (!(value > 0 && value <= 1)) refuseLimit(name, String(value), "a fraction above 0, up to 1");
  return value;
}
