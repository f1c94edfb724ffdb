import { type FigureUnit, figureDefinitions } from "@tradepulse/core";
import { code, generatedFrom, page, table } from "./markdown.ts";

const UNITS: Readonly<Record<FigureUnit, string>> = {
  fraction: "fraction, shown in %",
  number: "number",
  money: "money",
  duration: "duration",
  count: "count",
  "per-year": "per year",
};

/** `docs/reference/metrics.md`: every figure of a summary with its definition. */
export function metricsReference(): string {
  return page(
    "# Metrics",
    generatedFrom("`packages/core/src/analytics/definitions.ts`"),
    `Every figure that a run can report, in reading order. The report shows the same sentences on hover, and \`summary.json\` uses the
names of the second column.`,
    `Letters: *r* the return of a period, *n* the number of returns, *A* periods a year, *rf* the risk-free return of a period, *b* the
return of the benchmark, *W* wealth.`,
    `- **One return series.** Equity at the end of each session day, the opening equity first; every ratio is computed from it. With
  \`returns: "bar"\` every bar is a point instead.
- **Periods a year** follow from the calendar: 365 where the market never closes, 252 where it has weekends; 52, 12, 4 or 1 where the
  points stand a week, a month, a quarter or a year apart.
- **Sample standard deviation** divides by n - 1. Moments of skewness and kurtosis divide by n.
- **Trade figures** cover closed round trips, from flat to flat, fees included. A position left open is listed, not counted.
- **A figure without a value says why**: too few observations, a zero denominator, no benchmark, or a ruined account. It is never a
  NaN, an infinity, or a zero that stands for "unknown".`,
    table(
      ["Figure", "Name", "Unit", "Definition", "Undefined when"],
      figureDefinitions.map((each) => [each.title, code(each.id), UNITS[each.unit], each.definition, each.undefinedWhen || "never"]),
    ),
  );
}
