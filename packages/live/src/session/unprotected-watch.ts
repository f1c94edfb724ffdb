import { decimalText } from "../news/decimal-money.ts";
import type { LiveInstrument } from "./live-instrument.ts";

export interface UnprotectedParts {
  monoUs(): number;
  readonly instruments: readonly LiveInstrument[];
  /** Lots of a position that should have a stop, have none, and are not for sale by another order. */
  bareLots(instrumentIndex: number): number;
  /** Worth of so many lots now, in quanta of the quote. */
  worth(instrumentIndex: number, lots: number): number;
  onAlarm(text: string): void;
}

/** A stop that was refused or is on its way gets so long, in microseconds, to stand after all. */
const PATIENCE_US = 30_000_000;

/**
 * Tells a person of what has no stop for half a minute although its entry asked for one. Told once, and again when it grows; what is smaller than the
 * venue's smallest order in both size and worth is crumbs that fees leave, and is not told.
 */
export class UnprotectedWatch {
  private readonly parts: UnprotectedParts;
  private readonly told: number[] = [];
  private readonly sinceUs: (number | undefined)[] = [];

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
        this.sinceUs[index] = undefined;
        continue;
      }
      const nowUs = this.parts.monoUs();
      const sinceUs = this.sinceUs[index] ?? nowUs;
      this.sinceUs[index] = sinceUs;
      if (nowUs - sinceUs < PATIENCE_US || lots <= (this.told[index] ?? 0)) continue;
      this.told[index] = lots;
      this.parts.onAlarm(this.text(live, lots));
    }
  }

  private text({ instrument, baseAsset, symbol }: LiveInstrument, lots: number): string {
    const amount = decimalText(lots * instrument.lotUnits, instrument.lotScale);
    return `${amount} ${baseAsset} of ${symbol} have no stop: too few for an order of their own, or the venue takes none; they get one as soon as it does`;
  }
}
