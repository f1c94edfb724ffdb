import {
  BarSeries,
  type BoundStrategy,
  Engine,
  type EngineOptions,
  engineOptions,
  FactDriver,
  feeSchedule,
  type Instrument,
  NO_SLIPPAGE,
  powerOfTen,
  quantityOf,
  riskEngine,
  slippageFraction,
} from "@tradepulse/core";
import type { SessionRecord } from "./session-record.ts";

/** Turns the options that a session record keeps into those of an engine. Called once for each engine: risk keeps state. */
export type SessionOptions = (record: SessionRecord, instruments: readonly Instrument[]) => EngineOptions;

/** Options of a session that keeps none of its own: capital, limits and costs of its record, a cash account. */
export const recordedOptions: SessionOptions = (record, instruments) => {
  const { fee, slippage } = record.costs;
  return engineOptions({
    capital: record.capital,
    tradeFromUs: record.tradeFromUs ?? Number.NEGATIVE_INFINITY,
    risk: riskEngine(record.risk, instruments),
    equity: "session",
    venue: {
      slippage: slippage === 0 ? NO_SLIPPAGE : slippageFraction(slippage),
      fees: instruments.map((each) =>
        feeSchedule(
          { taker: fee, maker: fee, fixed: 0, minimum: 0, perUnit: 0, maximumRate: 0 },
          powerOfTen(each.quote.scale),
          quantityOf(each, 1),
        ),
      ),
    },
  });
};

export interface SessionEngine {
  readonly engine: Engine;
  readonly driver: FactDriver;
}

/** The engine of a session, empty: the same for the session itself, for its recovery and for a replay. */
export function buildEngine(record: SessionRecord, strategy: BoundStrategy, optionsOf: SessionOptions): SessionEngine {
  const instruments = record.instruments.map(({ instrument }) => instrument);
  const options = optionsOf(record, instruments);
  const engine = new Engine({
    instruments,
    series: record.series.map(({ name, instrumentIndex, intervalUs, capacity, volumeKnown }) =>
      BarSeries.growing(name, instrumentIndex, intervalUs, capacity, volumeKnown),
    ),
    strategy,
    // A latch must find something to close, whether there are limits or not.
    options: options.risk === undefined ? { ...options, risk: riskEngine({}, instruments) } : options,
    live: record.mode === "live",
  });
  return { engine, driver: new FactDriver(engine) };
}
