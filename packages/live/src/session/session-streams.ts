import type { ExecutionClient, FeedBar, MarketFeed, UserStream, VenueFill, VenueOrder } from "@tradepulse/venues";
import type { SeriesPlan } from "./bar-assembler.ts";
import type { SessionSight } from "./session-sight.ts";

export interface SessionStreamsParts {
  readonly execution: Pick<ExecutionClient, "openUserStream">;
  readonly feed: MarketFeed;
  readonly plans: readonly SeriesPlan[];
  /** Told whether each of the two is whole. */
  readonly sight: SessionSight;
  /** Beyond which a stream that says nothing counts as blind. */
  readonly silenceUs: number;
  onOrder(order: VenueOrder, fills: readonly VenueFill[]): void;
  onBar(bar: FeedBar): void;
  readonly onAlarm: (text: string) => void;
}

/** What a session hears the venue by: the private stream of its account, and the market data of its series. */
export class SessionStreams {
  private readonly parts: SessionStreamsParts;
  private user: UserStream | undefined;
  private market: { readonly silentUs: number; close(): void } | undefined;

  constructor(parts: SessionStreamsParts) {
    this.parts = parts;
  }

  open(): void {
    const { execution, feed, plans, sight, onAlarm } = this.parts;
    this.user = execution.openUserStream({
      onOrder: (order, fill) => this.parts.onOrder(order, fill === undefined ? [] : [fill]),
      onBalance: () => undefined,
      onReady: () => sight.see({ isStreamReady: true }, "private stream: ready"),
      onDoubt: (why) => sight.see({ isStreamReady: false }, `private stream: ${why}`),
      onUnreadable: (why) => onAlarm(`private stream: unreadable message, ${why}`),
    });
    const own = plans.filter((plan) => !plan.isBuilt);
    this.market = feed.subscribe(
      own.map((plan) => plan.symbol),
      own[0]!.intervalUs,
      {
        onBar: (bar) => this.parts.onBar(bar),
        onReady: () => sight.see({ isFeedReady: true }, "market data: ready"),
        onDoubt: (why) => sight.see({ isFeedReady: false }, `market data: ${why}`),
        onUnreadable: (why) => onAlarm(`market data: unreadable message, ${why}`),
      },
    );
  }

  /** Looks at how long each has said nothing. */
  listen(): void {
    this.parts.sight.listen(this.user?.silentUs ?? 0, this.market?.silentUs ?? 0, this.parts.silenceUs);
  }

  closeMarket(): void {
    this.market?.close();
  }

  closeUser(): void {
    this.user?.close();
  }
}
