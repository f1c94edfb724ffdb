import type {
  BarColumns,
  EventList,
  Fill,
  Finding,
  Instrument,
  OrderRow,
  PathModel,
  RoundTrip,
  RunCounts,
  Summary,
  TimeUs,
} from "@tradepulse/core";
import type { Finding as DataFinding } from "@tradepulse/data";
import type { ResolvedOptions } from "../options/run-options.ts";
import type { RunManifest } from "./run-manifest.ts";

/** Equity of the account in money of the quote currency, one value an instant, in time order. */
export interface EquityPoints {
  readonly timeUs: Float64Array;
  readonly equity: Float64Array;
}

/** An input of the strategy as it was run. */
export interface RunInput {
  readonly name: string;
  readonly instrumentIndex: number;
  readonly intervalUs: number;
  readonly columns: BarColumns;
  /** Bars in front of the range that is traded. */
  readonly warmupBars: number;
}

/** Fills that depend on the order of events inside their bars, and what other orders would have made of the run. */
export interface Ambiguity {
  readonly fills: number;
  /** Open of the first bars with such a fill, at most 1,000. */
  readonly barsUs: readonly TimeUs[];
  readonly used: PathModel;
  /** Final equity in money; `null` where it was not run. */
  readonly worst: number | null;
  readonly nearest: number | null;
  readonly best: number | null;
}

/** All that a backtest leaves behind. Money of fills, orders and round trips in quanta, as in the core; elsewhere as named. */
export interface BacktestResult {
  readonly strategyName: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly instruments: readonly Instrument[];
  readonly inputs: readonly RunInput[];
  readonly options: ResolvedOptions;
  readonly summary: Summary;
  readonly fills: readonly Fill[];
  readonly orders: readonly OrderRow[];
  readonly roundTrips: readonly RoundTrip[];
  /** What a careful reader should know about the result; the serious first. */
  readonly findings: readonly Finding[];
  /** What was found in the data, by dataset in order of the inputs. */
  readonly dataFindings: readonly DataFinding[];
  /** One line each. */
  readonly warnings: readonly string[];
  readonly runHash: string;
  readonly manifest: RunManifest;
  /** At the opening and at the end of each session day. */
  readonly equity: EquityPoints;
  /** At every bar close; `null` unless asked for with the option `equity: "bar"`. */
  readonly barEquity: EquityPoints | null;
  /** The first instrument bought at the first bar after the warm-up and held, with the costs of the run; `null` when it cannot be bought. */
  readonly benchmark: (EquityPoints & { readonly name: string }) | null;
  /** `null` when no fill was ambiguous. */
  readonly ambiguity: Ambiguity | null;
  readonly counts: RunCounts;
  readonly events: EventList;
  /** Open of the first bar traded, and close of the last. */
  readonly startUs: TimeUs;
  readonly endUs: TimeUs;
  /** Bars after the warm-up, all inputs with data of their own together. */
  readonly bars: number;
  /** Bars in front of the range. */
  readonly warmupBars: number;
  /** Time of the main run alone, without re-runs and evaluation. */
  readonly elapsedMs: number;
}
