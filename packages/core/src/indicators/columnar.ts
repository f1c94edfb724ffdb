import { FailureError } from "../model/failure.ts";
import type { IndicatorDefinition } from "./indicator.ts";

/**
 * An indicator over whole columns: one output column for each of its lines, of the same length, NaN during warm-up and in gaps.
 * Allocates the outputs and the kernel's memory, nothing else.
 *
 * @param inputs one column for each of `definition.inputs`, in that order, of equal length
 * @throws FailureError `TP_INDICATOR_INPUTS`
 */
export function columnar<Output extends string>(
  definition: IndicatorDefinition<Output>,
  inputs: readonly Float64Array[],
): Record<Output, Float64Array> {
  requireInputs(definition, inputs.length);
  const length = inputs[0]?.length ?? 0;
  for (const column of inputs) {
    if (column.length === length) continue;
    throw new FailureError({
      code: "TP_INDICATOR_INPUTS",
      message: `Cannot compute "${definition.name}": its input columns have ${inputs.map((each) => each.length).join(" and ")} rows, allowed is one length for all`,
      details: [["inputs", definition.inputs.join(", ")]],
      next: "align the columns on the same rows first",
    });
  }
  const outputs = definition.outputs.map(() => new Float64Array(length));
  definition.createKernel(inputs, outputs).advance(0, length);
  return Object.fromEntries(definition.outputs.map((output, i) => [output, outputs[i]])) as Record<Output, Float64Array>;
}

/** Throws `TP_INDICATOR_INPUTS` unless `count` is the number of inputs that the indicator reads. */
export function requireInputs(definition: IndicatorDefinition, count: number): void {
  const { name, inputs } = definition;
  if (inputs.length === count) return;
  throw new FailureError({
    code: "TP_INDICATOR_INPUTS",
    message: `Cannot compute "${name}": given are ${count} inputs, allowed are exactly ${inputs.length} inputs (${inputs.join(", ")})`,
    details: [["inputs", inputs.join(", ")]],
    next: "pass one for each, in this order",
  });
}
