import { formatInterval, parseInterval, US_PER_DAY } from "@tradepulse/core";

/** The mean Gregorian month, 30.436875 days: the `intervalUs` of monthly bars, whose own lengths differ. */
export const US_PER_MONTH = 2_629_746_000_000;

const SAMPLE_BLOCK = 4_096;
const SAMPLE_BLOCKS = 4;

/**
 * The commonest difference between neighbouring times, over up to four blocks of 4,096 rows spread over the column;
 * the smaller of two equally common ones. Where it is less than half of them, as in a thinly traded market, the largest
 * difference that divides 95 % of them. {@link US_PER_MONTH} when nine tenths are 28 to 31 days. `undefined` with fewer
 * than two rows.
 */
export function inferInterval(timeUs: Float64Array): number | undefined {
  if (timeUs.length < 2) return undefined;
  const counts = new Map<number, number>();
  let total = 0;
  let monthly = 0;
  const stride = Math.max(SAMPLE_BLOCK, Math.floor(timeUs.length / SAMPLE_BLOCKS));
  for (let start = 0; start < timeUs.length; start += stride) {
    const end = Math.min(timeUs.length, start + SAMPLE_BLOCK);
    for (let i = start + 1; i < end; i += 1) {
      const difference = timeUs[i]! - timeUs[i - 1]!;
      counts.set(difference, (counts.get(difference) ?? 0) + 1);
      total += 1;
      if (difference > 27.9 * US_PER_DAY && difference < 31.1 * US_PER_DAY) monthly += 1;
    }
  }
  if (monthly >= 0.9 * total) return US_PER_MONTH;
  let best = 0;
  let bestCount = 0;
  for (const [difference, count] of counts) {
    if (count > bestCount || (count === bestCount && difference < best)) [best, bestCount] = [difference, count];
  }
  return bestCount * 2 >= total ? best : (largestDivisor(counts, total, best) ?? best);
}

function largestDivisor(counts: ReadonlyMap<number, number>, total: number, atMost: number): number | undefined {
  const candidates = [...counts.keys()].filter((difference) => difference <= atMost).toSorted((a, b) => b - a);
  return candidates.find((candidate) => {
    let multiples = 0;
    for (const [difference, count] of counts) if (difference % candidate === 0) multiples += count;
    return multiples >= 0.95 * total;
  });
}

/** The name of an interval as people write it: `1m`, `1d`, `1mo`. */
export function intervalName(intervalUs: number): string {
  return intervalUs === US_PER_MONTH ? "1mo" : formatInterval(intervalUs);
}

/** Reads `1m`, `4h`, `1d`, `1w`, `1mo` as microseconds; `undefined` when the text is none of these. */
export function readInterval(text: string): number | undefined {
  return text === "1mo" ? US_PER_MONTH : parseInterval(text);
}
