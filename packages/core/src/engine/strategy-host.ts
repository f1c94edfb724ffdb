import type { IndicatorDefinition } from "../indicators/indicator.ts";
import type { BarSeries } from "../market/bar-series.ts";
import type { ColumnPool } from "../model/column-pool.ts";
import { FailureError } from "../model/failure.ts";
import { formatTimeUs } from "../model/time.ts";
import { BarView } from "../strategy/bar-view.ts";
import type { BoundStrategy, Reactions, Tools, Wish } from "../strategy/define-strategy.ts";
import type { InputSpecs } from "../strategy/inputs.ts";
import type { Intent } from "../strategy/intent.ts";
import type { Line } from "../strategy/line.ts";
import { SeriesHandle } from "../strategy/series-handle.ts";
import { IndicatorHost } from "./indicator-host.ts";
import { checkMemory } from "./strategy-memory.ts";

/** A strategy at work: its inputs bound to series, its indicators, its reactions. */
export class StrategyHost {
  readonly strategy: BoundStrategy;
  readonly inputs: readonly string[];
  readonly series: readonly BarSeries[];
  readonly bars: readonly BarView[];
  readonly indicators: IndicatorHost;
  readonly reactions: Reactions;

  /** True while its wishes are not carried out: it sees bars of the past that a recovery catches up with. */
  isHeld = false;

  /** `series` bind to the strategy's inputs in their declared order. */
  constructor(strategy: BoundStrategy, series: readonly BarSeries[], pool?: ColumnPool) {
    this.strategy = strategy;
    this.inputs = Object.keys(strategy.inputs);
    this.series = series;
    this.bars = this.inputs.map((name, k) => new BarView(name, series[k]!));
    const handles = this.inputs.map((name, k) => new SeriesHandle(name, series[k]!));
    this.indicators = new IndicatorHost(handles, pool);
    const tools: Record<string, unknown> = {
      indicator: (definition: IndicatorDefinition, options?: { readonly of: SeriesHandle | Line | readonly Line[] }) =>
        this.indicators.make(definition, options),
    };
    this.inputs.forEach((name, k) => {
      tools[name] = handles[k]!;
    });
    this.reactions = this.guard("create", 0, () => strategy.create(tools as unknown as Tools<InputSpecs>));
    const isPromise = typeof (this.reactions as { then?: unknown } | null)?.then === "function";
    if (typeof this.reactions !== "object" || this.reactions === null || isPromise) {
      throw new FailureError({
        code: "TP_STRATEGY_CREATE",
        message: `Cannot start "${strategy.name}": create gives ${isPromise ? "a promise" : this.reactions === null ? "null" : `a ${typeof this.reactions}`}, allowed is an object of reactions such as { onBar }`,
        details: [],
        next: "return { onBar(bar, view) { ... } } from create, not a promise",
      });
    }
    checkMemory(strategy.name, this.reactions);
    this.indicators.seal();
  }

  /** True when the strategy declares that a fresh one can go on where this one stands: it saves and restores, or says that there is nothing to save. */
  get isRestartable(): boolean {
    return this.reactions.save !== undefined || this.strategy.remembers === "indicators";
  }

  /** Instrument index of an input; the first input's for an empty name, -1 when unknown. */
  instrumentOf(input: string): number {
    if (input === "") return this.series[0]!.instrumentIndex;
    const at = this.inputs.indexOf(input);
    return at < 0 ? -1 : this.series[at]!.instrumentIndex;
  }

  inputOf(instrumentIndex: number): string {
    return this.inputs[this.series.findIndex((each) => each.instrumentIndex === instrumentIndex)] ?? "";
  }

  /** Runs user code: what it throws becomes a failure that names the strategy, the reaction and the instant. */
  guard<T>(reaction: string, timeUs: number, run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw this.failureOf(reaction, timeUs, error);
    }
  }

  /** The failure for something thrown in a reaction. A failure that already has a code keeps it and gains the place. */
  failureOf(reaction: string, timeUs: number, error: unknown): unknown {
    const where: [string, string][] = [
      ["strategy", `${this.strategy.name}, ${reaction}${timeUs === 0 ? "" : `, ${formatTimeUs(timeUs)}`}`],
    ];
    if (error instanceof FailureError) {
      // A failure that already names a reaction passed through an outer one: the inner place is the right one.
      if (error.failure.details.some(([label, text]) => label === "strategy" && text.startsWith(`${this.strategy.name}, `))) return error;
      return new FailureError(
        { ...error.failure, details: [...error.failure.details.filter(([label]) => label !== "strategy"), ...where] },
        error,
      );
    }
    if (error instanceof Error && error.name === "InvariantViolation") return error;
    const text = error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}: ${String(error)}`;
    return new FailureError(
      {
        code: "TP_STRATEGY_THREW",
        message: `Cannot go on with "${this.strategy.name}": its ${reaction} threw "${text}", allowed is to return nothing or intents`,
        details: where,
        next: "fix the strategy",
      },
      error,
    );
  }

  /** The intents of a wish, or `undefined` for none. A promise is refused: a reaction ends before time goes on. */
  intentsOf(reaction: string, timeUs: number, wish: Wish): Intent | readonly Intent[] | undefined {
    if (wish === undefined || wish === null) return undefined;
    if (typeof (wish as { then?: unknown }).then === "function") {
      // The run ends here; what the promise does later must not end the process.
      (wish as unknown as PromiseLike<unknown>).then(undefined, () => undefined);
      throw new FailureError({
        code: "TP_STRATEGY_PROMISE",
        message: `Cannot act on what ${reaction} of "${this.strategy.name}" returned: it is a promise, allowed are nothing, an intent, or an array of intents`,
        details: [["strategy", `${this.strategy.name}, ${reaction}, ${formatTimeUs(timeUs)}`]],
        next: "make the reaction a plain function without async and await",
      });
    }
    return this.isHeld ? undefined : wish;
  }
}
