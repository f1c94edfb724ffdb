import { FailureError } from "../model/failure.ts";
import type { Fill } from "../model/fill.ts";
import type { CalendarName, Instrument } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import type { TimeUs } from "../model/time.ts";
import { exposure, feesPaid, grossExposure, slippagePaid, turnover } from "./activity.ts";
import { benchmarkFigures } from "./benchmark-figures.ts";
import type { SummaryFigureId } from "./definitions.ts";
import { type Drawdown, drawdownsOf, worstDrawdowns } from "./drawdown.ts";
import { type EquityCurve, type ReturnSeries, type ReturnsPer, sampleEquity } from "./equity-sampling.ts";
import { type Figure, figure, undefinedFigure } from "./figure.ts";
import { type MonthlyRow, monthlyTable } from "./monthly-table.ts";
import { drawdownFigures, returnFigures } from "./return-figures.ts";
import { calendarGrowthRate } from "./returns.ts";
import { type RoundTrip, roundTripsOf } from "./round-trips.ts";
import type { Trials } from "./sharpe-inference.ts";
import { tradeStatistics } from "./trade-statistics.ts";

/** What a run leaves behind for its summary. Money in quanta of the one quote currency of all instruments. */
export interface SummaryInput {
  /** The opening instant and the last close. */
  readonly startUs: TimeUs;
  readonly endUs: TimeUs;
  readonly openingEquity: number;
  /** Equity at each bar close, or at least at the last one of each session day; ascending. */
  readonly equityTimeUs: Float64Array;
  readonly equity: Float64Array;
  /** Sum of abs(position value) at each equity sample. */
  readonly grossNotional?: Float64Array;
  /** Largest fall over every bar, from -1 to 0, where the samples are coarser than the bars. */
  readonly maxDrawdownBars?: number;
  readonly fills: readonly Fill[];
  /** {@link roundTripsOf} the fills, where the caller has them; worked out from fills and marks otherwise. */
  readonly roundTrips?: readonly RoundTrip[];
  /** Decimal price by instrument that positions left open are marked at; NaN where unknown. */
  readonly marks: Float64Array;
  readonly instruments: readonly Instrument[];
  readonly calendar: CalendarName;
  /** The benchmark's equity, in any one unit. */
  readonly benchmark?: Omit<EquityCurve, "calendar" | "startUs">;
  /** Risk-free return per period of the return series; 0 by default. */
  readonly riskFree?: number;
  readonly returnsPer?: ReturnsPer;
  /** Overrides the periods per year that follow from calendar and spacing. */
  readonly periodsPerYear?: number;
  /** The trials that the strategy was chosen from, for the deflated Sharpe ratio. */
  readonly trials?: Trials;
}

/** All figures of a run and what they were computed from. Plain data: JSON keeps it as it is. Money in currency units. */
export interface Summary {
  readonly startUs: TimeUs;
  readonly endUs: TimeUs;
  /** Code of the quote currency; empty for a run without instruments. */
  readonly currency: string;
  readonly calendar: CalendarName;
  /** The return series of the ratios: what a return spans, how many there are, and how many make a year. */
  readonly returnsPer: ReturnsPer;
  readonly returnCount: number;
  readonly periodsPerYear: number;
  readonly riskFree: number;
  readonly openingEquity: number;
  readonly finalEquity: number;
  /** Highest equity among the points of the return series. */
  readonly peakEquity: number;
  readonly ruined: boolean;
  readonly fillCount: number;
  /** Closed round trips, of them long and short, and positions left open. */
  readonly roundTripCount: number;
  readonly longCount: number;
  readonly shortCount: number;
  readonly openPositionCount: number;
  readonly figures: Readonly<Record<SummaryFigureId, Figure>>;
  /** The five deepest, deepest first. */
  readonly drawdowns: readonly Drawdown[];
  readonly months: readonly MonthlyRow[];
}

const DRAWDOWNS_LISTED = 5;

/**
 * The summary of a run. Every figure is defined in `definitions.ts`; one without a value says why. Trade statistics cover closed
 * round trips. Throws `TP_ANALYTICS_CURRENCIES` when the instruments have several quote currencies.
 */
export function summarize(input: SummaryInput): Summary {
  const { code, scale } = onlyCurrency(input.instruments);
  const riskFree = input.riskFree ?? 0;
  const series = seriesOf(input, { openingEquity: input.openingEquity, timeUs: input.equityTimeUs, equity: input.equity });
  const benchmark = input.benchmark === undefined ? undefined : seriesOf(input, input.benchmark);
  const trips = input.roundTrips ?? roundTripsOf(input.fills, { instruments: input.instruments, marks: input.marks, endUs: input.endUs });
  const closed = trips.filter((trip) => !trip.isOpen);
  const drawdowns = drawdownsOf(series.timeUs, series.equity);
  const finalEquity = lastPresent(input.equity) ?? input.openingEquity;
  return {
    startUs: input.startUs,
    endUs: input.endUs,
    currency: code,
    calendar: input.calendar,
    returnsPer: series.per,
    returnCount: series.returns.length,
    periodsPerYear: series.periodsPerYear,
    riskFree,
    openingEquity: input.openingEquity / scale,
    finalEquity: finalEquity / scale,
    peakEquity: series.equity.reduce((a, b) => Math.max(a, b)) / scale,
    ruined: series.ruined,
    fillCount: input.fills.length,
    roundTripCount: closed.length,
    longCount: closed.filter((trip) => trip.side > 0).length,
    shortCount: closed.filter((trip) => trip.side < 0).length,
    openPositionCount: trips.length - closed.length,
    figures: {
      totalReturn: growthOf(series, finalEquity),
      netProfit: figure((finalEquity - input.openingEquity) / scale),
      cagr: calendarGrowthRate(input.openingEquity, series.ruined ? 0 : finalEquity, input.startUs, input.endUs),
      ...returnFigures(series, riskFree, input.trials),
      maxDrawdownBars: input.maxDrawdownBars === undefined ? undefinedFigure("too-few") : figure(input.maxDrawdownBars),
      ...drawdownFigures(drawdowns),
      ...benchmarkFigures(series, benchmark, riskFree),
      ...tradeFigures(closed, scale),
      exposure: exposure(trips, input.startUs, input.endUs),
      grossExposure: input.grossNotional === undefined ? undefinedFigure("too-few") : grossExposure(input.grossNotional, input.equity),
      turnover: turnover(input.fills, series.equity, input.startUs, input.endUs),
      fees: figure(feesPaid(input.fills) / scale),
      slippage: figure(slippagePaid(input.fills) / scale),
    },
    drawdowns: worstDrawdowns(drawdowns, DRAWDOWNS_LISTED),
    months: monthlyTable(series.days, series.returns),
  };
}

function seriesOf(input: SummaryInput, curve: Omit<EquityCurve, "calendar" | "startUs">): ReturnSeries {
  return sampleEquity({ ...curve, startUs: input.startUs, calendar: input.calendar }, input.returnsPer, input.periodsPerYear);
}

/** Total return from the two ends of the equity, which for a whole series is the product of its growth factors. */
function growthOf(series: ReturnSeries, finalEquity: number): Figure {
  if (series.returns.length === 0) return undefinedFigure("too-few");
  const opening = series.equity[0]!;
  return opening > 0 ? figure(finalEquity / opening - 1) : undefinedFigure("ruined");
}

/** Trade statistics in currency units and in order of exit. */
function tradeFigures(closed: readonly RoundTrip[], scale: number): ReturnType<typeof tradeStatistics> {
  const byExit = closed.toSorted((a, b) => a.exitUs - b.exitUs || a.id - b.id);
  return tradeStatistics(byExit.map((trip) => ({ ...trip, pnl: trip.pnl / scale })));
}

function onlyCurrency(instruments: readonly Instrument[]): { readonly code: string; readonly scale: number } {
  const first = instruments[0];
  const codes = [...new Set(instruments.map((instrument) => instrument.quote.code))];
  if (first === undefined || codes.length === 1) return { code: codes[0] ?? "", scale: powerOfTen(first?.quote.scale ?? 0) };
  throw new FailureError({
    code: "TP_ANALYTICS_CURRENCIES",
    message: `Cannot summarize the run: its instruments are quoted in ${codes.join(", ")}, allowed is one quote currency`,
    details: instruments.map((instrument) => [instrument.id, instrument.quote.code] as const),
    next: "summarize the instruments of each currency apart",
  });
}

function lastPresent(values: Float64Array): number | undefined {
  for (let i = values.length - 1; i >= 0; i -= 1) if (!Number.isNaN(values[i]!)) return values[i]!;
  return undefined;
}
