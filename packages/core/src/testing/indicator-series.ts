import type { IndicatorDefinition, InputField } from "../indicators/indicator.ts";

/**
 * Made-up inputs for an indicator: a bar series that walks at random, repeatable from its seed, with runs of equal prices and
 * gaps between bars, one column for each input of the definition. Two plain `value` inputs get two different walks.
 * All numbers are multiples of 1/64 between about 30 and 300, so that sums of them are exact.
 */
export function indicatorSeries(definition: IndicatorDefinition, length: number, seed = 1): Float64Array[] {
  return definition.inputs.map((field, i) => seriesColumn(field, length, field === "value" ? seed + 1000 * i : seed));
}

function seriesColumn(field: InputField, length: number, seed: number): Float64Array {
  const draw = drawer(seed);
  const column = new Float64Array(length);
  let close = 6400;
  for (let row = 0; row < length; row++) {
    const still = draw(8) === 0;
    const open = still ? close : bounded(close + draw(41) - 20);
    const last = still ? open : bounded(open + draw(201) - 100);
    const high = Math.max(open, last) + (still ? 0 : draw(50));
    const low = Math.min(open, last) - (still ? 0 : draw(50));
    const volume = draw(100_000);
    close = last;
    const bar = { open, high, low, close, volume, value: close };
    column[row] = bar[field] / 64;
  }
  return column;
}

/** Keeps the walk where prices are positive. */
function bounded(price: number): number {
  return Math.min(Math.max(price, 2000), 19_000);
}

/** Whole numbers from 0 to `below - 1`, from the high bits of a linear congruential sequence. */
function drawer(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}
