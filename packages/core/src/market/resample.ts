import { allocateBarColumns, type BarColumns, sliceBarColumns } from "../model/bar.ts";

/**
 * Bars of a longer interval from shorter ones, by the clock: a bar covers `[k * interval, (k + 1) * interval)` and closes at its end.
 * A last bar whose end lies after the last close of the source is not finished and is left out. Hours without a source bar give none.
 */
export function resample(source: BarColumns, intervalUs: number): BarColumns {
  const out = allocateBarColumns(source.length, source.volumeKnown);
  let count = 0;
  let start = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < source.length; i += 1) {
    const bucket = Math.floor(source.openUs[i]! / intervalUs) * intervalUs;
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
