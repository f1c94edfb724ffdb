import { decimalText } from "../news/decimal-money.ts";
import type { LiveInstrument } from "./live-instrument.ts";

export interface UnprotectedParts {
  monoUs(): number;
  /** Longest time in which an order that is tried may turn out never to have been sent: what has been covered for longer than that is covered. */
  readonly attemptUs: number;
  readonly instruments: readonly LiveInstrument[];
  /** Lots of a position that should have a stop, have none, and are not for sale by another order. */
  bareLots(instrumentIndex: number): number;
  /** Worth of so many lots now, in quanta of the quote. */
  worth(instrumentIndex: number, lots: number): number;
  /** Half a minute without a stop has passed, once more: what has none is tried again. */
  tryAgain(): void;
  onAlarm(text: string): void;
}

/** A stop that was refused or is on its way gets so long, in microseconds, to stand after all; so often it is tried again between bars. */
const PATIENCE_US = 30_000_000;

/** What is known of one instrument. */
interface Bareness {
  /** Time without a stop, in microseconds. Trying once more in between takes nothing from it. */
  bareUs: number;
  coveredUs: number;
  toldLots: number;
  /** Time with less than what was told. */
  lowerUs: number;
}

/**
 * Tells a person of what has no stop for half a minute although its entry asked for one, attempts that came to nothing included. Told once, and again
 * when it grows; what is smaller than the venue's smallest order in both size and worth is crumbs that fees leave, and is not told. Bars may be a day apart:
 * every half minute it has another attempt made.
 */
export class UnprotectedWatch {
  private readonly parts: UnprotectedParts;
  private readonly rows: Bareness[];
  private lookedUs: number;
  private triedUs: number;

  constructor(parts: UnprotectedParts) {
    this.parts = parts;
    this.rows = parts.instruments.map(() => ({ bareUs: 0, coveredUs: Number.POSITIVE_INFINITY, toldLots: 0, lowerUs: 0 }));
    this.lookedUs = parts.monoUs();
    this.triedUs = this.lookedUs;
  }

  /** Called often: every second, say. */
  look(): void {
    const nowUs = this.parts.monoUs();
    const passedUs = nowUs - this.lookedUs;
    this.lookedUs = nowUs;
    let isOverdue = false;
    for (const [index, live] of this.parts.instruments.entries()) {
      const row = this.rows[index]!;
      const lots = this.parts.bareLots(index);
      const { stepLots, minNotional } = live.instrument;
      const isCrumbs = lots < stepLots && this.parts.worth(index, lots) < minNotional;
      if (lots === 0 || isCrumbs) {
        row.coveredUs += passedUs;
        continue;
      }
      if (row.coveredUs > this.parts.attemptUs) {
        row.bareUs = 0;
        row.toldLots = 0;
      } else row.bareUs += passedUs;
      row.coveredUs = 0;
      row.lowerUs = lots < row.toldLots ? row.lowerUs + passedUs : 0;
      // A part has got its stop: losing it is news again, though crumbs beside it never had one.
      if (row.lowerUs > this.parts.attemptUs) row.toldLots = lots;
      if (row.bareUs >= PATIENCE_US) isOverdue = true;
      if (row.bareUs < PATIENCE_US || lots <= row.toldLots) continue;
      row.toldLots = lots;
      this.parts.onAlarm(this.text(live, lots));
    }
    if (!isOverdue || nowUs - this.triedUs < PATIENCE_US) return;
    this.triedUs = nowUs;
    this.parts.tryAgain();
  }

  private text({ instrument, baseAsset, symbol }: LiveInstrument, lots: number): string {
    const amount = decimalText(lots * instrument.lotUnits, instrument.lotScale);
    return `${amount} ${baseAsset} of ${symbol} have no stop: too few for an order of their own, or the venue takes none; they get one as soon as it does`;
  }
}
