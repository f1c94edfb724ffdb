import { formatInterval, US_PER_SECOND } from "@tradepulse/core";
import type { Dataset } from "@tradepulse/data";
import { KLINE_INTERVALS, klineIntervalName, specOfInstrument, type VenueMarket } from "@tradepulse/venues";
import { refuseUsage } from "../usage-error.ts";

const MOST_HISTORY = 1_000;

/** The instruments of a dataset as markets of the venue, in bars as long as the speed makes them. */
export function servedMarkets(dataset: Dataset, speed: string | undefined, history: number | undefined): readonly VenueMarket[] {
  return dataset.instruments.map(({ instrument, intervalUs, columns, resolution }) => ({
    spec: specOfInstrument(instrument, resolution.lot.origin === "one share"),
    columns,
    playedIntervalUs: speed === undefined ? US_PER_SECOND : playedIntervalUs(speed, intervalUs),
    historyBars: Math.min(columns.length, history ?? Math.min(MOST_HISTORY, Math.floor(columns.length / 2))),
  }));
}

function playedIntervalUs(speed: string, intervalUs: number): number {
  const factor = Number(/^(\d+(?:\.\d+)?)x?$/.exec(speed)?.[1] ?? Number.NaN);
  const played = intervalUs / factor;
  if (factor > 0 && klineIntervalName(played) !== undefined) return played;
  const allowed = KLINE_INTERVALS.filter((each) => each <= intervalUs).map((each) => `${intervalUs / each}x`);
  return refuseUsage(
    "TP_CLI_OPTION_VALUE",
    factor > 0
      ? `Cannot play bars of ${formatInterval(intervalUs)} at ${speed}: that makes bars of ${played / US_PER_SECOND} s, which the protocol does not have, allowed are ${allowed.join(", ")}`
      : `Cannot use --speed "${speed}": allowed are ${allowed.join(", ")}`,
    `for example --speed ${allowed[0]}`,
  );
}
