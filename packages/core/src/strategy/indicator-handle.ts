import type { Cursor } from "../market/bar-series.ts";
import { Line } from "./line.ts";

/** An indicator as a strategy holds it: itself a line (its first output), and every output by name but a plain `value`, which is a number. */
export type IndicatorHandle<Output extends string> = Line & { readonly [K in Exclude<Output, "value">]: Line };

/** A handle over finished output columns. */
export function indicatorHandle<Output extends string>(
  name: string,
  outputs: readonly Output[],
  columns: readonly Float64Array[],
  cursor: Cursor,
): IndicatorHandle<Output> {
  const handle = new Line(name, columns[0]!, cursor) as IndicatorHandle<Output>;
  outputs.forEach((output, k) => {
    if (output === "value") return;
    const line = k === 0 ? handle : new Line(`${name}.${output}`, columns[k]!, cursor);
    Object.defineProperty(handle, output, { value: line, enumerable: true });
  });
  return handle;
}
