import { definitionOf, type Figure, type FigureId, type Finding, type Summary } from "@tradepulse/core";
import { figureGrid, type GridItem } from "../terminal/figure-grid.ts";
import { countText, durationText, moneyText, percentText, ratioText } from "../terminal/number-text.ts";
import { paint } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";

/** Figures of the printed table, in reading order from top to bottom, then the next column. */
const SHOWN: readonly (readonly [id: keyof Summary["figures"] & FigureId, label: string])[] = [
  ["totalReturn", "Return"],
  ["cagr", "CAGR"],
  ["sharpe", "Sharpe"],
  ["sortino", "Sortino"],
  ["volatility", "Volatility"],
  ["maxDrawdown", "Max drawdown"],
  ["calmar", "Calmar"],
  ["exposure", "Time in market"],
  ["winRate", "Win rate"],
  ["profitFactor", "Profit factor"],
  ["expectancy", "Mean trade"],
  ["fees", "Fees"],
  ["slippage", "Slippage"],
];

/** The table of figures that `backtest` and `runs show` print. */
export function summaryLines(summary: Summary, width: number): string[] {
  const items: GridItem[] = [];
  for (const [id, label] of SHOWN) {
    const figure = summary.figures[id] as Figure | undefined;
    if (figure !== undefined) items.push([label, figureText(id, figure)]);
  }
  const open = summary.openPositionCount === 0 ? "" : ` + ${summary.openPositionCount} open`;
  items.push(["Round trips", `${countText(summary.roundTripCount)}${open}`]);
  return figureGrid(items, width);
}

function figureText(id: FigureId, figure: Figure): string {
  if (figure.value === null) return "-";
  switch (definitionOf(id).unit) {
    case "fraction":
      return toned(percentText(figure.value), id, figure.value);
    case "money":
      return moneyText(figure.value);
    case "duration":
      return durationText(figure.value);
    case "count":
      return countText(figure.value);
    default:
      return ratioText(figure.value);
  }
}

function toned(text: string, id: FigureId, value: number): string {
  if (id !== "totalReturn" && id !== "cagr") return text;
  return value === 0 ? text : paint(value > 0 ? "green" : "red", text);
}

const SEVERITY_STYLE = { serious: "red", warning: "yellow", note: "dim" } as const;

/** Findings one by one, each under its severity. */
export function findingLines(findings: readonly Pick<Finding, "severity" | "title" | "text">[], width: number): string[] {
  return findings.map(({ severity, title, text }) => {
    const label = `  ${paint(SEVERITY_STYLE[severity], severity.padEnd(7))}  `;
    const sentence = text === "" ? title : `${title}: ${text}`;
    return hangingText(label, sentence, width);
  });
}
