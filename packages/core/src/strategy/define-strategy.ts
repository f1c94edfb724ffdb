import type { IndicatorDefinition } from "../indicators/indicator.ts";
import { FailureError } from "../model/failure.ts";
import { parseInterval } from "../model/time.ts";
import type { BarView } from "./bar-view.ts";
import type { IndicatorHandle } from "./indicator-handle.ts";
import { type BarsInput, bars, checkInputs, type InputSpecs } from "./inputs.ts";
import type { Intent } from "./intent.ts";
import type { Line } from "./line.ts";
import { type ParamSpecs, type ParamValues, resolveParams } from "./param.ts";
import type { SavedValue } from "./saved-value.ts";
import type { SeriesHandle } from "./series-handle.ts";
import type { FillView, StrategyView } from "./strategy-view.ts";

/** What a reaction gives back: nothing, one wish, or several. Never a promise. */
// A reaction that returns nothing at all is typed `void`.
// biome-ignore lint/suspicious/noConfusingVoidType: without it every reaction would need `return undefined`
export type Wish = undefined | void | Intent | readonly Intent[];

export interface Timer {
  readonly name: string;
  readonly timeUs: number;
}

/**
 * The reactions of a running strategy. Each is optional; state lives in the closure that made them. `Name` is the union of the
 * strategy's input names, so that an editor completes them.
 */
export interface Reactions<Name extends string = string> {
  onStart?(view: StrategyView<Name>): Wish;
  /** A bar of an input closed: `bar.input` tells of which, in a strategy with several. */
  onBar?(bar: BarView & { readonly input: Name }, view: StrategyView<Name>): Wish;
  /** All bars of this instant are in and their `onBar` has run. An input without a bar at this instant shows its last one. */
  onBars?(view: StrategyView<Name>): Wish;
  /** One of the strategy's own orders filled. */
  onFill?(fill: FillView & { readonly input: Name }, view: StrategyView<Name>): Wish;
  /** An interval declared in `timers` passed. */
  onTimer?(timer: Timer, view: StrategyView<Name>): Wish;
  /**
   * All that the closure remembers beside its indicators, position and orders, as plain data. Asked between two reactions of a live session, so that a
   * restart need not replay it from its first record; must change nothing. Indicators are kept by the session itself.
   */
  save?(): SavedValue;
  /** Right after `create` in a new process: takes back what {@link Reactions.save} gave. Every later decision must be as if there had been no restart. */
  restore?(saved: SavedValue): void;
}

/** What `create` is given besides the parameters: the inputs by name, and the maker of indicators. */
export type Tools<I extends InputSpecs> = { readonly [K in keyof I]: SeriesHandle } & {
  /** Computes an indicator along: on the first input, on a given input, or on given lines. Only inside `create`. */
  readonly indicator: <Output extends string>(
    definition: IndicatorDefinition<Output>,
    options?: { readonly of: SeriesHandle | Line | readonly Line[] },
  ) => IndicatorHandle<Output>;
};

export interface StrategySpec<P extends ParamSpecs = ParamSpecs, I extends InputSpecs = InputSpecs> {
  /** Short, in words and dashes: `ema-cross`. */
  readonly name: string;
  readonly about?: string;
  readonly params?: P;
  /** Default: `{ main: bars() }`. */
  readonly inputs?: I;
  /** Names and intervals of timers: `{ daily: "1d" }`. They fire at whole multiples of the interval, UTC. */
  readonly timers?: Readonly<Record<string, string>>;
  /**
   * Says that between two reactions nothing is remembered but by the indicators: no variable of the closure that a reaction writes. Then a live session
   * may start from a snapshot. A strategy that remembers more gives `save` and `restore`. `tradepulse check` tries both.
   */
  readonly remembers?: "indicators";
  create(params: ParamValues<P>, tools: Tools<I>): Reactions<Extract<keyof I, string>>;
}

/** A strategy with its parameters chosen: what a run takes. */
export interface BoundStrategy {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: InputSpecs;
  readonly timers: Readonly<Record<string, string>>;
  readonly paramCount: number;
  readonly remembers?: "indicators";
  create(tools: Tools<InputSpecs>): Reactions;
}

/** A declared strategy: call it with parameters to bind them. */
export interface Strategy<P extends ParamSpecs = ParamSpecs, I extends InputSpecs = InputSpecs> {
  (params?: Partial<ParamValues<P>>): BoundStrategy;
  readonly spec: StrategySpec<P, I>;
}

const DEFAULT_INPUTS = { main: bars() } as const;

/**
 * Declares a strategy. Returns a function that binds parameters: `emaCross({ fast: 5 })`. Unknown or out-of-range parameters, and
 * a name, inputs or timers that cannot be, throw a {@link FailureError} of `strategyCodes`.
 */
export function defineStrategy<
  const P extends ParamSpecs = Record<never, never>,
  const I extends InputSpecs = { readonly main: BarsInput },
>(spec: StrategySpec<P, I>): Strategy<P, I> {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(spec.name)) {
    throw new FailureError({
      code: "TP_STRATEGY_NAME",
      message: `Cannot define strategy "${spec.name}": its name is not made of lower-case words, allowed are a to z, 0 to 9 and dashes, 64 at most`,
      details: [],
      next: 'use a name such as "ema-cross"',
    });
  }
  checkInputs(spec.name, spec.inputs ?? DEFAULT_INPUTS);
  checkTimers(spec.name, spec.timers ?? {});
  const bind = (params: Partial<ParamValues<P>> = {}): BoundStrategy => {
    const { values, failure } = resolveParams(spec.name, spec.params ?? {}, params);
    if (failure !== undefined) throw new FailureError(failure);
    return {
      name: spec.name,
      params: values,
      inputs: spec.inputs ?? DEFAULT_INPUTS,
      timers: spec.timers ?? {},
      paramCount: Object.keys(spec.params ?? {}).length,
      ...(spec.remembers === undefined ? {} : { remembers: spec.remembers }),
      create: (tools) => spec.create(values as ParamValues<P>, tools as unknown as Tools<I>),
    };
  };
  return Object.assign(bind, { spec });
}

function checkTimers(strategy: string, timers: Readonly<Record<string, string>>): void {
  for (const [name, interval] of Object.entries(timers)) {
    if (parseInterval(interval) !== undefined) continue;
    throw new FailureError({
      code: "TP_STRATEGY_TIMER",
      message: `Cannot define strategy "${strategy}": timer "${name}" has interval "${interval}", allowed are a number and s, m, h, d or w`,
      details: [],
      next: 'give it as in { daily: "1d" }',
    });
  }
}
