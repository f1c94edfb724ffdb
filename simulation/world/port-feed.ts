import type { SimClock, SimProcess } from "@tradepulse/platform";
import type { FeedBar, FeedHandlers, MarketFeed } from "@tradepulse/venues";
import type { Link } from "./link.ts";
import type { VenueWorld } from "./venue-world.ts";
import type { Weather } from "./weather.ts";

const PING_US = 20_000_000;
const GIVE_UP_US = 60_000_000;
const GARBAGE = ["NaN", "0", "-1", "1e308", "", "1,5", "Infinity"] as const;

export interface PortFeedParts {
  readonly clock: SimClock;
  readonly process: SimProcess;
  readonly venue: VenueWorld;
  readonly weather: Weather;
  readonly link: Link;
  /** A sound bar reached the process. */
  onSoundBar(symbol: string, closeUs: number): void;
}

/** A {@link MarketFeed} over the simulated venue without a wire between. */
export class PortFeed implements MarketFeed {
  private readonly parts: PortFeedParts;

  constructor(parts: PortFeedParts) {
    this.parts = parts;
  }

  async history(symbol: string, _intervalUs: number, fromUs: number, toUs: number): Promise<readonly FeedBar[]> {
    const { venue, link } = this.parts;
    const bars = (): readonly FeedBar[] =>
      venue.market.bars.filter((bar) => bar.symbol === symbol && bar.openUs >= fromUs && bar.openUs < toUs);
    const answer = await link.call("read", `bars of ${symbol}`, 2, () => undefined, bars);
    return answer.kind === "value" ? answer.value : [];
  }

  subscribe(symbols: readonly string[], _intervalUs: number, handlers: FeedHandlers): { readonly silentUs: number; close(): void } {
    return new FeedConnection(this.parts, symbols, handlers);
  }
}

class FeedConnection {
  private readonly parts: PortFeedParts;
  private readonly symbols: readonly string[];
  private readonly handlers: FeedHandlers;
  private state: "opening" | "open" | "half-open" | "closed" = "opening";
  private lastLifeUs: number;
  private lastDeliveryUs = 0;
  private cycle = 0;

  constructor(parts: PortFeedParts, symbols: readonly string[], handlers: FeedHandlers) {
    this.parts = parts;
    this.symbols = symbols;
    this.handlers = handlers;
    this.lastLifeUs = parts.clock.nowUs;
    parts.venue.market.onBar = (bar) => this.onBar(bar);
    this.connect();
    this.ping();
  }

  get silentUs(): number {
    return this.parts.clock.nowUs - this.lastLifeUs;
  }

  close(): void {
    this.state = "closed";
    this.cycle += 1;
  }

  private connect(): void {
    const { clock, process, link, weather } = this.parts;
    const cycle = ++this.cycle;
    this.state = "opening";
    clock.after(
      2 * link.latency(),
      () => {
        if (cycle !== this.cycle || this.state === "closed") return;
        if (weather.isOn("F42", "market data")) {
          clock.after(5_000_000, () => cycle === this.cycle && this.state !== "closed" && this.connect(), process);
          return;
        }
        this.state = "open";
        this.lastLifeUs = clock.nowUs;
        this.handlers.onReady();
      },
      process,
    );
  }

  private ping(): void {
    const { clock, process, weather } = this.parts;
    clock.after(
      PING_US,
      () => {
        if (this.state === "closed") return;
        if (this.state === "open" && weather.isOn("F42", "ping of the feed")) this.state = "half-open";
        if (this.state === "open" && weather.hits("F16", "feed")) {
          if (weather.random("F16").next() < 0.5) this.state = "half-open";
          else this.lose("connection reset");
        }
        if (this.state === "open") this.lastLifeUs = clock.nowUs;
        if (this.state === "half-open" && this.silentUs >= GIVE_UP_US) this.lose("no ping for 60 s");
        this.ping();
      },
      process,
    );
  }

  private lose(why: string): void {
    this.handlers.onDoubt(why);
    this.connect();
  }

  private onBar(bar: FeedBar): void {
    const { weather } = this.parts;
    if (this.state !== "open" || !this.symbols.includes(bar.symbol)) return;
    if (weather.isOn("F31", "bar") || weather.hits("F34", "bar")) {
      if (weather.strength("F34") > 0 && weather.random("F34").next() < 0.5)
        this.deliver(bar, Math.round(180_000_000 * weather.random("F34").next()), true);
      return;
    }
    if (weather.hits("F32", "bar")) {
      const random = weather.random("F32");
      const field = (["open", "high", "low", "close", "volume"] as const)[random.below(5)]!;
      this.deliver({ ...bar, [field]: GARBAGE[random.below(GARBAGE.length)]! }, 0, true);
      if (random.next() < 0.5) return;
    }
    if (weather.hits("F35", "bar")) this.deliver(bar, Math.round(60_000_000 * weather.random("F35").next()), true);
    if (weather.hits("F13", "bar")) this.deliver(bar, Math.round(600_000_000 * weather.random("F13").next() ** 3), true);
    this.deliver(bar, 0, false);
  }

  private deliver(bar: FeedBar, delayUs: number, isExtra: boolean): void {
    const { clock, process, link } = this.parts;
    const cycle = this.cycle;
    const atUs = clock.nowUs + delayUs + link.latency();
    const dueUs = isExtra ? atUs : Math.max(atUs, this.lastDeliveryUs);
    if (!isExtra) this.lastDeliveryUs = dueUs;
    clock.at(
      dueUs,
      () => {
        if (cycle !== this.cycle || this.state !== "open") return;
        this.lastLifeUs = clock.nowUs;
        const figures = [bar.open, bar.high, bar.low, bar.close].map(Number);
        if (figures.every((figure) => Number.isFinite(figure) && figure > 0 && figure < 1e6))
          this.parts.onSoundBar(bar.symbol, bar.closeUs);
        this.handlers.onBar(bar);
      },
      process,
    );
  }
}
