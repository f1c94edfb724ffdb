import type { IndicatorDefinition, Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";
import { requireOrder, requirePeriod } from "./parameter-bounds.ts";

/**
 * Moving average convergence/divergence: `macd = ema(fast) - ema(slow)`, `signal = ema(signal)` of `macd`, and
 * `histogram = macd - signal`.
 *
 * Aligned as TA-Lib does it: both averages have their first value, a simple average, in row `slow - 1` (the fast one over the
 * `fast` rows that end there); the signal is seeded with the first `signal` values of `macd`; no line is shown before all are.
 *
 * @param fast rows, 1 to 100,000, below `slow`; 12 by default
 * @param slow rows, 2 to 100,000; 26 by default
 * @param signal rows, 1 to 100,000; 9 by default
 * @returns `macd`, `signal`, `histogram`, in units of the input. Warm-up `slow + signal - 1` rows.
 * @throws FailureError `TP_INDICATOR_PARAMETER`
 * @see TA-Lib `MACD`
 */
export function macd(fast = 12, slow = 26, signal = 9): IndicatorDefinition<"macd" | "signal" | "histogram"> {
  requirePeriod("macd", "fast", fast, 1);
  requirePeriod("macd", "slow", slow, 2);
  requirePeriod("macd", "signal", signal, 1);
  requireOrder("macd", "fast", fast, "slow", slow);
  const name = `macd(${fast}, ${slow}, ${signal})`;
  return {
    name,
    inputs: ["close"],
    outputs: ["macd", "signal", "histogram"],
    warmup: slow + signal - 1,
    lookback: 0,
    createKernel: ([source], [line, smooth, histogram]) => macdKernel(name, fast, slow, signal, source!, line!, smooth!, histogram!),
  };
}

/** Values seen since the start or the last gap, up to `slow + signal - 1`. */
const COUNT = 0;
const FAST_BASE = 1;
const FAST = 2;
const SLOW_BASE = 3;
const SLOW = 4;
const SIGNAL_BASE = 5;
const SIGNAL = 6;
const SIZE = 7;

function macdKernel(
  name: string,
  fast: number,
  slow: number,
  signal: number,
  source: Float64Array,
  line: Float64Array,
  smooth: Float64Array,
  histogram: Float64Array,
): Kernel {
  const memory = new Float64Array(SIZE);
  const fastFactor = 2 / (fast + 1);
  const slowFactor = 2 / (slow + 1);
  const signalFactor = 2 / (signal + 1);
  const warmup = slow + signal - 1;

  /** One value before all lines are seeded: sums while an average is short of values, smooths afterwards. */
  function warmUp(x: number): void {
    const seen = memory[COUNT]! + 1;
    memory[COUNT] = seen;
    if (seen === 1) seed(SLOW_BASE, x);
    if (seen === slow - fast + 1) seed(FAST_BASE, x);
    if (seen > slow) {
      memory[FAST] = memory[FAST]! + fastFactor * (x - memory[FAST]!);
      memory[SLOW] = memory[SLOW]! + slowFactor * (x - memory[SLOW]!);
    } else {
      memory[SLOW] = memory[SLOW]! + (x - memory[SLOW_BASE]!);
      if (seen > slow - fast) memory[FAST] = memory[FAST]! + (x - memory[FAST_BASE]!);
      if (seen < slow) return;
      settle(FAST_BASE, fast);
      settle(SLOW_BASE, slow);
    }
    const difference = memory[FAST]! - memory[SLOW];
    if (seen === slow) seed(SIGNAL_BASE, difference);
    memory[SIGNAL] = memory[SIGNAL]! + (difference - memory[SIGNAL_BASE]!);
    if (seen === warmup) settle(SIGNAL_BASE, signal);
  }

  /** Starts the sum that stands after `base`, of distances from the first value. */
  function seed(base: number, x: number): void {
    memory[base] = x;
    memory[base + 1] = 0;
  }

  /** Turns that sum into the mean. */
  function settle(base: number, period: number): void {
    memory[base + 1] = memory[base]! + memory[base + 1]! / period;
  }

  function show(row: number, quick: number, steady: number, level: number): void {
    const difference = quick - steady;
    line[row] = difference;
    smooth[row] = level;
    histogram[row] = difference - level;
  }

  function advance(from: number, to: number): void {
    let row = from;
    while (row < to) {
      if (memory[COUNT] === warmup) {
        let quick = memory[FAST]!;
        let steady = memory[SLOW]!;
        let level = memory[SIGNAL]!;
        for (; row < to; row++) {
          const x = source[row]!;
          if (x - x !== 0) break;
          quick += fastFactor * (x - quick);
          steady += slowFactor * (x - steady);
          level += signalFactor * (quick - steady - level);
          show(row, quick, steady, level);
        }
        memory[FAST] = quick;
        memory[SLOW] = steady;
        memory[SIGNAL] = level;
        if (row < to) memory[COUNT] = 0;
        continue;
      }
      const x = source[row]!;
      if (x - x === 0) warmUp(x);
      else memory[COUNT] = 0;
      if (memory[COUNT] === warmup) show(row, memory[FAST]!, memory[SLOW]!, memory[SIGNAL]!);
      else show(row, Number.NaN, Number.NaN, Number.NaN);
      row += 1;
    }
  }

  return { advance, ...kernelMemory(name, memory) };
}
