import { BalanceWatch } from "../truth/balance-watch.ts";
import type { BalanceRow } from "../truth/reconciler.ts";
import type { Unplaced } from "./sequencer.ts";

export interface MovementParts {
  /** How long a balance must differ, always by the same, in microseconds. */
  readonly settleUs: number;
  /** False while the outcome of an order is not known: it may explain the difference, and would then be booked twice. */
  mayBook(): boolean;
  /** Number of the last fact: no place in the journal comes twice. */
  lastSeq(): number;
  push(fact: Unplaced): void;
  onAlarm(text: string): void;
}

/** Balances that stay other than ours were moved by no fill that we know: they are booked as such, and somebody is told. */
export class MovementBooking {
  private readonly parts: MovementParts;
  private readonly watch: BalanceWatch;

  constructor(parts: MovementParts) {
    this.parts = parts;
    this.watch = new BalanceWatch(parts.settleUs);
  }

  /** Takes the differences of one reading. */
  take(rows: readonly BalanceRow[], monoUs: number): void {
    const look = this.watch.look(rows, monoUs, this.parts.mayBook());
    const standing = new Set(look.standing.map(({ asset }) => asset));
    const settled = new Set(look.settled.map(({ asset }) => asset));
    for (const { asset, venue, ours } of rows)
      if (standing.has(asset)) this.parts.onAlarm(`balance of ${asset}: the venue has ${venue}, we have ${ours}`);
    for (const row of rows) if (settled.has(row.asset) && Number.isSafeInteger(row.excess)) this.book(row);
  }

  private book({ asset, instrumentIndex, excess }: BalanceRow): void {
    this.parts.onAlarm(`balance of ${asset}: booked as moved by nobody of ours`);
    if (instrumentIndex < 0) {
      this.parts.push({ kind: "transfer", quanta: excess });
      return;
    }
    // Coins that came or went without a price. No venue has negative trade ids, and no place in the journal comes twice.
    const tradeId = -(this.parts.lastSeq() + 1);
    const side = excess > 0 ? 1 : -1;
    this.parts.push({ kind: "external", instrumentIndex, side, tradeId, lots: Math.abs(excess), notional: 0, fee: 0, feeLots: 0 });
  }
}
