import { createRequire } from "node:module";
import {
  type BarColumns,
  BarSeries,
  buy,
  close,
  defineStrategy,
  Engine,
  engineOptions,
  instrument,
  param,
  runBars,
  sliceBarColumns,
  sma,
} from "@tradepulse/core";
import { driveBars } from "@tradepulse/core/drive-bars";
import type * as DataForge from "data-forge";
import type * as Grademark from "grademark";
import type * as Indicatorts from "indicatorts";
import { referenceBars } from "./engine/reference-data.ts";
import { type BenchRow, median } from "./statistics.ts";

// These three are CommonJS.
const require = createRequire(import.meta.url);
const indicatorts = require("indicatorts") as typeof Indicatorts;
const grademark = require("grademark") as typeof Grademark;
const { DataFrame } = require("data-forge") as typeof DataForge;

/** What a run ended with: closed and open trades, and the money made. */
interface Outcome {
  readonly trades: number;
  readonly gain: number;
}

interface Contest {
  readonly peer: string;
  readonly note: string;
  readonly bars: number;
  readonly ours: () => Outcome;
  readonly theirs: () => Outcome;
}

/** Row of the first decision: both averages exist. */
const FIRST = 49;
/** Money counts in 10^-6 on our side: a fill may round by that. What is compounded may differ by as much of itself. */
const SAME = 1e-6;
const CAPITAL = 1e6;

/** The cross of two averages. With `rests` it decides nothing at the close of a bar that filled it. */
const cross = defineStrategy({
  name: "npm-peers-cross",
  params: { quantity: param.number(0, { min: 0, max: 1e6 }), rests: param.flag(false) },
  create({ quantity, rests }, { indicator }) {
    const fast = indicator(sma(10));
    const slow = indicator(sma(50));
    const size = quantity === 0 ? { fraction: 1 } : { quantity };
    let decided = -2;
    return {
      onBar(bar, { position }) {
        if (rests && decided === bar.index - 1) return;
        if (position.isFlat ? !(fast.value > slow.value) : !(fast.value < slow.value)) return;
        decided = bar.index;
        return position.isFlat ? buy(size) : close();
      },
    };
  },
});

/** Our engine, without costs, as these libraries have none. Equity of every bar is kept. */
function run(columns: BarColumns, equity: Float64Array, quantity: number, rests: boolean, marketFill: "next-open" | "bar-close"): Outcome {
  const engine = new Engine({
    instruments: [instrument({ id: "PEERS@BENCH" })],
    series: [BarSeries.over("main", 0, 60_000_000, columns)],
    strategy: cross({ quantity, rests }),
    options: engineOptions({ capital: CAPITAL, venue: { marketFill } }),
  });
  runBars(engine, driveBars, undefined, equity);
  return { trades: Math.ceil(engine.fillDesk.fills / 2), gain: engine.equity - CAPITAL };
}

/** Its `backtest` holds everything from the close that says buy to the close that says sell. */
function againstIndicatorts(bars: number): Contest {
  const columns = referenceBars(bars);
  const equity = new Float64Array(bars);
  const plain = (column: Float64Array): number[] => Array.from(column);
  const asset: Indicatorts.Asset = {
    dates: plain(columns.closeUs).map((timeUs) => new Date(timeUs / 1_000)),
    openings: plain(columns.open),
    highs: plain(columns.high),
    lows: plain(columns.low),
    closings: plain(columns.close),
    volumes: plain(columns.volume),
  };
  let trades = 0;
  const strategy = ({ closings }: Indicatorts.Asset): Indicatorts.Action[] => {
    const fast = indicatorts.sma(closings, { period: 10 });
    const slow = indicatorts.sma(closings, { period: 50 });
    const actions = Array.from<unknown, Indicatorts.Action>(closings, () => 0);
    trades = 0;
    let isIn = false;
    for (let row = FIRST; row < closings.length; row += 1) {
      if (isIn ? fast[row]! < slow[row]! : fast[row]! > slow[row]!) {
        isIn = !isIn;
        actions[row] = isIn ? 1 : -1;
        if (isIn) trades += 1;
      }
    }
    return actions;
  };
  return {
    peer: "indicatorts",
    note: "a loop over two averages: no orders, costs or events",
    bars,
    ours: () => run(columns, equity, 0, false, "bar-close"),
    theirs: () => ({ gain: indicatorts.backtest(asset, [{ name: "cross", strategy }])[0]!.gain * CAPITAL, trades }),
  };
}

interface CrossBar extends Grademark.IBar {
  readonly fast: number;
  readonly slow: number;
}

/** Its `backtest` fills one unit at the next open, and asks no rule at the bar that fills. */
function againstGrademark(bars: number): Contest {
  const columns = sliceBarColumns(referenceBars(bars), 0, bars);
  const equity = new Float64Array(bars);
  const rows = Array.from(columns.open, (open, row) => ({
    time: new Date(columns.closeUs[row]! / 1_000),
    open,
    high: columns.high[row]!,
    low: columns.low[row]!,
    close: columns.close[row]!,
    volume: 0,
  }));
  const mean = (closes: readonly number[], length: number): number[] => {
    let sum = 0;
    return closes.map((price, row) => {
      sum += price - (row >= length ? closes[row - length]! : 0);
      return row >= length - 1 ? sum / length : Number.NaN;
    });
  };
  const strategy: Grademark.IStrategy<Grademark.IBar, CrossBar> = {
    prepIndicators({ inputSeries }) {
      const all = inputSeries.toArray();
      const closes = all.map((bar) => bar.close);
      const fast = mean(closes, 10);
      const slow = mean(closes, 50);
      return new DataFrame<number, CrossBar>(all.map((bar, row) => ({ ...bar, fast: fast[row]!, slow: slow[row]! })));
    },
    entryRule(enter, { bar }) {
      if (bar.fast > bar.slow) enter();
    },
    exitRule(exit, { bar }) {
      if (bar.fast < bar.slow) exit();
    },
  };
  return {
    peer: "grademark",
    note: "no costs, one unit",
    bars,
    ours: () => run(columns, equity, 1, true, "next-open"),
    theirs() {
      const trades = grademark.backtest(strategy, new DataFrame<number, Grademark.IBar>(rows));
      return { trades: trades.length, gain: trades.reduce((sum, { profit }) => sum + profit, 0) };
    },
  };
}

/** A moving-average cross on our engine against backtest libraries from npm: values first, then ratios of interleaved rounds. */
export function benchNpmPeers(rounds: number): BenchRow[] {
  return [againstIndicatorts(1_000_000), againstGrademark(50_000)].flatMap((contest) => contend(contest, rounds));
}

function contend({ peer, note, bars, ours, theirs }: Contest, rounds: number): BenchRow[] {
  const expected = theirs();
  const made = ours();
  const allowed = SAME * Math.max(2 * expected.trades, Math.abs(expected.gain));
  if (made.trades !== expected.trades || Math.abs(made.gain - expected.gain) > allowed) {
    throw new Error(`${peer} differs: ${expected.trades} trades and a gain of ${expected.gain}, ours ${made.trades} and ${made.gain}`);
  }
  const ourNs: number[] = [];
  const theirNs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ourNs.push(nsPerBar(ours, bars));
    theirNs.push(nsPerBar(theirs, bars));
  }
  const ratio = median(theirNs.map((ns, round) => ns / ourNs[round]!));
  const label = `${bars / 1e3}k bars, ${made.trades} trades`;
  return [
    { goal: "peers", what: `ours as ${peer}, ${label}`, value: median(ourNs), unit: "ns/bar", target: "", met: undefined },
    { goal: "peers", what: peer, value: median(theirNs), unit: "ns/bar", target: "", met: undefined, note },
    { goal: "peers", what: `${peer} against ours`, value: ratio, unit: "x slower", target: "", met: undefined },
  ];
}

/** Processor time of a run. */
function nsPerBar(work: () => unknown, bars: number): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return ((used.user + used.system) * 1e3) / bars;
}
