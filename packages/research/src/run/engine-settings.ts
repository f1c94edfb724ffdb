import {
  type AccountTerms,
  CASH_ACCOUNT,
  type EngineOptions,
  engineOptions,
  feeSchedule,
  type Instrument,
  MONEY_LIMIT,
  marginAccount,
  NO_SLIPPAGE,
  NO_SPREAD,
  type PreTradeRisk,
  powerOfTen,
  quantityOf,
  riskEngine,
  type SlippageModel,
  type SpreadModel,
  slippageFraction,
  slippageOfSpread,
  slippageSquareRoot,
  slippageTicks,
  slippageVolumeShare,
  spreadFraction,
  spreadTicks,
} from "@tradepulse/core";
import type { AccountOptions, FeeSettings, RunOptions, SlippageSettings, SpreadSettings } from "../options/run-options.ts";
import { refuse } from "../refuse.ts";

/**
 * The options of a run as the engine takes them, for the instruments of the run. The risk engine keeps state, so every engine needs
 * settings of its own. Throws the codes of risk limits, and `TP_RUN_CAPITAL`.
 */
export function engineSettings(options: RunOptions, instruments: readonly Instrument[], tradeFromUs: number): EngineOptions {
  checkCapital(options.capital, instruments[0]!);
  return engineOptions({
    capital: options.capital,
    account: accountTerms(options.account),
    venue: {
      path: options.path,
      marketFill: options.marketFill,
      fillBarChildren: options.fillBarChildren,
      participation: options.participation ?? Number.POSITIVE_INFINITY,
      fillThroughTicks: options.fillThroughTicks,
      shortfall: options.shortfall,
      roundFillsToTick: options.roundFillsToTick,
      spread: spreadModel(options.spread),
      slippage: slippageModel(options.slippage),
      fees: instruments.map((instrument) => feesOf(options.fee, instrument)),
    },
    sizeAt: options.sizeAt,
    buffer: options.buffer,
    endOfData: options.endOfData,
    offTick: options.offTick,
    risk: riskOf(options, instruments),
    equity: options.equity === "bar" || options.returns === "bar" ? "bar" : "session",
    tradeFromUs,
  });
}

function checkCapital(capital: number, { quote }: Instrument): void {
  const quanta = powerOfTen(quote.scale);
  if (Math.round(capital * quanta) >= 1 && capital * quanta <= MONEY_LIMIT) return;
  refuse(
    "TP_RUN_CAPITAL",
    `Cannot run with a capital of ${capital} ${quote.code}: allowed are ${1 / quanta} to ${Math.floor(MONEY_LIMIT / quanta)} ${quote.code}, what can be counted exactly`,
    [],
    "set capital within these bounds",
  );
}

function accountTerms(account: AccountOptions): AccountTerms {
  if (account.kind === "cash") return CASH_ACCOUNT;
  const { leverage, maintenance, liquidationFee, insurance } = account;
  return marginAccount({ leverage, liquidationFee, insurance, ...(maintenance === null ? {} : { maintenance }) });
}

function feesOf(fee: FeeSettings, instrument: Instrument): ReturnType<typeof feeSchedule> {
  const { taker, fixed, minimum, perUnit, maximumRate } = fee;
  const terms = { taker, maker: fee.maker ?? taker, fixed, minimum, perUnit, maximumRate };
  return feeSchedule(
    fee.maximum === null ? terms : { ...terms, maximum: fee.maximum },
    powerOfTen(instrument.quote.scale),
    quantityOf(instrument, 1),
  );
}

function spreadModel({ width, unit, applyTo }: SpreadSettings): SpreadModel {
  if (width === 0) return NO_SPREAD;
  return unit === "ticks" ? spreadTicks(width, applyTo) : spreadFraction(width, applyTo);
}

function slippageModel({ kind, amount, cap }: SlippageSettings): SlippageModel {
  switch (kind) {
    case "none":
      return NO_SLIPPAGE;
    case "ticks":
      return slippageTicks(amount);
    case "fraction":
      return slippageFraction(amount);
    case "spread-fraction":
      return slippageOfSpread(amount);
    case "volume-share":
      return slippageVolumeShare(amount, cap);
    case "square-root":
      return slippageSquareRoot(amount);
  }
}

function riskOf({ limits, protections }: RunOptions, instruments: readonly Instrument[]): PreTradeRisk | undefined {
  const isProtected = Object.keys(protections).length > 0;
  if (Object.keys(limits).length === 0 && !isProtected) return undefined;
  return riskEngine(isProtected ? { ...limits, protections: { ...limits.protections, ...protections } } : limits, instruments);
}
