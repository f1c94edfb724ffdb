import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import {
  type BarColumns,
  BarSeries,
  Engine,
  engineOptions,
  FactDriver,
  feeSchedule,
  instrument,
  runHash,
  runSteps,
  slippageFraction,
} from "@tradepulse/core";
import { driveBars } from "@tradepulse/core/drive-bars";
import type { BenchRow } from "../statistics.ts";
import { referenceBars } from "./reference-data.ts";
import { referenceStrategy } from "./reference-strategy.ts";
import { referenceEngine, runReference } from "./run-reference.ts";

/** P11: one run hash from the bar loop, the step driver, process(fact) and a worker; the rate of process(fact) beside it. */
export async function benchP11(bars: number): Promise<BenchRow[]> {
  const columns = referenceBars(bars);
  const loop = runReference(columns, referenceStrategy(), driveBars);
  const stepEngine = referenceEngine(columns, referenceStrategy());
  runSteps(stepEngine);
  const facts = runFacts(columns);
  const inWorker = await hashInWorker(columns);
  const hashes = [runHash(loop.engine.events), runHash(stepEngine.events), runHash(facts.engine.events), inWorker];
  const distinct = new Set(hashes).size;
  runFacts(columns);
  const warm = runFacts(columns);
  return [
    {
      goal: "P11",
      what: "distinct run hashes: bar loop, steps, facts, worker",
      value: distinct,
      unit: "",
      target: "1",
      met: distinct === 1,
      note: hashes[0]!,
    },
    {
      goal: "live",
      what: "process(fact), journal off",
      value: warm.factsPerSecond / 1e6,
      unit: "M facts/s",
      target: ">= 1.5",
      met: warm.factsPerSecond >= 1.5e6,
    },
  ];
}

function runFacts(columns: BarColumns): { readonly engine: Engine; readonly factsPerSecond: number } {
  const series = BarSeries.growing("main", 0, 60_000_000, 8_192, false);
  const engine = new Engine({
    instruments: [instrument({ id: "REFERENCE@BENCH", lotScale: 0 })],
    series: [series],
    strategy: referenceStrategy(),
    options: engineOptions({
      capital: 1e7,
      venue: {
        path: "nearest-extreme-first",
        fillBarChildren: "path",
        slippage: slippageFraction(0.0001),
        fees: [feeSchedule({ maker: 0.0005, taker: 0.0005 }, 1e6, 1)],
      },
    }),
  });
  const driver = new FactDriver(engine);
  const before = process.cpuUsage();
  let seq = 0;
  for (let i = 0; i < columns.length; i += 1) {
    const closeUs = columns.closeUs[i]!;
    driver.process({
      kind: "bar",
      seq: ++seq,
      timeUs: closeUs,
      receiveUs: closeUs,
      seriesIndex: 0,
      openUs: columns.openUs[i]!,
      closeUs,
      open: columns.open[i]!,
      high: columns.high[i]!,
      low: columns.low[i]!,
      close: columns.close[i]!,
      volume: 0,
    });
    driver.process({ kind: "step", seq: ++seq, timeUs: closeUs, receiveUs: closeUs });
  }
  driver.finish();
  const used = process.cpuUsage(before);
  return { engine, factsPerSecond: seq / ((used.user + used.system) / 1e6) };
}

async function hashInWorker(columns: BarColumns): Promise<string> {
  const worker = new Worker(fileURLToPath(new URL("./reference-worker.ts", import.meta.url)), { workerData: columns });
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  } finally {
    await worker.terminate();
  }
}
