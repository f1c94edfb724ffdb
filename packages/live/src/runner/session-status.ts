import { type Engine, EventKind, powerOfTen, priceOf, quantityOf } from "@tradepulse/core";

/** How a session stands after an instant. Money in the quote currency, positions in base units. */
export interface SessionStatus {
  readonly timeUs: number;
  readonly bars: number;
  readonly equity: number;
  readonly cash: number;
  readonly positions: readonly { readonly instrumentId: string; readonly quantity: number; readonly lastPrice: number }[];
  readonly fills: number;
  readonly openOrders: number;
  readonly refusals: number;
  readonly tradingState: "enabled" | "reduce-only" | "halted";
}

export const TRADING_STATES = ["enabled", "reduce-only", "halted"] as const;

/** Reads how an engine stands, each event once. */
export class StatusReader {
  private readonly engine: Engine;
  private next = 0;
  private fills = 0;
  private refusals = 0;
  private instants = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Called once for every instant. */
  read(timeUs: number): SessionStatus {
    const { engine } = this;
    this.instants += 1;
    for (; this.next < engine.events.length; this.next += 1) {
      const kind = engine.events.word(this.next, 0);
      if (kind === EventKind.filled) this.fills += 1;
      else if (kind === EventKind.refused) this.refusals += 1;
    }
    const quanta = powerOfTen(engine.instruments[0]!.quote.scale);
    return {
      timeUs,
      bars: this.instants,
      equity: engine.equity,
      cash: engine.account.portfolio.ledger.cash / quanta,
      positions: engine.instruments.map((each, index) => ({
        instrumentId: each.id,
        quantity: quantityOf(each, engine.account.signedLots(index)),
        lastPrice: priceOf(each, engine.account.marks[index]!),
      })),
      fills: this.fills,
      openOrders: engine.openOrderIds().length,
      refusals: this.refusals,
      tradingState: TRADING_STATES[engine.options.risk?.tradingState ?? 0],
    };
  }
}
