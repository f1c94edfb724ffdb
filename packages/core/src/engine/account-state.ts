import type { Instrument } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { BILLION } from "../model/rate.ts";
import type { AccountTerms } from "../portfolio/account-terms.ts";
import type { Portfolio } from "../portfolio/portfolio.ts";
import type { VenueAccount } from "../simulator/venue-port.ts";

/** Part of a price unit that forgives the rounding of a valuation: a price that is whole must not fall to the unit beside it. */
const UNIT_SLACK = 1e-4;

/**
 * What the account is worth and what it may still do. Valuations of the exact ledger in floating point, at the marks: the last price
 * of each instrument visible before the fill in question.
 */
export class AccountState implements VenueAccount {
  readonly terms: AccountTerms;
  readonly portfolio: Portfolio;
  /** True when selling more than is held is not allowed. */
  readonly isCash: boolean;
  /** Last visible price of each instrument in price units; 0 before the first. */
  readonly marks: Float64Array;
  /** Quanta per price unit and lot. */
  private readonly factors: Float64Array;
  /** Money set aside for orders that may open exposure, in quanta. */
  reserved = 0;
  /** Set when equity reached zero or below: nothing more is opened. */
  isRuined = false;

  constructor(portfolio: Portfolio, terms: AccountTerms) {
    this.portfolio = portfolio;
    this.terms = terms;
    this.isCash = terms.kind === "cash";
    this.marks = new Float64Array(portfolio.instruments.length);
    this.factors = Float64Array.from(portfolio.instruments, (each) => each.notional.numerator / each.notional.denominator);
  }

  get liquidationFee(): number {
    return this.terms.liquidationFee;
  }

  signedLots(instrumentIndex: number): number {
    return this.portfolio.position(instrumentIndex).signedLots;
  }

  entryUnits(instrumentIndex: number): number {
    const position = this.portfolio.position(instrumentIndex);
    if (position.signedLots === 0) return 0;
    return position.basis / (Math.abs(position.signedLots) * this.factors[instrumentIndex]!);
  }

  /** Quanta that `lots` are worth at `units`; signed like the lots. */
  valueOf(instrumentIndex: number, lots: number, units: number): number {
    return lots * units * this.factors[instrumentIndex]!;
  }

  /** Cash plus positions at the marks, in quanta. */
  get equity(): number {
    let equity = this.portfolio.ledger.cash;
    for (let k = 0; k < this.marks.length; k += 1) {
      const lots = this.portfolio.position(k).signedLots;
      if (lots !== 0) equity += this.valueOf(k, lots, this.marks[k]!);
    }
    return equity;
  }

  /** Sum of absolute position values at the marks, in quanta. */
  get grossExposure(): number {
    let gross = 0;
    for (let k = 0; k < this.marks.length; k += 1) gross += Math.abs(this.valueOf(k, this.signedLots(k), this.marks[k]!));
    return gross;
  }

  fundsToGrow(instrumentIndex: number, side: number): number {
    if (this.isCash) return this.portfolio.ledger.cash;
    let margin = 0;
    for (let k = 0; k < this.marks.length; k += 1) {
      const lots = this.signedLots(k);
      // An opposite position in the same instrument is closed first and blocks nothing.
      if (lots === 0 || (k === instrumentIndex && lots > 0 !== side > 0)) continue;
      margin += (Math.abs(this.valueOf(k, lots, this.marks[k]!)) * this.terms.initialMargin) / BILLION;
    }
    return this.equity - margin;
  }

  fundsNeeded(notional: number): number {
    return this.isCash ? notional : (notional * this.terms.initialMargin) / BILLION;
  }

  liquidationUnits(instrumentIndex: number): number {
    if (this.isCash) return Number.NaN;
    const lots = this.signedLots(instrumentIndex);
    if (lots === 0) return Number.NaN;
    // Equity without this position, less what the others must keep.
    let rest = this.portfolio.ledger.cash;
    for (let k = 0; k < this.marks.length; k += 1) {
      const others = this.signedLots(k);
      if (k === instrumentIndex || others === 0) continue;
      const value = this.valueOf(k, others, this.marks[k]!);
      rest += value - (Math.abs(value) * this.terms.maintenanceMargin) / BILLION;
    }
    const perUnit = Math.abs(lots) * this.factors[instrumentIndex]!;
    const maintenance = this.terms.maintenanceMargin / BILLION;
    const units = lots > 0 ? -rest / (perUnit * (1 - maintenance)) : rest / (perUnit * (1 + maintenance));
    return lots > 0 ? Math.floor(units + UNIT_SLACK) : Math.ceil(units - UNIT_SLACK);
  }

  /** Quanta as money of the quote currency. */
  money(quanta: number): number {
    return quanta / powerOfTen(this.quoteScale);
  }

  get quoteScale(): number {
    return this.portfolio.instruments[0]!.quote.scale;
  }

  instrument(instrumentIndex: number): Instrument {
    return this.portfolio.instruments[instrumentIndex]!;
  }
}
