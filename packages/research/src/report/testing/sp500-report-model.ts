import { readFileSync } from "node:fs";
import { civilFromTimeUs, timeUsFromCivil, US_PER_DAY } from "@tradepulse/core";
import type { FillMarker, MonthlyRow, PriceSeries, ReportFigure, ReportModel, RoundTripRow } from "../report-model.ts";

const START = 100_000;
const FEE = 0.0005;
const INSTRUMENT = "SPX@INDEX";

/**
 * A report of a plain crossover on twenty years of the S&P 500, so that tests and screenshots show real prices.
 * It is computed in a few lines here, not by the engine.
 */
export function sp500ReportModel(fast = 20, slow = 60): ReportModel {
  const prices = readSp500();
  const { equity, markers, roundTrips } = trade(prices, average(prices.close, fast), average(prices.close, slow));
  const timeUs = Array.from(prices.openUs, (open) => open + US_PER_DAY);
  const drawdown = drawdownOf(equity);
  const first = prices.close[0]!;
  const monthly = monthlyRows(timeUs, equity);
  return {
    schema: 1,
    title: "Moving-average crossover on the S&P 500",
    strategyName: `sma-cross ${fast}/${slow}`,
    subtitle: { instrumentIds: [INSTRUMENT], fromUs: prices.openUs[0]!, toUs: timeUs.at(-1)!, bars: timeUs.length, interval: "1d" },
    synthetic: false,
    currency: "USD",
    moneyDecimals: 2,
    headline: ["total-return", "cagr", "sharpe", "max-drawdown", "round-trips", "win-rate", "profit-factor", "fees"],
    figures: figuresOf(equity, drawdown, roundTrips),
    equity: {
      timeUs,
      equity,
      drawdown,
      benchmark: Array.from(prices.close, (close) => (START * close) / first),
      benchmarkName: "Buy and hold",
    },
    prices: [prices],
    markers,
    roundTrips,
    monthly,
    findings: [
      {
        severity: "serious",
        title: "Volume is unknown",
        text: "The index has no volume of its own, so no fill was checked against what the market traded.",
      },
      {
        severity: "warning",
        title: "A handful of round trips carries the result",
        text: `The five best of ${roundTrips.length} round trips brought ${bestFive(roundTrips)} USD after fees.`,
      },
      { severity: "note", title: "Gaps in the data", text: "4 weekdays have no bar: the market was closed from 2001-09-11 to 2001-09-14." },
    ],
    ambiguity: { fills: 4, used: "worst", worst: equity.at(-1)!, nearest: equity.at(-1)! * 1.0042, best: equity.at(-1)! * 1.0107 },
    configuration: [
      { key: "strategy.fast", value: String(fast), origin: "flag --param fast" },
      { key: "strategy.slow", value: String(slow), origin: "run.toml" },
      { key: "capital", value: "100000.00 USD", origin: "default" },
      { key: "fees.taker", value: "0.0005", origin: "run.toml" },
      { key: "simulator.path", value: "worst-case", origin: "default" },
      { key: "data.file", value: "sp500-2000.csv", origin: "argument" },
    ],
    manifest: {
      schema: 1,
      engine: "0.1.0",
      node: "24.21.0",
      dataset: { rows: timeUs.length, digest: "sha256:0f1e2d" },
      params: { fast, slow },
      seed: 1,
    },
    footer: { engineVersion: "0.1.0", runHash: "tp1:5b0c8e12d94f7a3366e1c2ab90d4f758" },
  };
}

/** Daily bars of the index, 2000 to 2020. Source: vega-datasets, `sp500-2000.csv`. */
export function readSp500(): PriceSeries & { readonly openUs: readonly number[]; readonly close: readonly number[] } {
  const text = readFileSync(new URL("../data/sp500-2000.csv", import.meta.resolve("vega-datasets")), "utf8");
  const rows = text.trim().split("\n").slice(1);
  const cells = rows.map((row) => row.split(","));
  const column = (index: number): number[] => cells.map((cell) => Number(cell[index]));
  const openUs = cells.map(([date = ""]) => {
    const [year, month, day] = date.split("-").map(Number);
    return timeUsFromCivil(year!, month!, day!);
  });
  return { instrumentId: INSTRUMENT, displayDecimals: 2, openUs, open: column(1), high: column(2), low: column(3), close: column(4) };
}

function average(values: readonly number[], length: number): number[] {
  let sum = 0;
  return values.map((value, index) => {
    sum += value - (values[index - length] ?? 0);
    return index + 1 < length ? Number.NaN : sum / length;
  });
}

interface Traded {
  readonly equity: number[];
  readonly markers: FillMarker[];
  readonly roundTrips: RoundTripRow[];
}

function trade(prices: PriceSeries, quick: readonly number[], steady: readonly number[]): Traded {
  const equity: number[] = [];
  const markers: FillMarker[] = [];
  const roundTrips: RoundTripRow[] = [];
  let cash = START;
  let quantity = 0;
  let entry = 0;
  const up = "fast average crossed above slow";
  const down = "fast average crossed below slow";
  for (let i = 0; i < prices.openUs.length; i++) {
    const price = prices.open[i]!;
    const timeUs = prices.openUs[i]!;
    const orderId = markers.length + 1;
    const marker = { instrumentId: INSTRUMENT, timeUs, price, cause: "order", orderId } as const;
    if (quantity === 0 && quick[i - 1]! > steady[i - 1]!) {
      quantity = Math.floor((cash * 0.95) / price);
      cash -= quantity * price * (1 + FEE);
      entry = i;
      markers.push({ ...marker, side: "buy", quantity, reason: up });
    } else if (quantity > 0 && quick[i - 1]! < steady[i - 1]!) {
      cash += quantity * price * (1 - FEE);
      markers.push({ ...marker, side: "sell", quantity, reason: down });
      roundTrips.push(roundTrip(prices, entry, i, quantity, roundTrips.length + 1, [up, down]));
      quantity = 0;
    }
    equity.push(cash + quantity * prices.close[i]!);
  }
  return { equity, markers, roundTrips };
}

function roundTrip(
  prices: PriceSeries,
  entry: number,
  exit: number,
  quantity: number,
  id: number,
  reasons: readonly [string, string],
): RoundTripRow {
  const entryPrice = prices.open[entry]!;
  const exitPrice = prices.open[exit]!;
  const fees = (entryPrice + exitPrice) * quantity * FEE;
  const profit = (exitPrice - entryPrice) * quantity - fees;
  return {
    id,
    instrumentId: INSTRUMENT,
    side: "long",
    entryUs: prices.openUs[entry]!,
    entryPrice,
    exitUs: prices.openUs[exit]!,
    exitPrice,
    quantity,
    profit,
    returnRatio: profit / (entryPrice * quantity),
    fees,
    bars: exit - entry,
    entryReason: reasons[0],
    exitReason: reasons[1],
  };
}

function drawdownOf(equity: readonly number[]): number[] {
  let peak = 0;
  return equity.map((value) => {
    peak = Math.max(peak, value);
    return value / peak - 1;
  });
}

function monthlyRows(timeUs: readonly number[], equity: readonly number[]): MonthlyRow[] {
  const rows = new Map<number, { year: number; months: (number | null)[]; total: number }>();
  let monthStart = equity[0]!;
  equity.forEach((value, index) => {
    const { year, month } = civilFromTimeUs(timeUs[index]! - US_PER_DAY);
    const next = index + 1 < equity.length ? civilFromTimeUs(timeUs[index + 1]! - US_PER_DAY).month : 0;
    if (next === month) return;
    const row = rows.get(year) ?? { year, months: Array.from({ length: 12 }, () => null), total: 0 };
    const ratio = value / monthStart - 1;
    row.months[month - 1] = ratio;
    row.total = (1 + row.total) * (1 + ratio) - 1;
    rows.set(year, row);
    monthStart = value;
  });
  return [...rows.values()];
}

function figuresOf(equity: readonly number[], drawdown: readonly number[], trips: readonly RoundTripRow[]): ReportFigure[] {
  const returns = equity.slice(1).map((value, index) => value / equity[index]! - 1);
  const mean = sum(returns) / returns.length;
  const deviation = Math.sqrt(sum(returns.map((value) => (value - mean) ** 2)) / (returns.length - 1));
  const downside = Math.sqrt(sum(returns.map((value) => Math.min(0, value) ** 2)) / returns.length);
  const total = equity.at(-1)! / equity[0]! - 1;
  const cagr = (1 + total) ** (252 / returns.length) - 1;
  const deepest = Math.min(...drawdown);
  const gains = trips.filter(({ profit }) => profit > 0).map(({ profit }) => profit);
  const losses = trips.filter(({ profit }) => profit <= 0).map(({ profit }) => profit);
  const year = Math.sqrt(252);
  return [
    percent("total-return", "Total return", total, "Return", "Final equity over opening equity, less one.", true),
    percent(
      "cagr",
      "CAGR",
      cagr,
      "Return",
      "Compound annual growth rate: the constant yearly return that leads from opening to final equity. 252 days a year.",
      true,
    ),
    percent("best-day", "Best day", Math.max(...returns), "Return", "Largest daily return.", false),
    percent("worst-day", "Worst day", Math.min(...returns), "Return", "Smallest daily return.", false),
    percent(
      "volatility",
      "Volatility",
      deviation * year,
      "Risk",
      "Standard deviation of daily returns, times the square root of 252.",
      false,
    ),
    percent("max-drawdown", "Max drawdown", deepest, "Risk", "Deepest fall of equity below its running peak, marked at each close.", true),
    plain(
      "sharpe",
      "Sharpe ratio",
      (mean / deviation) * year,
      "Risk-adjusted",
      "Mean over standard deviation of daily returns, times the square root of 252. No risk-free rate is taken off.",
    ),
    plain(
      "sortino",
      "Sortino ratio",
      (mean / downside) * year,
      "Risk-adjusted",
      "Mean of daily returns over their downside deviation (root mean square of the negative ones), times the square root of 252.",
    ),
    plain("calmar", "Calmar ratio", cagr / -deepest, "Risk-adjusted", "CAGR over the size of the maximum drawdown."),
    {
      id: "information",
      title: "Information ratio",
      text: "",
      value: null,
      reason: "no benchmark series of returns",
      group: "Risk-adjusted",
      definition: "Mean over standard deviation of the return in excess of the benchmark's, annualised.",
    },
    {
      id: "round-trips",
      title: "Round trips",
      text: String(trips.length),
      value: trips.length,
      group: "Trading",
      definition: "Positions that were opened and closed again.",
    },
    percent("win-rate", "Win rate", gains.length / trips.length, "Trading", "Share of round trips with a profit after fees.", false),
    plain(
      "profit-factor",
      "Profit factor",
      sum(gains) / -sum(losses),
      "Trading",
      "Sum of profits over the size of the sum of losses, after fees.",
    ),
    money("average-win", "Average win", sum(gains) / gains.length, "Trading", "Mean profit of the winning round trips."),
    money("average-loss", "Average loss", sum(losses) / losses.length, "Trading", "Mean result of the losing round trips."),
    money("fees", "Fees paid", sum(trips.map(({ fees }) => fees)), "Costs", "All fees of all fills."),
    {
      id: "slippage",
      title: "Slippage paid",
      text: "",
      value: null,
      reason: "no slippage model was set",
      group: "Costs",
      definition: "What spread and slippage cost against the reference prices of the same instants.",
    },
  ];
}

function bestFive(trips: readonly RoundTripRow[]): string {
  const best = [...trips].sort((a, b) => b.profit - a.profit).slice(0, 5);
  return sum(best.map(({ profit }) => profit)).toFixed(2);
}

function percent(id: string, title: string, value: number, group: string, definition: string, toned: boolean): ReportFigure {
  const text = `${value < 0 ? "−" : ""}${Math.abs(value * 100).toFixed(1)} %`;
  return { id, title, text, value, group, definition, ...(toned ? { tone: value < 0 ? "loss" : "gain" } : {}) };
}

function plain(id: string, title: string, value: number, group: string, definition: string): ReportFigure {
  return { id, title, text: value.toFixed(2), value, group, definition };
}

function money(id: string, title: string, value: number, group: string, definition: string): ReportFigure {
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return { id, title, text: `${value < 0 ? "−" : ""}${text} USD`, value, group, definition };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
