import { ema } from "../indicators/ema.ts";
import { type BoundStrategy, defineStrategy, type Wish } from "../strategy/define-strategy.ts";
import { buy, close, type Intent } from "../strategy/intent.ts";

/** What a bad strategy must give: a coded failure that names it, its reaction and the instant, a refusal event, or a finding of the check. */
export type BadOutcome =
  | { readonly kind: "failure"; readonly code: string; readonly reaction: string }
  | { readonly kind: "refusal"; readonly cause: string }
  /** It runs through; only comparing runs shows it: the same twice in one process, or over another future. */
  | { readonly kind: "found-by-check"; readonly by: "same-run-twice" | "another-future" };

/** One of the corpus: how it goes wrong, and what must come of it. */
export interface BadStrategy {
  readonly name: string;
  readonly about: string;
  /** A fresh strategy. `closes` are the closes of the data that it will run over, for those that read them behind the engine's back. */
  readonly make: (closes: Float64Array) => BoundStrategy;
  readonly outcome: BadOutcome;
}

/** Index of the bar at which the ones that fail do so. */
export const BAD_BAR = 3;

function atBadBar(name: string, act: () => unknown): BoundStrategy {
  return defineStrategy({ name, create: () => ({ onBar: (bar) => (bar.index === BAD_BAR ? (act() as Wish) : undefined) }) })();
}

/** Shared by all runs of this process, as module state is: the defect itself. */
let runsSoFar = 0;

/** Strategies that go wrong in the ways that users' strategies do. Shared by the tests of the engine, of the check and of a live run. */
export const BAD_STRATEGIES: readonly BadStrategy[] = [
  {
    name: "throws",
    about: "throws an error of its own",
    make: () =>
      atBadBar("throws", () => {
        throw new TypeError("cannot read what is not there");
      }),
    outcome: { kind: "failure", code: "TP_STRATEGY_THREW", reaction: "onBar" },
  },
  {
    name: "throws-text",
    about: "throws something that is no error",
    make: () =>
      atBadBar("throws-text", () => {
        // oxlint-disable-next-line typescript/only-throw-error -- it is the defect that this one shows
        throw "out of cheese";
      }),
    outcome: { kind: "failure", code: "TP_STRATEGY_THREW", reaction: "onBar" },
  },
  {
    name: "throws-in-on-fill",
    about: "throws when it is told of a fill",
    make: () =>
      defineStrategy({
        name: "throws-in-on-fill",
        create: () => ({
          onBar: (bar) => (bar.index === BAD_BAR ? buy({ quantity: 1 }) : undefined),
          onFill() {
            throw new RangeError("not prepared for this");
          },
        }),
      })(),
    outcome: { kind: "failure", code: "TP_STRATEGY_THREW", reaction: "onFill" },
  },
  {
    name: "returns-a-promise",
    about: "is async, so that it would act at some later time",
    make: () => atBadBar("returns-a-promise", async () => buy({ quantity: 1 })),
    outcome: { kind: "failure", code: "TP_STRATEGY_PROMISE", reaction: "onBar" },
  },
  {
    name: "returns-a-failing-promise",
    about: "is async and throws after its first wait",
    make: () =>
      atBadBar("returns-a-failing-promise", async () => {
        await Promise.resolve();
        throw new Error("too late to be heard");
      }),
    outcome: { kind: "failure", code: "TP_STRATEGY_PROMISE", reaction: "onBar" },
  },
  {
    name: "returns-something-else",
    about: "returns a word instead of an intent",
    make: () => atBadBar("returns-something-else", () => "buy"),
    outcome: { kind: "failure", code: "TP_STRATEGY_NOT_AN_INTENT", reaction: "onBar" },
  },
  {
    name: "nan-price",
    about: "computes a limit from an average that is not ready",
    make: () => atBadBar("nan-price", () => buy({ quantity: 1, limit: Number.NaN })),
    outcome: { kind: "refusal", cause: "price" },
  },
  {
    name: "nan-size",
    about: "computes a size that is no number",
    make: () => atBadBar("nan-size", () => buy({ quantity: 0 / 0 })),
    outcome: { kind: "refusal", cause: "size" },
  },
  {
    name: "ten-thousand-intents",
    about: "wishes ten thousand orders on one bar",
    make: () => atBadBar("ten-thousand-intents", () => Array.from({ length: 10_000 }, (): Intent => buy({ quantity: 1, limit: 1 }))),
    outcome: { kind: "refusal", cause: "intent-limit" },
  },
  {
    name: "mutates-the-bar",
    about: "writes to the bar that it was given",
    make: () =>
      defineStrategy({
        name: "mutates-the-bar",
        create: () => ({
          onBar(bar) {
            if (bar.index === BAD_BAR) (bar as { close: number }).close = 1;
          },
        }),
      })(),
    outcome: { kind: "failure", code: "TP_STRATEGY_THREW", reaction: "onBar" },
  },
  {
    name: "asks-for-the-next-bar",
    about: "reads a negative number of bars ago",
    make: () =>
      defineStrategy({
        name: "asks-for-the-next-bar",
        create: (_params, { main }) => ({
          onBar: (bar) => (bar.index === BAD_BAR && main.close.ago(-1) > bar.close ? buy({ quantity: 1 }) : undefined),
        }),
      })(),
    outcome: { kind: "failure", code: "TP_STRATEGY_READS_AHEAD", reaction: "onBar" },
  },
  {
    name: "asks-before-the-start",
    about: "reads more bars ago than there were",
    make: () =>
      defineStrategy({
        name: "asks-before-the-start",
        create: (_params, { main }) => ({
          onBar: (bar) => (bar.index === BAD_BAR && main.close.ago(100) > bar.close ? buy({ quantity: 1 }) : undefined),
        }),
      })(),
    outcome: { kind: "failure", code: "TP_STRATEGY_READS_BEFORE_START", reaction: "onBar" },
  },
  {
    name: "makes-an-indicator-late",
    about: "keeps the maker of indicators and uses it while it runs",
    make: () =>
      defineStrategy({
        name: "makes-an-indicator-late",
        create: (_params, { indicator }) => ({
          onBar(bar) {
            if (bar.index === BAD_BAR) indicator(ema(3));
          },
        }),
      })(),
    outcome: { kind: "failure", code: "TP_STRATEGY_INDICATOR_LATE", reaction: "onBar" },
  },
  {
    name: "keeps-module-state",
    about: "counts its runs outside of create, so that the second run of a process trades differently",
    make: () =>
      defineStrategy({
        name: "keeps-module-state",
        create() {
          runsSoFar += 1;
          const quantity = runsSoFar;
          return { onBar: (bar) => (bar.index === BAD_BAR ? buy({ quantity }) : undefined) };
        },
      })(),
    outcome: { kind: "found-by-check", by: "same-run-twice" },
  },
  {
    name: "reads-ahead",
    about: "holds the whole data itself and buys before the price rises",
    make: (closes) =>
      defineStrategy({
        name: "reads-ahead",
        create: () => ({
          onBar(bar, { position }) {
            const next = closes[bar.index + 1];
            if (next === undefined) return;
            if (next > bar.close && position.isFlat) return buy({ quantity: 1 });
            if (next < bar.close && position.isLong) return close();
          },
        }),
      })(),
    outcome: { kind: "found-by-check", by: "another-future" },
  },
];
