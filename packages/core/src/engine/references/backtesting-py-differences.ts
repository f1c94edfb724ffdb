import type { PeerBroker, PeerResult } from "./backtesting-py.ts";

/** A recorded run of backtesting.py, as the fixture has it. */
export interface PeerRun {
  readonly id: string;
  readonly data: string;
  readonly strategy: string;
  readonly params: Readonly<Record<string, number>>;
  readonly broker: PeerBroker;
  readonly stats: Readonly<Record<string, number>>;
  readonly trade_columns: readonly string[];
  readonly trades: readonly (readonly (number | string | null)[])[];
  readonly equity_last: number;
  readonly equity_every_50_bars: readonly (readonly [number, number])[];
}

/** What differs between a recorded run and ours, in words; empty when they agree. */
export function differencesOf(run: PeerRun, result: PeerResult): string[] {
  return [...tradeDifferences(run, result), ...equityDifferences(run, result), ...figureDifferences(run, result)];
}

/** Sizes and bars exact; prices within 1e-9, and money within what counting it in quanta explains. */
function tradeDifferences(run: PeerRun, { trades, quantum }: PeerResult): string[] {
  const differences: string[] = [];
  if (trades.length !== run.trades.length) differences.push(`${trades.length} trades, not ${run.trades.length}`);
  for (const [k, row] of run.trades.entries()) {
    const trade = trades[k];
    if (trade === undefined) break;
    const expected = (column: string): number => row[run.trade_columns.indexOf(column)] as number;
    const check = (column: string, actual: number, slack: number): void => {
      if (!(Math.abs(actual - expected(column)) <= slack)) differences.push(`trade ${k} ${column} ${actual}, not ${expected(column)}`);
    };
    check("Size", trade.size, 0);
    check("EntryBar", trade.entryBar, 0);
    check("ExitBar", trade.exitBar, 0);
    const quantumPerUnit = quantum / Math.abs(trade.size);
    check("EntryPrice", trade.entryPrice, 1e-9 * expected("EntryPrice") + quantumPerUnit);
    check("ExitPrice", trade.exitPrice, 1e-9 * expected("ExitPrice") + quantumPerUnit);
    check("PnL", trade.pnl, moneySlack(run, quantum, 2));
    check("Commission", trade.commission, moneySlack(run, quantum, 2));
    check("ReturnPct", trade.returnPct, (1e-9 + (4 * quantumPerUnit) / trade.entryPrice) * Math.max(1, Math.abs(trade.returnPct)));
  }
  return differences;
}

/** A quantum for every fill, and double rounding of the peer's running sums. */
function moneySlack(run: PeerRun, quantum: number, fills: number): number {
  return quantum * fills + 1e-12 * run.broker.cash * Math.max(1, fills);
}

function equityDifferences(run: PeerRun, { equity, quantum }: PeerResult): string[] {
  const differences: string[] = [];
  const slack = moneySlack(run, quantum, 2 * run.trades.length);
  for (const [bar, expected] of [...run.equity_every_50_bars, [equity.length - 1, run.equity_last] as const]) {
    const actual = equity[bar]!;
    if (!(Math.abs(actual - expected) <= slack)) differences.push(`equity of bar ${bar} ${actual}, not ${expected}`);
  }
  return differences;
}

/** Figures that both sides define alike, from our trades and our equity. */
function figureDifferences(run: PeerRun, { trades, equity, quantum }: PeerResult): string[] {
  const { cash } = run.broker;
  const final = equity.at(-1)!;
  const inMarket = new Set<number>();
  for (const trade of trades) for (let bar = trade.entryBar; bar <= trade.exitBar; bar += 1) inMarket.add(bar);
  const pnl = trades.map((trade) => trade.pnl);
  const returns = trades.map((trade) => trade.returnPct);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const figures: Record<string, number> = {
    "Exposure Time [%]": (inMarket.size / equity.length) * 100,
    "Equity Final [$]": final,
    "Equity Peak [$]": equity.reduce((peak, value) => Math.max(peak, value), 0),
    "Return [%]": ((final - cash) / cash) * 100,
    "Max. Drawdown [%]": deepestFall(equity) * 100,
    "Commissions [$]": sum(trades.map((trade) => trade.commission)),
    "# Trades": trades.length,
  };
  if (trades.length > 0) {
    figures["Win Rate [%]"] = (pnl.filter((value) => value > 0).length / trades.length) * 100;
    figures["Best Trade [%]"] = Math.max(...returns) * 100;
    figures["Worst Trade [%]"] = Math.min(...returns) * 100;
    figures["Profit Factor"] = sum(returns.filter((value) => value > 0)) / Math.abs(sum(returns.filter((value) => value < 0)));
    figures["Expectancy [%]"] = (sum(returns) / returns.length) * 100;
  }
  return Object.entries(figures).flatMap(([name, actual]) => {
    const expected = run.stats[name];
    if (expected === undefined || expected === null || !Number.isFinite(expected)) return [];
    const smallest = Math.min(cash, ...trades.map((trade) => Math.abs(trade.size) * trade.entryPrice));
    const money = moneySlack(run, quantum, 2 * trades.length);
    const slack = 1e-9 * Math.max(1, Math.abs(expected)) + (name.endsWith("[$]") ? money : (100 * money) / smallest);
    return Math.abs(actual - expected) <= slack ? [] : [`${name} ${actual}, not ${expected}`];
  });
}

function deepestFall(equity: Float64Array): number {
  let peak = Number.NEGATIVE_INFINITY;
  let deepest = 0;
  for (const value of equity) {
    peak = Math.max(peak, value);
    deepest = Math.min(deepest, value / peak - 1);
  }
  return deepest;
}
