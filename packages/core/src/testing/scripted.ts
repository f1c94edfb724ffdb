import { type BoundStrategy, defineStrategy, type Wish } from "../strategy/define-strategy.ts";
import type { InputSpecs } from "../strategy/inputs.ts";
import type { FillView, StrategyView } from "../strategy/strategy-view.ts";

/** What a scripted strategy wishes at a bar: a wish, or one made from what it sees then. */
export type ScriptLine = Wish | ((view: StrategyView) => Wish);

export interface ScriptOptions {
  readonly inputs?: InputSpecs;
  readonly timers?: Readonly<Record<string, string>>;
  readonly onStart?: (view: StrategyView) => Wish;
  readonly onFill?: (fill: FillView, view: StrategyView) => Wish;
  readonly onTimer?: (name: string, view: StrategyView) => Wish;
}

/**
 * A strategy that follows a script: at the close of the bar with index `k` of its first input it wishes `script[k]`, otherwise nothing.
 * For tests of what happens to an order, where the reason for it does not matter.
 */
export function scripted(script: Readonly<Record<number, ScriptLine>>, options: ScriptOptions = {}): BoundStrategy {
  const { inputs, timers = {}, onStart, onFill, onTimer } = options;
  const strategy = defineStrategy({
    name: "scripted",
    timers,
    ...(inputs === undefined ? {} : { inputs }),
    create: () => {
      const first = Object.keys(inputs ?? { main: 0 })[0];
      return {
        onBar(bar, view) {
          const line = bar.input === first ? script[bar.index] : undefined;
          return typeof line === "function" ? line(view) : line;
        },
        ...(onStart === undefined ? {} : { onStart }),
        ...(onFill === undefined ? {} : { onFill }),
        ...(onTimer === undefined ? {} : { onTimer: (timer: { readonly name: string }, view: StrategyView) => onTimer(timer.name, view) }),
      };
    },
  });
  return strategy();
}
