import type { IndicatorDefinition } from "../indicators/indicator.ts";
import { streaming } from "../indicators/streaming.ts";
import { computed, copied, expectSame, type Lines, named, range, rowOf } from "./indicator-lines.ts";
import { indicatorSeries } from "./indicator-series.ts";

/** One sentence and the check of it, which throws where the sentence is false. */
export interface Law {
  readonly name: string;
  readonly check: () => void;
}

/** What the contract cannot know of an indicator by itself. */
export interface IndicatorFacts {
  /** Every line over a constant series of `level`, in all inputs, after warm-up. */
  readonly onConstant: (level: number) => readonly number[];
  /** The lines scale with the inputs: 1 in proportion (prices), 0 not at all (percentages, ratios). */
  readonly degree: 0 | 1;
}

const ROWS = 700;

/** The laws that every indicator obeys. Register each one with the test runner: `for (const law of ...) test(law.name, law.check)`. */
export function indicatorContract(name: string, factory: () => IndicatorDefinition, facts: IndicatorFacts): readonly Law[] {
  const definition = factory();
  const { warmup, lookback } = definition;
  const series = indicatorSeries(definition, ROWS);
  const whole = (): Lines => computed(definition, series);
  const law = (sentence: string, check: () => void): Law => ({ name: `${name} ${sentence}`, check });

  return [
    law("gives its first value in row warmup - 1, and a number in every row after it", () => {
      const lines = whole();
      for (const [line, column] of Object.entries(lines)) {
        for (let row = 0; row < ROWS; row++) {
          if (Number.isFinite(column[row]!) === row >= warmup - 1) continue;
          throw new Error(`${line} is ${column[row]} in row ${row}, with a warm-up of ${warmup} rows`);
        }
      }
    }),

    law("gives the same bits in blocks of 1, 7 and 1,024 rows, and of uneven size", () => {
      const expected = whole();
      for (const sizes of [[1], [7], [1024], [3, 1, 50, 2]])
        expectSame(inBlocks(factory(), series, sizes), expected, `blocks of ${sizes.join(", ")}`);
    }),

    law("gives the same bits row by row as by columns", () => {
      const expected = whole();
      const live = streaming(factory());
      for (let row = 0; row < ROWS; row++) {
        live.update(...rowOf(series, row));
        expectShown(live, definition, expected, row);
        if (live.ready !== row >= warmup - 1) throw new Error(`ready is ${live.ready} after row ${row}`);
      }
    }),

    law("shows a replaced row as if it were final, and forgets it", () => {
      const expected = whole();
      const other = indicatorSeries(definition, ROWS, 77);
      const live = streaming(factory());
      for (let row = 0; row < ROWS; row++) {
        const forming = row % 3 === 0 ? series.map(() => Number.NaN) : rowOf(other, row);
        live.replace(...(forming as [number, ...number[]]));
        live.replace(...rowOf(series, row));
        expectShown(live, definition, expected, row);
        live.replace(...rowOf(other, row));
        live.update(...rowOf(series, row));
        expectShown(live, definition, expected, row);
      }
    }),

    law("does not change its past when the future is cut off", () => {
      const expected = whole();
      for (const cut of [1, warmup - 1, warmup, warmup + 1, 2 * warmup + 3, 333, ROWS - 1]) {
        const lines = computed(
          definition,
          series.map((column) => column.slice(0, cut)),
        );
        expectSame(lines, range(expected, 0, cut), `cut at row ${cut}`);
      }
    }),

    law("reads no row after the current one and none further back than its lookback", () => {
      const expected = whole();
      const columns = series.map((column) => new Float64Array(column.length).fill(Number.NaN));
      const lines = definition.outputs.map(() => new Float64Array(ROWS));
      const kernel = factory().createKernel(columns, lines);
      for (let row = 0; row < ROWS; row++) {
        columns.forEach((column, i) => {
          column[row] = series[i]![row]!;
          if (row > lookback) column[row - lookback - 1] = Number.NaN;
        });
        kernel.advance(row, row + 1);
      }
      expectSame(named(definition, lines), expected, "with all other rows hidden");
    }),

    law("starts over after a gap, which is any input that is no finite number", () => {
      for (const hole of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        series.forEach((_, input) => {
          for (const at of [0, 1, warmup, 2 * warmup + 5]) {
            const broken = copied(series);
            broken[input]![at] = hole;
            const lines = computed(definition, broken);
            expectSame(range(lines, at, at + 1), nowhere(definition, 1), `the gap in row ${at}`);
            const after = computed(
              definition,
              series.map((column) => column.slice(at + 1)),
            );
            expectSame(range(lines, at + 1, ROWS), after, `after ${hole} in input ${input}, row ${at}`);
          }
        });
      }
    }),

    law("answers a constant series exactly", () => {
      for (const level of [0.1, 1, 30_123.45, 1e-12, 1e12]) {
        const lines = computed(
          definition,
          definition.inputs.map(() => new Float64Array(300).fill(level)),
        );
        const expected = facts.onConstant(level);
        definition.outputs.forEach((output, i) => {
          for (let row = warmup - 1; row < 300; row++) {
            if (lines[output]![row] === expected[i]) continue;
            throw new Error(`${output} is ${lines[output]![row]} in row ${row} of a constant ${level}, expected ${expected[i]}`);
          }
        });
      }
    }),

    law("scales with its inputs to huge and small magnitudes without losing a bit", () => {
      const expected = whole();
      for (const factor of [2 ** 60, 2 ** -60]) {
        const lines = computed(
          definition,
          series.map((column) => column.map((x) => x * factor)),
        );
        const unit = facts.degree === 1 ? 1 / factor : 1;
        for (const output of definition.outputs) lines[output] = lines[output]!.map((x) => x * unit);
        expectSame(lines, expected, `scaled by ${factor}`);
      }
    }),

    law("shares no state between kernels", () => {
      const other = indicatorSeries(definition, ROWS, 5);
      const outputs = (): Float64Array[] => definition.outputs.map(() => new Float64Array(ROWS));
      const [mine, theirs] = [outputs(), outputs()];
      const kernels = [definition.createKernel(series, mine), definition.createKernel(other, theirs)];
      for (let row = 0; row < ROWS; row++) for (const kernel of kernels) kernel.advance(row, row + 1);
      expectSame(named(definition, mine), whole(), "beside another kernel");
      expectSame(named(definition, theirs), computed(definition, other), "the other kernel");
    }),

    law("continues from a snapshot in a fresh kernel and in a fresh streaming indicator", () => {
      const expected = whole();
      for (const cut of [0, 1, warmup - 1, warmup, warmup + lookback + 70, 400]) {
        const lines = definition.outputs.map((output) => expected[output]!.slice(0, cut));
        const first = factory().createKernel(
          series,
          definition.outputs.map(() => new Float64Array(ROWS)),
        );
        first.advance(0, cut);
        const state = first.snapshot();
        first.advance(cut, ROWS);
        const rest = definition.outputs.map(() => new Float64Array(ROWS));
        const second = factory().createKernel(series, rest);
        second.restore(state);
        second.advance(cut, ROWS);
        rest.forEach((column, i) => {
          column.set(lines[i]!);
        });
        expectSame(named(definition, rest), expected, `kernel restored at ${cut}`);

        const live = streaming(factory());
        for (let row = 0; row < cut; row++) live.update(...rowOf(series, row));
        const resumed = streaming(factory());
        for (let row = 300; row < 310; row++) resumed.update(...rowOf(series, row));
        resumed.restore(live.snapshot());
        if (cut > 0) expectShown(resumed, definition, expected, cut - 1);
        for (let row = cut; row < ROWS; row++) {
          resumed.update(...rowOf(series, row));
          expectShown(resumed, definition, expected, row);
        }
      }
    }),

    law("keeps its values when history is dropped from the front", () => {
      const expected = whole();
      const capacity = lookback + 13;
      const columns = series.map(() => new Float64Array(capacity));
      const lines = definition.outputs.map(() => new Float64Array(capacity));
      const kernel = factory().createKernel(columns, lines);
      let next = 0;
      for (let row = 0; row < ROWS; row++) {
        if (next === capacity) {
          const shift = 1 + (row % 13);
          for (const column of columns) column.copyWithin(0, shift);
          kernel.rebase(shift);
          next -= shift;
        }
        columns.forEach((column, i) => {
          column[next] = series[i]![row]!;
        });
        kernel.advance(next, next + 1);
        const shown = Object.fromEntries(definition.outputs.map((output, i) => [output, lines[i]!.slice(next, next + 1)]));
        expectSame(shown, range(expected, row, row + 1), `row ${row}`);
        next += 1;
      }
    }),
  ];
}

/** The lines computed by a kernel that is advanced in blocks of the given sizes in turn. */
function inBlocks(definition: IndicatorDefinition, series: readonly Float64Array[], sizes: readonly number[]): Lines {
  const outputs = definition.outputs.map(() => new Float64Array(ROWS));
  const kernel = definition.createKernel(series, outputs);
  for (let from = 0, turn = 0; from < ROWS; turn++) {
    const to = Math.min(from + sizes[turn % sizes.length]!, ROWS);
    kernel.advance(from, to);
    from = to;
  }
  return named(definition, outputs);
}

function nowhere(definition: IndicatorDefinition, rows: number): Lines {
  return Object.fromEntries(definition.outputs.map((output) => [output, new Float64Array(rows).fill(Number.NaN)]));
}

function expectShown(live: { line(name: string): number }, definition: IndicatorDefinition, expected: Lines, row: number): void {
  const shown = Object.fromEntries(definition.outputs.map((output) => [output, Float64Array.of(live.line(output))]));
  expectSame(shown, range(expected, row, row + 1), `row ${row}`);
}
