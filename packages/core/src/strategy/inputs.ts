import { type Failure, FailureError } from "../model/failure.ts";
import { parseInterval } from "../model/time.ts";
import { nearestName } from "./nearest-name.ts";

/** What a strategy wants to see: the bars of an instrument, or longer bars built from another input's. */
export interface BarsInput {
  readonly kind: "bars";
  /** Another input whose bars these are built from; `undefined` for an input of its own. */
  readonly of: string | undefined;
  /** Interval such as `1h`; `undefined` takes the interval of the data. */
  readonly interval: string | undefined;
}

export type InputSpecs = Readonly<Record<string, BarsInput>>;

/** Declares an input of bars: `bars()`, or `bars({ of: "main", interval: "1h" })`. */
export function bars(options: { readonly of?: string; readonly interval?: string } = {}): BarsInput {
  return { kind: "bars", of: options.of, interval: options.interval };
}

/** Throws a {@link FailureError} when the inputs of a strategy cannot be: none, a reserved name, an unknown source, no interval. */
export function checkInputs(strategy: string, inputs: InputSpecs): void {
  const names = Object.keys(inputs);
  if (names.length === 0) throw refused(strategy, "it has no inputs, at least one is needed", "leave `inputs` out for { main: bars() }");
  for (const name of names) {
    const { of, interval } = inputs[name]!;
    if (name === "indicator") throw refused(strategy, `an input is named "${name}", which is the maker of indicators`, "rename the input");
    if (of === undefined) {
      if (interval === undefined) continue;
      throw refused(
        strategy,
        `input "${name}" asks for an interval, "${interval}", of no other input`,
        `build it from another input, as in bars({ of: "main", interval: "${interval}" })`,
      );
    }
    const source = Object.hasOwn(inputs, of) ? inputs[of] : undefined;
    if (source === undefined) {
      const known = names.filter((each) => each !== name);
      throw new FailureError({ ...unknownInput(of, known), code: "TP_STRATEGY_INPUTS" });
    }
    if (source.of !== undefined) {
      throw refused(
        strategy,
        `input "${name}" is built from "${of}", which is itself built from "${source.of}"`,
        `build it from "${source.of}"`,
      );
    }
    if (interval === undefined || parseInterval(interval) === undefined) {
      const given = interval === undefined ? "no interval" : `interval "${interval}"`;
      throw refused(
        strategy,
        `input "${name}" has ${given}, allowed are a number and s, m, h, d or w`,
        `give it as in bars({ of: "${of}", interval: "4h" })`,
      );
    }
  }
}

/** The failure for a name that no input has. */
export function unknownInput(name: string, known: readonly string[]): Failure {
  const near = nearestName(name, known);
  return {
    code: "TP_STRATEGY_INPUT_UNKNOWN",
    message: `Cannot find input "${name}": the strategy has no such input, known are ${known.map((each) => `"${each}"`).join(", ") || "none"}`,
    details: near === undefined ? [] : [["meant", `"${near}"`]],
    next: "use one of the known names",
  };
}

function refused(strategy: string, why: string, next: string): FailureError {
  return new FailureError({ code: "TP_STRATEGY_INPUTS", message: `Cannot define strategy "${strategy}": ${why}`, details: [], next });
}
