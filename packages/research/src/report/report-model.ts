/**
 * Everything the HTML report of a backtest shows, as one plain JSON document. Whoever ran the backtest fills it;
 * `renderReport` turns it into a page and computes no figure of its own.
 * Times are whole microseconds since the Unix epoch, UTC. Ratios are fractions: 0.05 is 5 %.
 * All text is untrusted and is escaped by the page. A number that is undefined is `null`, never NaN.
 */
export interface ReportModel {
  readonly schema: 1;
  /** Title of the page: usually the name of the strategy and of what it traded. */
  readonly title: string;
  readonly strategyName: string;
  readonly subtitle: ReportSubtitle;
  /** True when any price of the run was generated instead of observed. The page says so at the top and on every chart. */
  readonly synthetic: boolean;
  /** Currency of equity, profit and fees: `USD`. */
  readonly currency: string;
  /** Decimals that money is shown with, 0 to 12. */
  readonly moneyDecimals: number;
  /** Ids of the figures shown as tiles at the top, in this order. */
  readonly headline: readonly string[];
  /** Every figure. Groups appear in the order of their first figure. */
  readonly figures: readonly ReportFigure[];
  readonly equity: EquitySeries;
  readonly prices: readonly PriceSeries[];
  readonly markers: readonly FillMarker[];
  readonly roundTrips: readonly RoundTripRow[];
  /** One row per calendar year, any order. */
  readonly monthly: readonly MonthlyRow[];
  readonly findings: readonly ReportFinding[];
  /** `null` when the run had no bar whose fills depend on the order of its extremes. */
  readonly ambiguity: AmbiguityTable | null;
  readonly configuration: readonly ConfigurationRow[];
  /** The run manifest, shown as it is. */
  readonly manifest: JsonValue;
  readonly footer: ReportFooter;
}

export interface ReportSubtitle {
  readonly instrumentIds: readonly string[];
  /** Open of the first bar traded. */
  readonly fromUs: number;
  /** Close of the last bar traded. */
  readonly toUs: number;
  /** Bars processed, all instruments together, warm-up excluded. */
  readonly bars: number;
  /** Name of the bars' interval: `1d`, `5m`. */
  readonly interval: string;
}

/** One figure with its definition. */
export interface ReportFigure {
  /** Stable name: `sharpe`. Unique within the report. */
  readonly id: string;
  /** `Sharpe ratio`. */
  readonly title: string;
  /** How the value reads: `1.42`, `-12.3 %`. Not shown when `value` is `null`. */
  readonly text: string;
  readonly value: number | null;
  /** Why `value` is `null`: `too few returns`. */
  readonly reason?: string;
  /** What the figure means and how it is computed, in a sentence or two. */
  readonly definition: string;
  /** Heading that it stands under: `Return`, `Risk`, `Trading`, `Costs`. */
  readonly group: string;
  /** Colours the value as a gain or a loss. Absent: neutral. */
  readonly tone?: "gain" | "loss";
}

/** Columns of one length, in time order. Typed arrays are accepted beside JSON arrays. */
export interface EquitySeries {
  /** Instants at which the account was marked: the close of each bar or day. Strictly increasing. */
  readonly timeUs: ArrayLike<number>;
  /** Account value in `currency`. */
  readonly equity: ArrayLike<number>;
  /** Distance below the running peak as a ratio of it: 0 at a peak, -0.25 a quarter below. */
  readonly drawdown: ArrayLike<number>;
  /** What the same money would have been worth in the benchmark, in `currency`. */
  readonly benchmark?: ArrayLike<number>;
  /** `Buy and hold`. */
  readonly benchmarkName?: string;
}

/** Bars of one instrument as columns of one length, in time order. */
export interface PriceSeries {
  readonly instrumentId: string;
  readonly displayDecimals: number;
  /** Strictly increasing. */
  readonly openUs: ArrayLike<number>;
  readonly open: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly close: ArrayLike<number>;
}

/** One fill, drawn on the price chart. */
export interface FillMarker {
  readonly instrumentId: string;
  readonly timeUs: number;
  readonly side: "buy" | "sell";
  readonly price: number;
  readonly quantity: number;
  readonly reason: string;
  /** What brought it about: `order`, `stop`, `target`, `liquidation`. */
  readonly cause: string;
  readonly orderId: number;
}

/** From entry to flat. */
export interface RoundTripRow {
  /** Counts from 1 in order of entry. */
  readonly id: number;
  readonly instrumentId: string;
  readonly side: "long" | "short";
  readonly entryUs: number;
  readonly entryPrice: number;
  /** `null` while the position is open at the end of the data. */
  readonly exitUs: number | null;
  /** The mark, for a position that is still open. */
  readonly exitPrice: number | null;
  readonly quantity: number;
  /** Profit after fees in `currency`; marked, for an open position. */
  readonly profit: number;
  /** Profit over the notional of the entry. */
  readonly returnRatio: number | null;
  readonly fees: number;
  /** Bars held; `null` when they were not counted. */
  readonly bars: number | null;
  readonly entryReason: string;
  readonly exitReason: string;
}

/** Returns of one calendar year as ratios. A month without a return is `null`. */
export interface MonthlyRow {
  readonly year: number;
  /** January to December. */
  readonly months: readonly (number | null)[];
  /** Compounded from the months. */
  readonly total: number | null;
}

/** Something a careful reader should know before trusting the result. */
export interface ReportFinding {
  readonly severity: "serious" | "warning" | "note";
  readonly title: string;
  readonly text: string;
}

/** Final equity under other orders of events inside the bars. */
export interface AmbiguityTable {
  /** Fills whose order or price depends on the path inside their bar. */
  readonly fills: number;
  /** Which of the three the report shows. */
  readonly used: "worst" | "nearest" | "best";
  readonly worst: number | null;
  readonly nearest: number | null;
  readonly best: number | null;
}

export interface ConfigurationRow {
  readonly key: string;
  readonly value: string;
  /** Where the value came from: `default`, `flag --fee`, `run.toml`. */
  readonly origin: string;
}

export interface ReportFooter {
  readonly engineVersion: string;
  readonly runHash: string;
  /** ISO 8601 in UTC; left out of reports that must be equal byte for byte. */
  readonly createdAt?: string;
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
