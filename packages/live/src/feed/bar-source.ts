import type { FeedBar } from "@tradepulse/venues";

/** What a session is told of its bars. */
export interface BarSourceHandlers {
  /** A closed bar, each once, in order for each symbol. */
  onBar(bar: FeedBar): void;
  /** All bars that close at or before this instant have been told. Only sources that know say so. */
  onInstant(closeUs: number): void;
  /** There will be no more. Only for a source that ends. */
  onEnd(): void;
  /** There will be no more, and there should have been. */
  onFailure(error: unknown): void;
}

/** Where bars come from: a venue's stream, or a recording played at a pace. */
export interface BarSource {
  start(handlers: BarSourceHandlers): void;
  stop(): void;
}
