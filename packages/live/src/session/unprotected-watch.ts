import { decimalText } from "../news/decimal-money.ts";
import type { LiveInstrument } from "./live-instrument.ts";

export interface UnprotectedParts {
  readonly instruments: readonly LiveInstrument[];
  /** Lots of a position that should have a stop and have none. */
  bareLots(instrumentIndex: number): number;
  /** Worth of so many lots now, in quanta of the quote. */
  worth(instrumentIndex: number, lots: number): number;
  onAlarm(text: string): void;
}

/**
 * Tells a person of what has no stop although its entry asked for one. Told once, and again when it grows; what is smaller than the venue's smallest order
 * in both size and worth is crumbs that fees leave, and is not told.
 */
export class UnprotectedWatch {
  private readonly parts: UnprotectedParts;
  private readonly told: number[] = [];

  constructor(parts: UnprotectedParts) {
    this.parts = parts;
  }

  /** Called often: every second, say. */
  look(): void {
    for (const [index, live] of this.parts.instruments.entries()) {
      const lots = this.parts.bareLots(index);
      const { stepLots, minNotional } = live.instrument;
      const isCrumbs = lots < stepLots && this.parts.worth(index, lots) < minNotional;
      if (lots === 0 || isCrumbs) {
        this.told[index] = 0;
        continue;
      }
      if (lots <= (this.told[index] ?? 0)) continue;
      this.told[index] = lots;
      this.parts.onAlarm(this.text(live, lots));
    }
  }

  private text({ instrument, baseAsset, symbol }: LiveInstrument, lots: number): string {
    const amount = decimalText(lots * instrument.lotUnits, instrument.lotScale);
    return `${amount} ${baseAsset} of ${symbol} have no stop: too few for an order of their own, or the venue takes none; they get one as soon as it does`;
  }
}
