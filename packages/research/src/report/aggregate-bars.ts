import type { PriceSeries } from "./report-model.ts";

/** Bars as the page draws them, and the sentence that says how they were made. */
export interface DrawnBars {
  /** Columns of one length, in time order. */
  readonly openUs: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
  /** `Weekly bars, aggregated from 12,000 bars.` */
  readonly note: string;
}

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY = 4 * DAY;

interface Step {
  readonly name: string;
  readonly us: number;
  readonly offsetUs: number;
}

const STEPS: readonly Step[] = [
  { name: "5-second", us: 5_000_000, offsetUs: 0 },
  { name: "15-second", us: 15_000_000, offsetUs: 0 },
  { name: "1-minute", us: MINUTE, offsetUs: 0 },
  { name: "5-minute", us: 5 * MINUTE, offsetUs: 0 },
  { name: "15-minute", us: 15 * MINUTE, offsetUs: 0 },
  { name: "30-minute", us: 30 * MINUTE, offsetUs: 0 },
  { name: "1-hour", us: HOUR, offsetUs: 0 },
  { name: "2-hour", us: 2 * HOUR, offsetUs: 0 },
  { name: "4-hour", us: 4 * HOUR, offsetUs: 0 },
  { name: "8-hour", us: 8 * HOUR, offsetUs: 0 },
  { name: "Daily", us: DAY, offsetUs: 0 },
  { name: "Weekly", us: 7 * DAY, offsetUs: FIRST_MONDAY },
  { name: "Four-week", us: 28 * DAY, offsetUs: FIRST_MONDAY },
];

/**
 * At most `limit` bars that cover the whole series: the bars themselves when they are few enough, else the finest of
 * the usual UTC intervals that fits, else runs of equal count.
 *
 * @param limit at least 1
 */
export function aggregateBars(bars: PriceSeries, limit: number): DrawnBars {
  const count = bars.openUs.length;
  if (count <= limit) return cut(bars, (index) => index, `All ${count.toLocaleString("en-US")} bars.`);
  const total = count.toLocaleString("en-US");
  for (const { name, us, offsetUs } of STEPS) {
    const slotOf = (index: number): number => Math.floor((bars.openUs[index]! - offsetUs) / us);
    if (countSlots(count, slotOf) <= limit) return cut(bars, slotOf, `${name} bars (UTC), aggregated from ${total} bars.`);
  }
  const run = Math.ceil(count / limit);
  return cut(bars, (index) => Math.floor(index / run), `Every ${run} bars drawn as one, ${total} bars in all.`);
}

function countSlots(count: number, slotOf: (index: number) => number): number {
  let slots = 0;
  let last = Number.NaN;
  for (let i = 0; i < count; i++) {
    const slot = slotOf(i);
    if (slot !== last) slots++;
    last = slot;
  }
  return slots;
}

function cut(bars: PriceSeries, slotOf: (index: number) => number, note: string): DrawnBars {
  const openUs: number[] = [];
  const open: number[] = [];
  const high: number[] = [];
  const low: number[] = [];
  const close: number[] = [];
  let slot = Number.NaN;
  for (let i = 0; i < bars.openUs.length; i++) {
    const at = openUs.length - 1;
    const next = slotOf(i);
    if (next === slot) {
      high[at] = Math.max(high[at]!, bars.high[i]!);
      low[at] = Math.min(low[at]!, bars.low[i]!);
      close[at] = bars.close[i]!;
      continue;
    }
    slot = next;
    openUs.push(bars.openUs[i]!);
    open.push(bars.open[i]!);
    high.push(bars.high[i]!);
    low.push(bars.low[i]!);
    close.push(bars.close[i]!);
  }
  return { openUs, open, high, low, close, note };
}
