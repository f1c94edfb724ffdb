import type { FeedHandlers, MarketFeed } from "@tradepulse/venues";
import { countedFeed } from "../runner/entrances.ts";
import type { SessionVoice } from "../runner/session-voice.ts";
import type { BarSource, BarSourceHandlers } from "./bar-source.ts";
import { readPast } from "./read-past.ts";

export interface FeedBarsParts {
  readonly feed: MarketFeed;
  readonly symbols: readonly string[];
  readonly intervalUs: number;
  /** Past bars from here on come first, so that indicators are warm when the first live bar closes. */
  readonly fromUs: number;
  /** Now, on the wall clock. */
  readonly wallUs: () => number;
  readonly voice: SessionVoice;
}

/** A venue's bars for a paper session: its history first, then its stream, without a gap or a bar twice. */
export class FeedBars implements BarSource {
  private readonly parts: FeedBarsParts;
  private stream: { readonly silentUs: number; close(): void } | undefined;
  private isStopped = false;

  constructor(parts: FeedBarsParts) {
    this.parts = parts;
  }

  start(handlers: BarSourceHandlers): void {
    this.run(handlers).catch((error: unknown) => handlers.onFailure(error));
  }

  stop(): void {
    this.isStopped = true;
    this.stream?.close();
  }

  private async run(handlers: BarSourceHandlers): Promise<void> {
    const { feed, symbols, intervalUs, fromUs, wallUs, voice } = this.parts;
    const from = new Map(symbols.map((symbol) => [symbol, fromUs]));
    for (const bar of await readPast(feed, from, intervalUs, wallUs())) if (!this.isStopped) handlers.onBar(bar);
    if (this.isStopped) return;
    const own: FeedHandlers = {
      onBar: (bar) => handlers.onBar(bar),
      onReady: () => undefined,
      onDoubt: (why) => void voice.alarm(`market data: ${why}`),
      onUnreadable: (why) => void voice.alarm(`market data: unreadable message, ${why}`),
    };
    this.stream = feed.subscribe(symbols, intervalUs, countedFeed(own, voice));
  }
}
