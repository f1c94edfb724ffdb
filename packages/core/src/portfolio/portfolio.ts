import { invariant } from "../model/failure.ts";
import type { Instrument } from "../model/instrument.ts";
import { mulDivHalfEven } from "../model/mul-div.ts";
import type { Side } from "../model/side.ts";
import { Ledger, LedgerAccount, LedgerCause } from "./ledger.ts";
import { type CarriedPosition, Position } from "./position.ts";

export interface PortfolioOptions {
  readonly instruments: readonly Instrument[];
  /** Opening money in quanta of the quote currency that all instruments share. */
  readonly capital: number;
  readonly keepLedgerRows?: boolean;
}

/** What is carried of a portfolio: balances by ledger account, and positions by instrument. In quanta and lots. */
export interface CarriedPortfolio {
  readonly balances: readonly number[];
  readonly slippagePaid: number;
  readonly positions: readonly CarriedPosition[];
}

/** Positions and money of one account: exact, in lots and quanta. One quote currency for all instruments. */
export class Portfolio {
  readonly instruments: readonly Instrument[];
  readonly ledger: Ledger;
  private readonly positions: Position[];
  /** Spread and slippage paid so far; already inside the notionals. */
  slippagePaid = 0;

  constructor(options: PortfolioOptions) {
    const quote = options.instruments[0]?.quote.code;
    invariant(
      options.instruments.every((each) => each.quote.code === quote),
      "all instruments of a portfolio must share one quote currency",
    );
    this.instruments = options.instruments;
    this.ledger = new Ledger({ keepRows: options.keepLedgerRows === true });
    this.ledger.move(LedgerAccount.cash, LedgerAccount.capital, options.capital, LedgerCause.deposit);
    this.positions = options.instruments.map((_, index) => new Position(1, 1, index));
  }

  position(instrumentIndex: number): Position {
    return this.positions[instrumentIndex]!;
  }

  carry(): CarriedPortfolio {
    return {
      balances: Array.from(this.ledger.balances),
      slippagePaid: this.slippagePaid,
      positions: this.positions.map((each) => each.carry()),
    };
  }

  /** Takes over the money and the positions of a portfolio of the same instruments. Its ledger rows stay with it. */
  resume(carried: CarriedPortfolio): void {
    this.ledger.balances.set(carried.balances);
    this.slippagePaid = carried.slippagePaid;
    for (const [index, position] of this.positions.entries()) position.resume(carried.positions[index]!);
  }

  /** Books a fill: netting, cost basis, realized profit, fee. `notional` and `fee` in quanta. */
  applyFill(instrumentIndex: number, side: Side, lots: number, notional: number, fee: number, timeUs: number): void {
    const position = this.positions[instrumentIndex]!;
    const open = position.signedLots;
    const closing = open !== 0 && open > 0 !== side > 0 ? Math.min(lots, Math.abs(open)) : 0;
    if (closing > 0) {
      const closingNotional = closing === lots ? notional : mulDivHalfEven(notional, closing, lots);
      this.close(position, side, closing, closingNotional);
      if (closing < lots) this.grow(position, side, lots - closing, notional - closingNotional, timeUs);
    } else {
      this.grow(position, side, lots, notional, timeUs);
    }
    position.fillCount += 1;
    position.fees += fee;
    this.ledger.move(LedgerAccount.fees, LedgerAccount.cash, fee, LedgerCause.fee);
  }

  /** Funding, interest, dividends and the like: money that moves without a fill. `quanta` is positive when received. */
  postCash(account: LedgerAccount, quanta: number, cause: LedgerCause): void {
    this.ledger.move(LedgerAccount.cash, account, quanta, cause);
  }

  /** Lots that left without being sold: a fee the venue took in the base. The basis of the rest carries their cost. */
  takeLots(instrumentIndex: number, lots: number): void {
    const position = this.positions[instrumentIndex]!;
    position.signedLots -= lots;
    if (position.signedLots !== 0) return;
    this.ledger.move(LedgerAccount.profit, LedgerAccount.inventory, position.basis, LedgerCause.fee);
    position.realized -= position.basis;
    position.basis = 0;
  }

  /** A split by `numerator / denominator`: the lots scale, the basis stays, the fraction of a lot is returned to be paid in cash. */
  applySplit(instrumentIndex: number, numerator: number, denominator: number): { readonly leftover: number } {
    const position = this.positions[instrumentIndex]!;
    const scaled = (position.signedLots * numerator) / denominator;
    position.signedLots = Math.trunc(scaled);
    return { leftover: scaled - position.signedLots };
  }

  private grow(position: Position, side: Side, lots: number, notional: number, timeUs: number): void {
    if (position.signedLots === 0) {
      position.openedUs = timeUs;
      position.fillCount = 0;
    }
    position.signedLots += side * lots;
    position.basis += notional;
    this.ledger.move(LedgerAccount.inventory, LedgerAccount.cash, side * notional, LedgerCause.fill);
  }

  private close(position: Position, side: Side, lots: number, notional: number): void {
    const released = position.basisOf(lots);
    const profit = side < 0 ? notional - released : released - notional;
    position.signedLots += side * lots;
    position.basis -= released;
    position.realized += profit;
    // Cash receives (sell) or pays (buy) the notional; inventory gives up its basis; the difference is profit.
    this.ledger.move(LedgerAccount.cash, LedgerAccount.inventory, -side * released, LedgerCause.fill);
    this.ledger.move(LedgerAccount.cash, LedgerAccount.profit, profit, LedgerCause.fill);
  }
}
