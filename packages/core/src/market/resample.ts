import { allocateBarColumns, type BarColumns, sliceBarColumns } from "../model/bar.ts";
import { FailureError } from "../model/failure.ts";
import { formatInterval, formatTimeUs, US_PER_DAY } from "../model/time.ts";

const US_PER_WEEK = 7 * US_PER_DAY;
/** Weeks begin on Monday; the epoch was a Thursday, and the Monday after it lies four days on. */
const FIRST_MONDAY_US = 4 * US_PER_DAY;

/**
 * Bars of a longer interval from shorter ones, by the clock: a bar covers `[k * interval, (k + 1) * interval)` since the epoch, whole
 * weeks since a Monday, and closes at its end. A last bar whose end lies after the last close of the source is not finished and is
 * left out. Hours without a source bar give none. Throws `TP_MARKET_INTERVAL` when a source bar does not fit into one longer bar: it
 * would show its close before its time.
 */
export function resample(source: BarColumns, intervalUs: number): BarColumns {
  const anchorUs = intervalUs % US_PER_WEEK === 0 ? FIRST_MONDAY_US : 0;
  const out = allocateBarColumns(source.length, source.volumeKnown);
  let count = 0;
  let start = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < source.length; i += 1) {
    const bucket = Math.floor((source.openUs[i]! - anchorUs) / intervalUs) * intervalUs + anchorUs;
    if (source.closeUs[i]! > bucket + intervalUs) throw doesNotFit(source.openUs[i]!, source.closeUs[i]!, intervalUs);
    if (bucket !== start) {
      start = bucket;
      out.openUs[count] = bucket;
      out.closeUs[count] = bucket + intervalUs;
      out.open[count] = source.open[i]!;
      out.high[count] = source.high[i]!;
      out.low[count] = source.low[i]!;
      out.close[count] = source.close[i]!;
      out.volume[count] = source.volume[i]!;
      count += 1;
      continue;
    }
    const row = count - 1;
    if (source.high[i]! > out.high[row]!) out.high[row] = source.high[i]!;
    if (source.low[i]! < out.low[row]!) out.low[row] = source.low[i]!;
    out.close[row] = source.close[i]!;
    out.volume[row] = out.volume[row]! + source.volume[i]!;
  }
  const lastCloseUs = source.length === 0 ? Number.NEGATIVE_INFINITY : source.closeUs[source.length - 1]!;
  if (count > 0 && out.closeUs[count - 1]! > lastCloseUs) count -= 1;
  return sliceBarColumns(out, 0, count);
}

function doesNotFit(openUs: number, closeUs: number, intervalUs: number): FailureError {
  const wanted = formatInterval(intervalUs);
  return new FailureError({
    code: "TP_MARKET_INTERVAL",
    message: `Cannot build bars of ${wanted}: the bar at ${formatTimeUs(openUs)} covers ${formatInterval(closeUs - openUs)}, allowed are bars that lie within one of ${wanted}`,
    details: [],
    next: "ask for a multiple of the interval of the data, or load data with shorter bars",
  });
}
