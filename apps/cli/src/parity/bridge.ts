import type { Instrument } from "@tradepulse/core";
import { Fraction } from "./fraction.ts";
import type { OrderPair } from "./match-orders.ts";
import type { OrderStory, StoryFill } from "./order-story.ts";

/** Why a session earned something else than its backtest. */
export type BridgeCause = "data" | "code version" | "signal" | "missed fill" | "latency" | "fill price" | "fee" | "manual trades";

/** Each cause in a sentence. */
export const CAUSE_MEANINGS: Readonly<Record<BridgeCause, string>> = {
  data: "The bars of the session were other than those of the reference.",
  "code version": "The strategy has changed since the session: orders that only one of the two versions decides.",
  signal: "Orders that only the session or only the backtest decided, by the same code.",
  "missed fill": "Orders that both decided, and that filled in one of the two only, or by another quantity.",
  latency: "The market moved between the bar in which the backtest filled and the one in which the session did.",
  "fill price": "The rest of the difference in price: spread, slippage, depth.",
  fee: "Fees of the session less fees of the backtest.",
  "manual trades": "Trades on the account that no order of the session explains.",
};

export interface BridgeRow {
  readonly cause: BridgeCause;
  /** Session less backtest, in quanta; exact. */
  readonly amount: Fraction;
  /** Orders that it comes from. */
  readonly orders: number;
}

export interface BridgeInput {
  readonly instruments: readonly Instrument[];
  readonly pairs: readonly OrderPair[];
  /** Fills that no order of the session explains. */
  readonly external: readonly { readonly instrumentIndex: number; readonly side: 1 | -1; readonly fill: StoryFill }[];
  /** Last price of each instrument, in units. */
  readonly markUnits: readonly number[];
  /** Open, in units, of the bar in which an instant lies; `undefined` where there is none. */
  openUnitsAt(instrumentIndex: number, timeUs: number): number | undefined;
  readonly isCodeSame: boolean;
  /** Profit of the backtest on the bars of the session less that on the reference, in quanta. */
  readonly dataDifference: Fraction;
}

const ORDER: readonly BridgeCause[] = ["data", "code version", "signal", "missed fill", "latency", "fill price", "fee", "manual trades"];

/**
 * The bridge from a backtest to a session: profit is a sum over fills (what the lots are worth at the last price, less what was paid for them, less
 * the fee), so the difference of two profits falls apart into rows without a remainder. Every amount is exact, and the rows sum to the difference.
 */
export class Bridge {
  readonly rows: readonly BridgeRow[];
  readonly difference: Fraction;
  /** What each pair of orders contributes, fees included; those that contribute nothing are left out. */
  readonly byPair = new Map<OrderPair, Fraction>();
  private readonly input: BridgeInput;
  private readonly amounts = new Map<BridgeCause, { amount: Fraction; orders: Set<object> }>();

  constructor(input: BridgeInput) {
    this.input = input;
    this.add("data", input.dataDifference, undefined);
    for (const pair of input.pairs) this.explain(pair);
    for (const external of input.external) {
      const story = { ...external, fills: [external.fill] };
      this.add("manual trades", this.gross(story).minus(this.fees(story)), external);
    }
    this.rows = ORDER.map((cause) => {
      const found = this.amounts.get(cause);
      return { cause, amount: found?.amount ?? Fraction.zero, orders: found?.orders.size ?? 0 };
    });
    this.difference = this.rows.reduce((sum, { amount }) => sum.plus(amount), Fraction.zero);
  }

  private explain(pair: OrderPair): void {
    const { session, backtest } = pair;
    this.add("fee", this.feesOf(backtest).minus(this.feesOf(session)), pair);
    const alone: BridgeCause = this.input.isCodeSame ? "signal" : "code version";
    if (session === undefined || backtest === undefined) {
      this.add(alone, session === undefined ? negative(this.gross(backtest!)) : this.gross(session), pair);
      return;
    }
    const sessionLots = lotsOf(session);
    const backtestLots = lotsOf(backtest);
    const common = Math.min(sessionLots, backtestLots);
    // What one of them has more, at its own average price.
    const surplus = this.gross(session).times(share(sessionLots - common, sessionLots));
    const lack = this.gross(backtest).times(share(backtestLots - common, backtestLots));
    this.add("missed fill", surplus.minus(lack), pair);
    if (common === 0) return;
    const paid = notionalOf(session).times(share(common, sessionLots));
    const modelled = notionalOf(backtest).times(share(common, backtestLots));
    const priceDifference = Fraction.of(session.side).times(modelled.minus(paid));
    const latency = this.latency(session, backtest, common);
    this.add("latency", latency, pair);
    this.add("fill price", priceDifference.minus(latency), pair);
  }

  /** What the move of the market from bar to bar cost the lots that both filled. */
  private latency(session: OrderStory, backtest: OrderStory, lots: number): Fraction {
    const { instrumentIndex, side } = session;
    const then = this.input.openUnitsAt(instrumentIndex, backtest.fills[0]!.timeUs);
    const now = this.input.openUnitsAt(instrumentIndex, session.fills[0]!.timeUs);
    if (then === undefined || now === undefined) return Fraction.zero;
    return Fraction.of(side).times(this.worth(instrumentIndex, lots, then - now));
  }

  /** Worth of the lots at the last price less what was paid, for a buy; the reverse for a sell. */
  private gross(story: { readonly instrumentIndex: number; readonly side: 1 | -1; readonly fills: readonly StoryFill[] }): Fraction {
    const lots = story.fills.reduce((sum, fill) => sum + fill.lots, 0);
    const worth = this.worth(story.instrumentIndex, lots, this.input.markUnits[story.instrumentIndex]!);
    return Fraction.of(story.side).times(worth.minus(notionalOf(story)));
  }

  private feesOf(story: OrderStory | undefined): Fraction {
    return story === undefined ? Fraction.zero : this.fees(story);
  }

  /** Fees in money, and lots that were kept as fees at the last price. */
  private fees({ instrumentIndex, fills }: { readonly instrumentIndex: number; readonly fills: readonly StoryFill[] }): Fraction {
    return fills.reduce(
      (sum, { fee, feeLots }) =>
        sum.plus(Fraction.of(fee)).plus(this.worth(instrumentIndex, feeLots, this.input.markUnits[instrumentIndex]!)),
      Fraction.zero,
    );
  }

  private worth(instrumentIndex: number, lots: number, units: number): Fraction {
    const { numerator, denominator } = this.input.instruments[instrumentIndex]!.notional;
    return Fraction.of(BigInt(lots) * BigInt(units) * BigInt(numerator), denominator);
  }

  private add(cause: BridgeCause, amount: Fraction, from: object | undefined): void {
    if (amount.isZero) return;
    const found = this.amounts.get(cause) ?? { amount: Fraction.zero, orders: new Set<object>() };
    found.amount = found.amount.plus(amount);
    if (from !== undefined) found.orders.add(from);
    if (from !== undefined && "backtest" in from) {
      const pair = from as OrderPair;
      this.byPair.set(pair, (this.byPair.get(pair) ?? Fraction.zero).plus(amount));
    }
    this.amounts.set(cause, found);
  }
}

/** Profit of fills and external trades at the last prices, in quanta; exact. What a bridge explains the difference of. */
export function profitOf(
  input: Pick<BridgeInput, "instruments" | "markUnits">,
  stories: readonly Pick<OrderStory, "instrumentIndex" | "side" | "fills">[],
): Fraction {
  return stories.reduce((sum, { instrumentIndex, side, fills }) => {
    const { numerator, denominator } = input.instruments[instrumentIndex]!.notional;
    return fills.reduce((all, { lots, notional, fee, feeLots }) => {
      const units = BigInt(input.markUnits[instrumentIndex]!) * BigInt(numerator);
      const worth = Fraction.of((BigInt(lots) * BigInt(side) - BigInt(feeLots)) * units, denominator);
      return all
        .plus(worth)
        .minus(Fraction.of(side * notional))
        .minus(Fraction.of(fee));
    }, sum);
  }, Fraction.zero);
}

function notionalOf({ fills }: { readonly fills: readonly StoryFill[] }): Fraction {
  return fills.reduce((sum, { notional }) => sum.plus(Fraction.of(notional)), Fraction.zero);
}

function lotsOf({ fills }: OrderStory): number {
  return fills.reduce((sum, { lots }) => sum + lots, 0);
}

/** `part` of `whole`; nothing of nothing. */
function share(part: number, whole: number): Fraction {
  return whole === 0 ? Fraction.zero : Fraction.of(part, whole);
}

function negative(value: Fraction): Fraction {
  return Fraction.zero.minus(value);
}
