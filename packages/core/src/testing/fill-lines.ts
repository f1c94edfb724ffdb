import type { Engine } from "../engine/engine.ts";
import { fillsOf } from "../engine/read-events.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { sideName } from "../model/side.ts";
import { US_PER_MINUTE } from "../model/time.ts";
import { marginAccount } from "../portfolio/account-terms.ts";
import type { BoundStrategy, Wish } from "../strategy/define-strategy.ts";
import { bars } from "./bars.ts";
import { type PlayOptions, runTest } from "./play.ts";
import { scripted } from "./scripted.ts";

/** The fills of a run, one line each: minute of the run, side, size, price, liquidity. */
export function fillLines(engine: Engine): string[] {
  return fillsOf(engine.events).map((fill) => {
    const { notional, priceScale } = engine.instruments[fill.instrumentIndex]!;
    const price = (fill.notional * notional.denominator) / (fill.lots * notional.numerator) / powerOfTen(priceScale);
    const minute = fill.timeUs / US_PER_MINUTE;
    return `${minute} ${sideName(fill.side)} ${fill.lots} @ ${Number(price.toPrecision(12))} ${fill.liquidity}`;
  });
}

/** Plenty of money and shorts allowed: what a table of fills wants, where money is not the question. */
export const RICH: PlayOptions = { capital: 1_000_000, account: marginAccount({ leverage: 1 }) };

/**
 * Fills of a wish that is decided at the close of the first bar. A fill at the open of bar `k` (from 0) is told at minute `k`, one on its
 * path at minute `k + 1`. The bar before the first named one stands at 100.
 */
export function fillsAfter(wish: Wish, text: string, options: PlayOptions = {}): string[] {
  return fillsOfScript(scripted({ 0: wish }), `100 ${text}`, options);
}

export function fillsOfScript(strategy: BoundStrategy, text: string, options: PlayOptions = {}): string[] {
  return fillLines(runTest(strategy, bars(text), { ...RICH, ...options }));
}
