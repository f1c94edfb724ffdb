import type { Kernel } from "./indicator.ts";
import { kernelMemory } from "./kernel-memory.ts";

const COUNT = 0;
const BASE = 1;
const LEVEL = 2;
const SIZE = 3;

/**
 * Exponential smoothing `level += factor * (x - level)`, seeded with the mean of the first `period` values. The seed is summed
 * as distances from the first value, so a constant series gives that constant exactly, from the seed on.
 */
export function smoothingKernel(name: string, period: number, factor: number, source: Float64Array, value: Float64Array): Kernel {
  const memory = new Float64Array(SIZE);

  function advance(from: number, to: number): void {
    let count = memory[COUNT]!;
    let base = memory[BASE]!;
    let level = memory[LEVEL]!;
    let row = from;
    while (row < to) {
      if (count === period) {
        for (; row < to; row++) {
          const x = source[row]!;
          if (x - x !== 0) break;
          level += factor * (x - level);
          value[row] = level;
        }
        if (row < to) count = 0;
        continue;
      }
      const x = source[row]!;
      value[row] = Number.NaN;
      if (x - x !== 0) {
        count = 0;
      } else {
        if (count === 0) {
          base = x;
          level = 0;
        }
        count += 1;
        level += x - base;
        if (count === period) {
          level = base + level / period;
          value[row] = level;
        }
      }
      row += 1;
    }
    memory[COUNT] = count;
    memory[BASE] = base;
    memory[LEVEL] = level;
  }

  return { advance, ...kernelMemory(name, memory) };
}
