import type { BarSeries } from "../market/bar-series.ts";
import { invariant } from "../model/failure.ts";
import { type Instrument, quantityOf } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import type { VenueBar } from "../simulator/simulated-venue.ts";
import type { AccountState } from "./account-state.ts";

/** The series whose bars fill and mark each instrument: its shortest interval. Bars in price units for the venue, marks for the account. */
export class ExecutionMarket {
  readonly series: readonly BarSeries[];
  private readonly account: AccountState;
  private readonly scales: Float64Array;
  private readonly lotsPerBase: Float64Array;
  /** Money that one lot gains when the price rises by one. */
  private readonly exposures: Float64Array;
  private readonly quantaPerMoney: number;
  private readonly bar: VenueBar = {
    openUs: 0,
    closeUs: 0,
    open: 0,
    high: 0,
    low: 0,
    close: 0,
    lots: 0,
    volumeKnown: false,
    tradable: true,
  };

  constructor(instruments: readonly Instrument[], series: readonly BarSeries[], account: AccountState) {
    this.account = account;
    this.series = instruments.map((_, index) => shortestSeries(series, index));
    this.scales = Float64Array.from(instruments, (each) => powerOfTen(each.priceScale));
    this.lotsPerBase = Float64Array.from(instruments, (each) => powerOfTen(each.lotScale) / each.lotUnits);
    this.exposures = Float64Array.from(
      instruments,
      (each) => (quantityOf(each, 1) * each.multiplier.numerator) / each.multiplier.denominator,
    );
    this.quantaPerMoney = powerOfTen(instruments[0]!.quote.scale);
  }

  /** The visible bar of an instrument as the venue takes it. One object, used again. */
  loadBar(instrumentIndex: number): VenueBar {
    const series = this.series[instrumentIndex]!;
    const row = series.cursor.index;
    const { columns } = series;
    const scale = this.scales[instrumentIndex]!;
    const bar = this.bar;
    bar.openUs = columns.openUs[row]!;
    bar.closeUs = columns.closeUs[row]!;
    bar.open = Math.round(columns.open[row]! * scale);
    bar.high = Math.round(columns.high[row]! * scale);
    bar.low = Math.round(columns.low[row]! * scale);
    bar.close = Math.round(columns.close[row]! * scale);
    bar.volumeKnown = columns.volumeKnown;
    // Where there is none the column is not read: bars that need the venue are far apart, and each read would wait for memory.
    const volume = columns.volumeKnown ? columns.volume[row]! : 0;
    bar.lots = Math.floor(volume * this.lotsPerBase[instrumentIndex]!);
    bar.tradable = !columns.volumeKnown || volume > 0;
    return bar;
  }

  /** Brings the marks to the last visible closes. */
  refreshMarks(): void {
    for (let index = 0; index < this.series.length; index += 1) this.markAt(index, this.series[index]!.cursor.index);
  }

  /** The mark before the visible bar: what was known at its open. */
  markBefore(instrumentIndex: number): void {
    this.markAt(instrumentIndex, this.series[instrumentIndex]!.cursor.index - 1);
  }

  private markAt(instrumentIndex: number, row: number): void {
    if (row < 0) return;
    this.account.marks[instrumentIndex] = Math.round(this.series[instrumentIndex]!.columns.close[row]! * this.scales[instrumentIndex]!);
  }

  /** True when a bar of the instrument closed at this very instant. */
  closedAt(instrumentIndex: number, timeUs: number): boolean {
    const { cursor, columns } = this.series[instrumentIndex]!;
    return cursor.index >= 0 && columns.closeUs[cursor.index] === timeUs;
  }

  /** Number of the visible bar from the start of the data; -1 before the first. */
  barNumber(instrumentIndex: number): number {
    const { cursor, dropped } = this.series[instrumentIndex]!;
    return cursor.index + dropped;
  }

  /** Equity of the account in money, at the last visible closes: the sum that the bar loop forms, in the same order, for the same bits. */
  get equity(): number {
    let equity = this.cash;
    for (let index = 0; index < this.series.length; index += 1) {
      if (this.account.signedLots(index) === 0) continue;
      const { cursor, columns } = this.series[index]!;
      equity += this.exposureOf(index) * columns.close[cursor.index]!;
    }
    return equity;
  }

  /** Cash in money. */
  get cash(): number {
    return this.account.portfolio.ledger.cash / this.quantaPerMoney;
  }

  /** Money that the position gains when its price rises by one. */
  exposureOf(instrumentIndex: number): number {
    return this.account.signedLots(instrumentIndex) * this.exposures[instrumentIndex]!;
  }

  /** A price in units as a decimal. */
  priceOf(instrumentIndex: number, units: number): number {
    return units / this.scales[instrumentIndex]!;
  }
}

function shortestSeries(series: readonly BarSeries[], instrumentIndex: number): BarSeries {
  const own = series.filter((each) => each.instrumentIndex === instrumentIndex);
  invariant(own.length > 0, `instrument ${instrumentIndex} has no series`);
  return own.reduce((best, each) => (each.intervalUs < best.intervalUs ? each : best));
}
