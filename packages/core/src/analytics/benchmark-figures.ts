import { alpha, beta } from "./benchmark-regression.ts";
import { captureRatio, downCapture, upCapture, upDownCapture } from "./capture.ts";
import type { SummaryFigureId } from "./definitions.ts";
import { alignReturns, type ReturnSeries } from "./equity-sampling.ts";
import { type Figure, undefinedFigure } from "./figure.ts";
import { informationRatio } from "./information-ratio.ts";
import { totalReturn } from "./returns.ts";

/** Figures that compare with a benchmark. */
export type BenchmarkFigureId = Extract<
  SummaryFigureId,
  "benchmarkReturn" | "alpha" | "beta" | "informationRatio" | "capture" | "upCapture" | "downCapture" | "upDownCapture"
>;

/** The comparison of two return series of one run; `no-benchmark` throughout without the second, `ruined` after ruin of the first. */
export function benchmarkFigures(
  own: ReturnSeries,
  benchmark: ReturnSeries | undefined,
  riskFree: number,
): Readonly<Record<BenchmarkFigureId, Figure>> {
  if (benchmark === undefined) return allOf(undefinedFigure("no-benchmark"));
  const benchmarkReturn = totalReturn(benchmark.returns);
  if (own.ruined) return { ...allOf(undefinedFigure("ruined")), benchmarkReturn };
  const { a, b } = alignReturns(own, benchmark);
  const perYear = own.periodsPerYear;
  return {
    benchmarkReturn,
    alpha: alpha(a, b, perYear, riskFree),
    beta: beta(a, b),
    informationRatio: informationRatio(a, b),
    capture: captureRatio(a, b, perYear),
    upCapture: upCapture(a, b, perYear),
    downCapture: downCapture(a, b, perYear),
    upDownCapture: upDownCapture(a, b, perYear),
  };
}

function allOf(one: Figure): Record<BenchmarkFigureId, Figure> {
  return {
    benchmarkReturn: one,
    alpha: one,
    beta: one,
    informationRatio: one,
    capture: one,
    upCapture: one,
    downCapture: one,
    upDownCapture: one,
  };
}
