import type { BarColumns } from "@tradepulse/core";
import type { Env, Timer } from "@tradepulse/platform";
import type { FeedBar } from "@tradepulse/venues";
import type { BarSource, BarSourceHandlers } from "./bar-source.ts";

export interface RecordedSeries {
  readonly symbol: string;
  readonly columns: BarColumns;
}

export interface RecordedBarsParts {
  readonly env: Env;
  readonly series: readonly RecordedSeries[];
  /** Instants a second; Infinity for as fast as they are taken. */
  readonly perSecond: number;
  /** Asked before each slice: resolves when the session has room for more. */
  readonly room: () => Promise<void>;
}

/** Most instants told at one go, so that the process stays answerable. */
const SLICE = 256;
/** Time between two slices of a paced recording. */
const TICK_US = 20_000;

/** Bars of finished columns, told instant by instant: what a stream would have told, with no more of the future than it would have known. */
export class RecordedBars implements BarSource {
  private readonly parts: RecordedBarsParts;
  private readonly at: number[];
  private isStopped = false;
  private timer: Timer | undefined;

  constructor(parts: RecordedBarsParts) {
    this.parts = parts;
    this.at = parts.series.map(() => 0);
  }

  start(handlers: BarSourceHandlers): void {
    const startedUs = this.parts.env.monoUs();
    let told = 0;
    const slice = async (): Promise<void> => {
      await this.parts.room();
      const { perSecond, env } = this.parts;
      const due = Number.isFinite(perSecond) ? Math.floor(((env.monoUs() - startedUs) * perSecond) / 1e6) + 1 : Number.POSITIVE_INFINITY;
      for (let count = 0; count < SLICE && told < due && !this.isStopped; count += 1) {
        if (!this.tellInstant(handlers)) {
          handlers.onEnd();
          return;
        }
        told += 1;
      }
      if (!this.isStopped) this.timer = env.timer(told < due ? 0 : TICK_US, run);
    };
    // A bar that the session cannot take ends it; the session says so itself.
    const run = (): void => void slice().catch((error: unknown) => handlers.onFailure(error));
    this.timer = this.parts.env.timer(0, run);
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  /** Bars of the next instant, all series in order. False when there is none. */
  private tellInstant(handlers: BarSourceHandlers): boolean {
    const { series } = this.parts;
    let closeUs = Number.POSITIVE_INFINITY;
    series.forEach(({ columns }, k) => {
      const row = this.at[k]!;
      if (row < columns.length) closeUs = Math.min(closeUs, columns.closeUs[row]!);
    });
    if (closeUs === Number.POSITIVE_INFINITY) return false;
    series.forEach(({ symbol, columns }, k) => {
      const row = this.at[k]!;
      if (row >= columns.length || columns.closeUs[row] !== closeUs) return;
      this.at[k] = row + 1;
      handlers.onBar(feedBarOf(symbol, columns, row));
    });
    handlers.onInstant(closeUs);
    return true;
  }
}

/** A row in the words of a feed: the shortest texts that read back as the same numbers. */
function feedBarOf(symbol: string, columns: BarColumns, row: number): FeedBar {
  return {
    symbol,
    openUs: columns.openUs[row]!,
    closeUs: columns.closeUs[row]!,
    open: String(columns.open[row]),
    high: String(columns.high[row]),
    low: String(columns.low[row]),
    close: String(columns.close[row]),
    volume: String(columns.volume[row]),
  };
}
