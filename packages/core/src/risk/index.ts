export { collarUnits } from "./checks/price-collar.ts";
export { refusalCode, riskCodes } from "./codes.ts";
export { type LimitEntry, limitTable, protectionTable, type RefusalUnit, standingTable } from "./limit-table.ts";
export type {
  CooldownSettings,
  DrawdownGuardSettings,
  LowProfitSettings,
  ProtectionScope,
  ProtectionSettings,
  Span,
  StopGuardSettings,
} from "./protections/protection-settings.ts";
export { refusalFailure } from "./refusal-failure.ts";
export { resolveLimits } from "./resolve-limits.ts";
export { RiskEngine, riskEngine } from "./risk-engine.ts";
export type {
  DecimalInput,
  LossLimit,
  MaxDrawdown,
  OrderRate,
  PerInstrument,
  ResolvedLimits,
  ResolvedLoss,
  RiskLimits,
  SelfTradeRule,
} from "./risk-limits.ts";
export type { ClosedTrade, PreTradeRisk, ProposedOrder, Refusal, RiskView, WorkingOrder } from "./risk-view.ts";
export { KILL_ACTIONS, type KillAction, TRADING_STATES, type TradingState, type TradingStateChange } from "./trading-state.ts";
