import { fitsBarLoop, runBars } from "../engine/bar-run.ts";
import { driveBars } from "../engine/drive-bars.ts";
import { Engine } from "../engine/engine.ts";
import { type EngineOptions, engineOptions } from "../engine/engine-options.ts";
import { FactDriver } from "../engine/fact-driver.ts";
import { runSteps } from "../engine/step-run.ts";
import { BarSeries } from "../market/bar-series.ts";
import { resample } from "../market/resample.ts";
import { FailureError } from "../model/failure.ts";
import { type Instrument, instrument } from "../model/instrument.ts";
import { parseInterval } from "../model/time.ts";
import type { BoundStrategy } from "../strategy/define-strategy.ts";
import type { TestMarket } from "./bars.ts";
import { type TapeDetail, tape } from "./tape.ts";

/** How a test runs: engine options, the instrument, the driver and how much the tape tells. */
export interface PlayOptions extends Partial<EngineOptions> {
  readonly instrument?: Partial<Instrument>;
  readonly driver?: "bars" | "steps" | "facts";
  readonly detail?: TapeDetail;
  /** Called with the engine before its first bar: for laws that watch it at work. */
  readonly onEngine?: (engine: Engine) => void;
}

/** Opening money of {@link play} and {@link runTest}: 110, so that 95 % of it buys a handful. */
export const PLAY_CAPITAL = 110;

const TEST_INSTRUMENT = { lotScale: 0, displayDecimals: 2, priceScale: 8 } as const;

/**
 * Runs a strategy over a small market and gives the tape. Defaults: capital 110, cash account, no costs, whole units as lots,
 * market orders at the next open, worst-case path.
 */
export function play(
  strategy: BoundStrategy,
  market: TestMarket | Readonly<Record<string, TestMarket>>,
  options: PlayOptions = {},
): string {
  const engine = runTest(strategy, market, options);
  return tape(engine.events, engine.instruments, options.detail);
}

/** Like {@link play}, but gives the finished engine. */
export function runTest(
  strategy: BoundStrategy,
  market: TestMarket | Readonly<Record<string, TestMarket>>,
  options: PlayOptions = {},
): Engine {
  const { instrument: overrides, driver = "bars", detail: _detail, onEngine, ...engineParts } = options;
  const markets: Readonly<Record<string, TestMarket>> =
    "columns" in market ? { [Object.keys(strategy.inputs)[0]!]: market as TestMarket } : market;
  const names = Object.keys(strategy.inputs);
  const own = names.filter((name) => strategy.inputs[name]!.of === undefined);
  for (const name of own) if (markets[name] === undefined) throw missingMarket(strategy.name, name, own, Object.keys(markets));
  const instruments = own.map((name) =>
    instrument({ id: own.length === 1 ? "TEST@PLAY" : `${name.toUpperCase()}@PLAY`, ...TEST_INSTRUMENT, ...(overrides as object) }),
  );
  const series = names.map((name) => {
    const input = strategy.inputs[name]!;
    const source = input.of ?? name;
    const base = markets[source]!;
    const intervalUs = input.of === undefined ? base.intervalUs : parseInterval(input.interval!)!;
    const columns = input.of === undefined ? base.columns : resample(base.columns, intervalUs);
    return { name, index: own.indexOf(source), intervalUs, columns };
  });
  const engineOptionsOf = engineOptions({ capital: PLAY_CAPITAL, ...engineParts });
  if (driver === "facts") {
    const growing = series.map((each) => BarSeries.growing(each.name, each.index, each.intervalUs, 1_024, each.columns.volumeKnown));
    const engine = new Engine({ instruments, series: growing, strategy, options: engineOptionsOf });
    onEngine?.(engine);
    feedFacts(new FactDriver(engine), series);
    return engine;
  }
  const engine = new Engine({
    instruments,
    series: series.map((each) => BarSeries.over(each.name, each.index, each.intervalUs, each.columns)),
    strategy,
    options: engineOptionsOf,
  });
  onEngine?.(engine);
  if (driver === "bars" && fitsBarLoop(engine)) runBars(engine, driveBars);
  else runSteps(engine);
  return engine;
}

function missingMarket(strategy: string, name: string, wanted: readonly string[], known: readonly string[]): FailureError {
  const listed = (each: readonly string[]): string => (each.length === 0 ? "none" : each.map((one) => `"${one}"`).join(", "));
  return new FailureError({
    code: "TP_MARKET_MISSING",
    message: `Cannot play "${strategy}": its input "${name}" has no market, given are ${listed(known)}, needed are ${listed(wanted)}`,
    details: [],
    next: "give a market by the name of each input with data of its own",
  });
}

function feedFacts(driver: FactDriver, series: readonly { readonly columns: TestMarket["columns"]; readonly intervalUs: number }[]): void {
  const at = series.map(() => 0);
  const order = series.map((_, k) => k).sort((a, b) => series[b]!.intervalUs - series[a]!.intervalUs || a - b);
  let seq = 0;
  for (;;) {
    const timeUs = Math.min(...series.map((each, k) => each.columns.closeUs[at[k]!] ?? Number.POSITIVE_INFINITY));
    if (timeUs === Number.POSITIVE_INFINITY) break;
    for (const k of order) {
      const { columns } = series[k]!;
      const row = at[k]!;
      if (columns.closeUs[row] !== timeUs) continue;
      at[k] = row + 1;
      seq += 1;
      driver.process({
        kind: "bar",
        seq,
        timeUs,
        receiveUs: timeUs,
        seriesIndex: k,
        openUs: columns.openUs[row]!,
        closeUs: timeUs,
        open: columns.open[row]!,
        high: columns.high[row]!,
        low: columns.low[row]!,
        close: columns.close[row]!,
        volume: columns.volume[row]!,
      });
    }
    seq += 1;
    driver.process({ kind: "step", seq, timeUs, receiveUs: timeUs });
  }
  driver.finish();
}
