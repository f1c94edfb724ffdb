import { type Engine, powerOfTen, priceOf, quantityOf } from "@tradepulse/core";

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

/** Reads how an engine stands. */
export class StatusReader {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  read(timeUs: number): SessionStatus {
    const { engine } = this;
    const quanta = powerOfTen(engine.instruments[0]!.quote.scale);
    return {
      timeUs,
      bars: Math.max(...engine.series.map(({ cursor, dropped }) => cursor.index + 1 + dropped)),
      equity: engine.equity,
      cash: engine.account.portfolio.ledger.cash / quanta,
      positions: engine.instruments.map((each, index) => ({
        instrumentId: each.id,
        quantity: quantityOf(each, engine.account.signedLots(index)),
        lastPrice: priceOf(each, engine.account.marks[index]!),
      })),
      fills: engine.fillDesk.fills,
      openOrders: engine.openOrderIds().length,
      refusals: engine.desk.refusals.count,
      tradingState: TRADING_STATES[engine.options.risk?.tradingState ?? 0],
    };
  }
}
