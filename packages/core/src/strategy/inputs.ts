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
