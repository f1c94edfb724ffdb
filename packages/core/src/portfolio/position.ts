import { mulDivHalfEven } from "../model/mul-div.ts";

/** What is carried of a position. */
export type CarriedPosition = Pick<
  Position,
  "signedLots" | "basis" | "realized" | "fees" | "openedUs" | "fillCount" | "bareLots" | "bareEntryId"
>;

/**
 * A signed quantity in one instrument, accounted by netting: adding grows the cost basis, closing releases
 * `half-even(basis * closed / open)` of it, and the last close takes the rest, so no quantum is lost.
 */
export class Position {
  readonly accountId: number;
  readonly strategyId: number;
  readonly instrumentIndex: number;
  /** Positive is long. */
  signedLots = 0;
  /** Money paid (long) or received (short) for what is open, in quanta; never negative. */
  basis = 0;
  /** Profit of what was closed, before fees, in quanta. */
  realized = 0;
  fees = 0;
  /** When the position was last opened from flat. */
  openedUs = 0;
  /** Fills since it was last flat. */
  fillCount = 0;
  /**
   * Lots of it whose entry asked for a stop and that have none, where legs cannot grow: too few for an order of their own, or their stop was refused.
   * A bound from above: what was sold since counts until it is looked at.
   */
  bareLots = 0;
  /** The newest of their entries: it says where their stop belongs. */
  bareEntryId = 0;

  constructor(accountId: number, strategyId: number, instrumentIndex: number) {
    this.accountId = accountId;
    this.strategyId = strategyId;
    this.instrumentIndex = instrumentIndex;
  }

  carry(): CarriedPosition {
    const { signedLots, basis, realized, fees, openedUs, fillCount, bareLots, bareEntryId } = this;
    return { signedLots, basis, realized, fees, openedUs, fillCount, bareLots, bareEntryId };
  }

  resume(carried: CarriedPosition): void {
    this.signedLots = carried.signedLots;
    this.basis = carried.basis;
    this.realized = carried.realized;
    this.fees = carried.fees;
    this.openedUs = carried.openedUs;
    this.fillCount = carried.fillCount;
    this.bareLots = carried.bareLots;
    this.bareEntryId = carried.bareEntryId;
  }

  get isFlat(): boolean {
    return this.signedLots === 0;
  }

  get isLong(): boolean {
    return this.signedLots > 0;
  }

  get isShort(): boolean {
    return this.signedLots < 0;
  }

  /** Basis that closing `lots` of the open quantity would release. */
  basisOf(lots: number): number {
    const open = Math.abs(this.signedLots);
    return lots === open ? this.basis : mulDivHalfEven(this.basis, lots, open);
  }
}
