import { columnar } from "../indicators/columnar.ts";
import type { IndicatorDefinition } from "../indicators/indicator.ts";

/** Output columns by name. */
export type Lines = Record<string, Float64Array>;

/** The lines of an indicator over whole columns. */
export function computed(definition: IndicatorDefinition, series: readonly Float64Array[]): Lines {
  return columnar(definition, series);
}

/** Columns under the names of the lines they hold. */
export function named(definition: IndicatorDefinition, columns: readonly Float64Array[]): Lines {
  return Object.fromEntries(definition.outputs.map((output, i) => [output, columns[i]!]));
}

/** Rows `from` (inclusive) to `to` (exclusive) of every line. */
export function range(lines: Lines, from: number, to: number): Lines {
  return Object.fromEntries(Object.entries(lines).map(([name, column]) => [name, column.slice(from, to)]));
}

/** The inputs of one row, as `update` takes them. */
export function rowOf(series: readonly Float64Array[], row: number): [number, ...number[]] {
  return series.map((column) => column[row]!) as [number, ...number[]];
}

export function copied(series: readonly Float64Array[]): Float64Array[] {
  return series.map((column) => column.slice());
}

/** Throws at the first row where two sets of lines differ in a bit. NaN equals NaN; 0 does not equal -0. */
export function expectSame(actual: Lines, expected: Lines, where: string): void {
  for (const [name, column] of Object.entries(expected)) {
    const other = actual[name];
    if (other?.length !== column.length) throw new Error(`${where}: ${name} has ${other?.length} rows, expected ${column.length}`);
    for (let row = 0; row < column.length; row++) {
      if (Object.is(other[row], column[row])) continue;
      throw new Error(`${where}: ${name} is ${other[row]} in row ${row}, expected ${column[row]}`);
    }
  }
}
