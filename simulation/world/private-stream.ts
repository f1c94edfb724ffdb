import type { SimClock, SimProcess, Timer } from "@tradepulse/platform";
import type { UserStream, UserStreamHandlers, VenueFill, VenueOrder } from "@tradepulse/venues";
import type { ExchangeEvent } from "../../packages/venues/src/local-venue/exchange/exchange-event.ts";
import { venueFillOf, venueOrderOf } from "../../packages/venues/src/simulated/simulated-words.ts";
import type { Link } from "./link.ts";
import type { VenueWorld } from "./venue-world.ts";
import type { Weather } from "./weather.ts";

/** Between pings, and how long without one until the connection is given up. */
const PING_US = 20_000_000;
const GIVE_UP_US = 60_000_000;

export interface PrivateStreamParts {
  readonly clock: SimClock;
  readonly process: SimProcess;
  readonly venue: VenueWorld;
  readonly weather: Weather;
  readonly link: Link;
  readonly handlers: UserStreamHandlers;
  /** The session has been told that it is blind, or that it sees again. */
  onBlind(isBlind: boolean): void;
}

type Message = { readonly order: VenueOrder; readonly fill: VenueFill | undefined };

/** The private stream of an account as an adapter gives it: keeps itself alive, says when it cannot vouch for what was missed. */
export class PrivateStream implements UserStream {
  private readonly parts: PrivateStreamParts;
  private state: "opening" | "open" | "half-open" | "closed" = "opening";
  private lastLifeUs: number;
  private lastDeliveryUs = 0;
  private cycle = 0;
  private readonly kept: Message[] = [];
  private held: Message | undefined;
  private timers: Timer[] = [];

  constructor(parts: PrivateStreamParts) {
    this.parts = parts;
    this.lastLifeUs = parts.clock.nowUs;
    parts.venue.onPrivate = (event) => this.onEvent(event);
    this.connect();
    this.ping();
  }

  get silentUs(): number {
    return this.parts.clock.nowUs - this.lastLifeUs;
  }

  close(): void {
    this.state = "closed";
    this.cycle += 1;
    for (const timer of this.timers) timer.cancel();
    if (this.parts.venue.onPrivate !== undefined) this.parts.venue.onPrivate = undefined;
  }

  private connect(): void {
    const { clock, process, link, weather } = this.parts;
    const cycle = ++this.cycle;
    this.state = "opening";
    clock.after(
      3 * link.latency(),
      () => {
        if (cycle !== this.cycle || this.state === "closed") return;
        if (weather.isOn("F42", "private stream") || weather.isOn("F64", "private stream") || weather.hits("F50", "private stream")) {
          clock.after(5_000_000, () => this.state !== "closed" && cycle === this.cycle && this.connect(), process);
          return;
        }
        this.state = "open";
        this.lastLifeUs = clock.nowUs;
        this.parts.onBlind(false);
        this.parts.handlers.onReady();
      },
      process,
    );
  }

  private ping(): void {
    const { clock, process, weather } = this.parts;
    this.timers = [
      clock.after(
        PING_US,
        () => {
          if (this.state === "closed") return;
          if (this.state === "open" && weather.isOn("F42", "ping")) this.state = "half-open";
          if (this.state === "open" && weather.hits("F16", "connection")) this.cut();
          if (this.state === "open") this.lastLifeUs = clock.nowUs;
          if (this.state === "half-open" && this.silentUs >= GIVE_UP_US) this.lose("no ping for 60 s");
          this.ping();
        },
        process,
      ),
    ];
  }

  private cut(): void {
    const how = this.parts.weather.random("F16").below(3);
    if (how === 0) this.lose("closed by the venue");
    else if (how === 1) this.lose("connection reset");
    else this.state = "half-open";
  }

  private lose(why: string): void {
    this.held = undefined;
    this.parts.onBlind(true);
    this.parts.handlers.onDoubt(why);
    this.connect();
  }

  /** At the venue: something happened to the account. */
  private onEvent(event: ExchangeEvent): void {
    if (!this.parts.process.isAlive || event.kind !== "execution") return;
    const { weather } = this.parts;
    const message: Message = {
      order: venueOrderOf(event.order),
      fill: event.trade === undefined ? undefined : venueFillOf(event.trade),
    };
    if (this.state !== "open") return;
    if (weather.isOn("F43", "private event") || weather.hits("F15", "private event")) return;
    this.kept.push(message);
    if (weather.hits("F14", "old state")) this.deliver(this.kept[weather.random("F14").below(this.kept.length)]!, 2_000_000, true);
    if (weather.hits("F13", "private event")) {
      const times = 1 + weather.random("F13").below(5);
      for (let i = 0; i < times; i += 1) this.deliver(message, Math.round(600_000_000 * weather.random("F13").next() ** 3), true);
    }
    const before = this.held;
    this.held = undefined;
    // The end of an order whose last fill is late counts without it, as some venues do.
    if (before !== undefined && message.fill === undefined && message.order.clientId === before.order.clientId) {
      const filled = Number(message.order.filledQuantity) - Number(before.fill!.quantity);
      this.deliver({ ...message, order: { ...message.order, filledQuantity: filled.toFixed(8) } }, 0, false);
      this.deliver(before, 1_000, false);
      return;
    }
    // The end of an order overtakes the fill before it.
    if (message.fill !== undefined && before === undefined && weather.hits("F19", "fill held back")) {
      this.held = message;
      this.parts.clock.after(
        5_000_000,
        () => {
          if (this.held === message) {
            this.held = undefined;
            this.deliver(message, 0, false);
          }
        },
        this.parts.process,
      );
      return;
    }
    const slowUs = weather.hits("F25", "private event") ? Math.round(60_000_000 * weather.random("F25").next()) : 0;
    this.deliver(message, slowUs, false);
    if (before !== undefined) this.deliver(before, 0, false);
  }

  /** Messages of one connection keep their order, but for those that the venue itself sends again. */
  private deliver(message: Message, delayUs: number, isExtra: boolean): void {
    const { clock, process, link, handlers } = this.parts;
    const cycle = this.cycle;
    const atUs = clock.nowUs + delayUs + link.latency();
    const dueUs = isExtra ? atUs : Math.max(atUs, this.lastDeliveryUs);
    if (!isExtra) this.lastDeliveryUs = dueUs;
    clock.at(
      dueUs,
      () => {
        if (this.state === "closed" || this.state === "half-open" || (cycle !== this.cycle && !isExtra)) return;
        this.lastLifeUs = clock.nowUs;
        handlers.onOrder(message.order, message.fill);
      },
      process,
    );
  }
}
