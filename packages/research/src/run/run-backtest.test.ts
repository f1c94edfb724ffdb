import { FailureError, powerOfTen } from "@tradepulse/core";
import { expect, test } from "vitest";
import { type OptionValues, resolveOptions } from "../options/resolve-options.ts";
import { loadStrategy } from "../strategy-file/load-strategy.ts";
import type { LoadedStrategy } from "../strategy-file/loaded-strategy.ts";
import { BRACKETS, EMA_CROSS, PAIR, WEEKLY, waveCsv } from "../testing/sample-strategies.ts";
import { tempFolder } from "../testing/temp-folder.ts";
import type { BacktestRequest, BoundDataset } from "./backtest-request.ts";
import type { BacktestResult } from "./backtest-result.ts";
import { openData } from "./open-data.ts";
import { runBacktest } from "./run-backtest.ts";

function load(text: string): Promise<LoadedStrategy> {
  return loadStrategy(`${tempFolder({ "strategy.ts": text })}/strategy.ts`);
}

function wave(days: number, shift = 0, name = "wave"): Promise<BoundDataset> {
  return openData({ reference: `${tempFolder({ [`${name}.csv`]: waveCsv(days, shift) })}/${name}.csv`, options: {} });
}

async function run(
  text: string,
  data: BacktestRequest["data"],
  flags: OptionValues = {},
  rest: Partial<BacktestRequest> = {},
): Promise<BacktestResult> {
  return runBacktest({ strategy: await load(text), data, options: resolveOptions({ flags }), ...rest });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "ran",
    (error: unknown) => {
      if (error instanceof FailureError) return `${error.failure.code}: ${error.failure.message}`;
      throw error;
    },
  );
}

test("runBacktest() runs a strategy file on bundled data, and its money adds up", async () => {
  const result = await run(EMA_CROSS, await openData({ reference: "sp500", options: {} }), { "fee.taker": 0.001, capital: 50_000 });
  const { figures } = result.summary;
  const profit = result.roundTrips.reduce((sum, { pnl }) => sum + pnl, 0) / powerOfTen(6);
  expect(result.fills.length).toBeGreaterThan(100);
  expect(result.equity.equity[0]).toBe(50_000);
  expect(result.equity.equity.at(-1)).toBeCloseTo(50_000 + profit, 4);
  expect(figures.netProfit.value).toBeCloseTo(profit, 4);
  expect(figures.fees.value).toBeCloseTo(result.fills.reduce((sum, { notional }) => sum + notional, 0) * 1e-9, 2);
  expect(result.runHash).toMatch(/^tp1:[0-9a-f]{32}$/);
  expect(result.summary.periodsPerYear).toBe(252);
  expect(result.bars).toBe(5_105);
});

test("runBacktest() repeats itself exactly, and differs when a parameter does", async () => {
  const data = await openData({ reference: "sp500", options: {} });
  const hashes = [];
  for (const params of [{ fast: 5 }, { fast: "5" }, { fast: 6 }]) hashes.push((await run(EMA_CROSS, data, {}, { params })).runHash);
  expect(hashes[0]).toBe(hashes[1]);
  expect(hashes[0]).not.toBe(hashes[2]);
});

test("runBacktest() warms up on the bars before the range and trades only in it", async () => {
  const data = await openData({ reference: "sp500", options: { from: "2010-01-01", to: "2012-01-01" } });
  const result = await run(EMA_CROSS, data);
  const fromUs = Date.UTC(2010, 0, 1) * 1_000;
  expect(result.warmupBars).toBeGreaterThan(2_000);
  expect(result.startUs).toBeGreaterThanOrEqual(fromUs);
  expect(result.fills[0]!.timeUs).toBeGreaterThanOrEqual(fromUs);
  expect(result.fills.at(-1)!.timeUs).toBeLessThan(Date.UTC(2012, 0, 2) * 1_000);
  expect(result.equity.timeUs[0]).toBe(result.startUs);
  const sameByRequest = await run(
    EMA_CROSS,
    await openData({ reference: "sp500", options: {} }),
    {},
    { fromUs, toUs: Date.UTC(2012, 0, 1) * 1_000 },
  );
  expect(sameByRequest.runHash).toBe(result.runHash);
});

test("runBacktest() compares with the instrument bought at the first bar after the warm-up, with the costs of the run", async () => {
  const data = await openData({ reference: "sp500", options: { from: "2010-01-01" } });
  const { benchmark, inputs, startUs } = await run(EMA_CROSS, data, { "fee.taker": 0.01 });
  const { columns, warmupBars } = inputs[0]!;
  const open = columns.open[warmupBars]!;
  // The size is fixed at the last close before it, fee included, in whole shares.
  const shares = Math.floor(100_000 / (columns.close[warmupBars - 1]! * 1.01));
  const cash = 100_000 - shares * open * 1.01;
  expect(benchmark!.timeUs[0]).toBe(startUs);
  expect(benchmark!.equity[0]).toBe(100_000);
  expect(benchmark!.equity.at(-1)).toBeCloseTo(cash + shares * columns.close[columns.length - 1]!, 0);
});

test("runBacktest() counts the warm-up of the comparison in the rows of each indicator's own input", async () => {
  const weekly = WEEKLY.replace("bars, buy", "bars, sma, buy").replace(
    "{ week }) {",
    "{ week, indicator }) {\n    indicator(sma(20), { of: week });",
  );
  const { benchmark, inputs } = await run(weekly, await openData({ reference: "sp500", options: {} }));
  const [day, week] = inputs.map(({ columns }) => columns);
  const bought = benchmark!.equity.findIndex((equity) => equity !== 100_000);
  // Ordered at the close of the twentieth week, filled at the next open; twenty days would have been three weeks.
  expect(benchmark!.timeUs[bought]).toBeGreaterThan(week!.closeUs[19]!);
  expect(benchmark!.timeUs[bought]).toBeLessThan(week!.closeUs[20]!);
  expect(day!.closeUs[19]).toBeLessThan(week!.closeUs[5]!);
});

test("runBacktest() shows the final equity under worst, nearest and best path when fills are ambiguous", async () => {
  const { ambiguity, equity } = await run(BRACKETS, await openData({ reference: "sp500", options: { from: "2018-01-01" } }));
  expect(ambiguity!.fills).toBeGreaterThan(50);
  expect(ambiguity!.worst).toBe(equity.equity.at(-1));
  expect(ambiguity!.worst!).toBeLessThan(ambiguity!.nearest!);
  expect(ambiguity!.nearest!).toBeLessThan(ambiguity!.best!);
});

test("runBacktest() finds a result that hangs on one bar of delay, and lets a slow one be", async () => {
  // Buys every third day and sells the next: the day itself is all that counts.
  const rows = Array.from({ length: 240 }, (_, day) => {
    const date = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
    const [open, close] = day % 3 === 1 ? [100, 103] : day % 3 === 2 ? [103, 100] : [100, 100];
    return `${date},${open.toFixed(2)},103.00,100.00,${close.toFixed(2)},1000`;
  });
  const folder = tempFolder({ "saw.csv": ["date,open,high,low,close,volume", ...rows].join("\n") });
  const saw = await openData({ reference: `${folder}/saw.csv`, options: { calendar: "24/7" } });
  const swing = `import { buy, close, defineStrategy } from "@tradepulse/core";
export default defineStrategy({ name: "swing", create(_, { main }) { return { onBar(bar, { position }) {
  if (main.count < 3) return;
  if (position.isFlat && bar.close === 100 && main.close.ago(1) === 100 && main.close.ago(2) === 103) return buy({ fraction: 0.9 });
  if (position.isLong) return close();
} }; } });`;
  const hanging = await run(swing, saw);
  const slow = await run(EMA_CROSS, await wave(400), {}, { params: { fast: 20, slow: 60 } });
  expect(hanging.summary.figures.totalReturn.value).toBeGreaterThan(0.5);
  expect(hanging.findings.find(({ id }) => id === "delay-sensitive")).toMatchObject({ severity: "serious" });
  const off = await run(swing, saw, {}, { comparisons: { delay: false } });
  expect(off.findings.some(({ id }) => id === "delay-sensitive")).toBe(false);
  expect(off.runHash).toBe(hanging.runHash);
  expect(slow.findings.find(({ id }) => id === "delay-sensitive")?.severity).not.toBe("serious");
});

test("runBacktest() keeps equity by bar when asked to", async () => {
  const data = await openData({ reference: "synth:seed=1,bars=5000,interval=1h", options: {} });
  const { barEquity, equity, warnings } = await run(EMA_CROSS, data, { equity: "bar" });
  expect(barEquity!.equity.length).toBe(5_001);
  expect(equity.equity.length).toBeLessThan(300);
  expect(barEquity!.equity.at(-1)).toBe(equity.equity.at(-1));
  expect(warnings).toEqual(['The bars of "main" are synthetic: the result says nothing about a market.']);
  const byBar = await run(EMA_CROSS, data, { returns: "bar" });
  expect(byBar.barEquity).toBe(null);
  expect(byBar.summary.returnCount).toBe(5_000);
});

test("runBacktest() runs a pair on two datasets, and on two instruments of one", async () => {
  const two = await run(PAIR, { a: await wave(200, 0, "a"), b: await wave(200, 4, "b") });
  const wide = [
    "date,AAA,BBB",
    ...waveCsv(200)
      .split("\n")
      .slice(1)
      .map((row) => `${row.split(",")[0]},${row.split(",")[4]},50.00`),
  ].join("\n");
  const one = await run(PAIR, await openData({ reference: `${tempFolder({ "wide.csv": wide })}/wide.csv`, options: { calendar: "24/7" } }));
  expect(two.instruments.map(({ id }) => id)).toEqual(["A@FILE", "B@FILE"]);
  expect(new Set(two.fills.map(({ instrumentIndex }) => instrumentIndex)).size).toBe(2);
  expect(one.fills.length).toBeGreaterThan(4);
  expect(one.summary.openPositionCount + one.roundTrips.length).toBeGreaterThan(2);
});

test("runBacktest() builds weeks from days and shows each only when it is finished", async () => {
  const result = await run(WEEKLY, await wave(200));
  const monday = Date.UTC(2020, 0, 6) * 1_000;
  expect(result.fills.length).toBeGreaterThan(3);
  expect(result.orders.every(({ submittedUs }) => (submittedUs - monday) % (7 * 86_400e6) === 0)).toBe(true);
  expect(result.inputs.map(({ name }) => name)).toEqual(["day", "week"]);
});

test("runBacktest() refuses inputs that do not fit the data", async () => {
  const data = await wave(50);
  expect(await codeOf(run(PAIR, data))).toContain('TP_RUN_INPUTS: Cannot run "pair" on "wave": it holds one instrument, needed are 2');
  expect(await codeOf(run(PAIR, { a: data }))).toContain('input "b" has no data');
  expect(await codeOf(run(EMA_CROSS, { mian: data }))).toContain('Cannot give data to input "mian"');
  expect(await codeOf(run(EMA_CROSS, { ...data, instrument: "WAVES" }))).toContain('Cannot find instrument "WAVES" in "wave"');
  expect(await codeOf(run(EMA_CROSS, data, {}, { fromUs: Date.UTC(2030, 0, 1) * 1_000 }))).toContain("TP_RUN_NO_BARS");
  expect(await codeOf(run(EMA_CROSS, data, {}, { params: { fsat: 3 } }))).toContain("TP_STRATEGY_PARAM_UNKNOWN");
  expect(await codeOf(run(EMA_CROSS, data, { capital: 1e9 }).then(() => run(EMA_CROSS, data, { "limits.maxOpenOrder": 1 })))).toContain(
    "TP_RISK_LIMIT_UNKNOWN",
  );
});

test("runBacktest() puts limits of the risk engine in front of every order, and warns of what they refused", async () => {
  const { warnings, orders } = await run(EMA_CROSS, await wave(200), { "limits.maxOrderNotional": 10 });
  expect(orders.every(({ state }) => state === "refused")).toBe(true);
  expect(warnings[0]).toMatch(
    /^\d+ orders were refused \(max-order-notional\): its notional is above the limit; the first at \d{4}-\d\d-\d\dT00:00Z\.$/,
  );
});

test("runBacktest() lets the process breathe, tells progress, and ends at once when it is aborted", async () => {
  const data = await openData({ reference: "synth:seed=1,bars=3000000,interval=1m", options: {} });
  const strategy = await load(EMA_CROSS);
  const abort = new AbortController();
  const told: number[] = [];
  let beats = 0;
  const heart = setInterval(() => {
    beats += 1;
  }, 1);
  const work = runBacktest(
    { strategy, data, options: resolveOptions() },
    {
      signal: abort.signal,
      onProgress(done, total) {
        told.push(done / total);
        if (told.length === 2) abort.abort(new Error("stopped by the user"));
      },
    },
  );
  await expect(work).rejects.toThrow("stopped by the user");
  clearInterval(heart);
  expect(beats).toBeGreaterThan(0);
  expect(told.length).toBe(2);
  expect(told[1]).toBeLessThan(0.5);
});
