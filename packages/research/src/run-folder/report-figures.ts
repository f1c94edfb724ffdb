import { definitionOf, type Figure, figureDefinitions, type Summary, type SummaryFigureId } from "@tradepulse/core";
import type { ReportFigure } from "../report/index.ts";
import { figureReason, figureText } from "./figure-text.ts";

/** Figures by the heading they stand under, in reading order. What is not listed stands under the last. */
const GROUPS: Readonly<Record<string, readonly SummaryFigureId[]>> = {
  Return: ["totalReturn", "netProfit", "cagr", "annualReturn", "bestReturn", "worstReturn"],
  Risk: [
    "maxDrawdown",
    "maxDrawdownBars",
    "maxDrawdownLength",
    "maxDrawdownRecovery",
    "longestDrawdown",
    "longestDrawdownSessions",
    "volatility",
    "downsideRisk",
    "valueAtRisk",
    "conditionalValueAtRisk",
    "tailRatio",
    "stability",
    "skewness",
    "kurtosis",
    "excessKurtosis",
  ],
  "Risk-adjusted": ["sharpe", "sortino", "calmar", "omega", "probabilisticSharpe", "deflatedSharpe"],
  Benchmark: ["benchmarkReturn", "alpha", "beta", "informationRatio", "capture", "upCapture", "downCapture", "upDownCapture"],
  Trading: [
    "winRate",
    "profitFactor",
    "profitFactorOfReturns",
    "expectancy",
    "expectancyReturn",
    "expectancyR",
    "sqn",
    "averageWin",
    "averageLoss",
    "payoffRatio",
    "bestTrade",
    "worstTrade",
    "bestTradeReturn",
    "worstTradeReturn",
    "averageHolding",
    "longestLosingStreak",
    "exposure",
    "grossExposure",
    "turnover",
  ],
  Costs: ["fees", "slippage"],
};

/** Figures shown as tiles. */
export const HEADLINE = ["totalReturn", "cagr", "sharpe", "maxDrawdown", "roundTrips", "winRate", "profitFactor", "fees"] as const;

const TONED: ReadonlySet<string> = new Set(["totalReturn", "netProfit", "cagr", "annualReturn", "maxDrawdown", "expectancy"]);

/** Every figure of a summary as the report shows it, with its definition. */
export function reportFigures(summary: Summary, moneyDecimals: number): readonly ReportFigure[] {
  const groupOf = new Map(Object.entries(GROUPS).flatMap(([group, ids]) => ids.map((id) => [id as string, group] as const)));
  const listed = Object.values(GROUPS).flat();
  const others = figureDefinitions.map(({ id }) => id).filter((id): id is SummaryFigureId => id in summary.figures && !groupOf.has(id));
  const figures = [...listed, ...others].map((id) =>
    reportFigure(id, summary.figures[id], groupOf.get(id) ?? "Other", summary.currency, moneyDecimals),
  );
  const at = figures.findIndex(({ group }) => group === "Trading");
  return figures.toSpliced(at, 0, roundTripCount(summary));
}

function reportFigure(id: SummaryFigureId, figure: Figure, group: string, currency: string, moneyDecimals: number): ReportFigure {
  const { title, definition, undefinedWhen } = definitionOf(id);
  return {
    id,
    title,
    text: figureText(id, figure, currency, moneyDecimals),
    value: figure.value,
    ...(figure.value === null ? { reason: figureReason(figure) } : {}),
    definition: undefinedWhen === "" ? definition : `${definition} Undefined when ${undefinedWhen}.`,
    group,
    ...(TONED.has(id) && figure.value !== null && figure.value !== 0 ? { tone: figure.value > 0 ? "gain" : "loss" } : {}),
  };
}

function roundTripCount({ roundTripCount: count, longCount, shortCount }: Summary): ReportFigure {
  return {
    id: "roundTrips",
    title: "Round trips",
    text: String(count),
    value: count,
    definition: `Stays in a position from flat to flat that are closed: ${longCount} long, ${shortCount} short.`,
    group: "Trading",
  };
}
