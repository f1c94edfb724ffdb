import type { SimClock, SimEnv, SimProcess } from "@tradepulse/platform";
import type {
  CancelOutcome,
  ExecutionClient,
  OrderRequest,
  RateBudget,
  ReadOutcome,
  SubmitOutcome,
  UserStream,
  UserStreamHandlers,
  VenueBalance,
  VenueFill,
  VenueInstrument,
  VenueOrder,
} from "@tradepulse/venues";
import { isOpen } from "../../packages/venues/src/local-venue/exchange/exchange-order.ts";
import { refusals } from "../../packages/venues/src/local-venue/exchange/refusal.ts";
import { causeOf, newOrderOf, venueFillOf, venueOrderOf } from "../../packages/venues/src/simulated/simulated-words.ts";
import type { SentFigures } from "../oracle/sent-filters.ts";
import { ACCOUNT } from "./account.ts";
import type { Answer, CallKind, Link } from "./link.ts";
import { PrivateStream } from "./private-stream.ts";
import type { VenueWorld } from "./venue-world.ts";
import type { Weather } from "./weather.ts";

/** What the judge hears of a request as it leaves a process. */
export interface SentOrder {
  readonly process: string;
  readonly clientId: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly sentUs: number;
  readonly order: SentFigures;
}

export interface PortClientParts {
  readonly clock: SimClock;
  readonly env: SimEnv;
  readonly process: SimProcess;
  readonly venue: VenueWorld;
  readonly weather: Weather;
  readonly link: Link;
  onSent(order: SentOrder): void;
  onArrived(clientId: string): void;
  onBlind(isBlind: boolean): void;
  onRead(what: "orders" | "fills" | "balances"): void;
}

/** Requests of one order may enter the venue's clock this far from its own. */
const AHEAD_US = 1_000_000;

/** An {@link ExecutionClient} that speaks to the simulated venue without a wire between: the rules of the venue, the network's faults, no parsing. */
export class PortClient implements ExecutionClient {
  readonly venue = "storm";
  readonly horizonUs = 10_000_000;
  readonly budget: RateBudget;
  private readonly parts: PortClientParts;
  /** Venue's wall clock less ours, as last measured. */
  private offsetUs = 0;

  constructor(parts: PortClientParts) {
    this.parts = parts;
    const { link, clock } = parts;
    this.budget = {
      waitUs: () => Math.max(0, link.silentUntilUs - clock.nowUs),
      spend: () => undefined,
      observe: () => undefined,
      ban: (untilUs) => {
        link.silentUntilUs = Math.max(link.silentUntilUs, untilUs);
      },
      get bannedUntilUs() {
        return link.silentUntilUs;
      },
    };
  }

  async instruments(): Promise<ReadOutcome<readonly VenueInstrument[]>> {
    return this.read("read", "instruments", 20, () => this.parts.venue.instruments());
  }

  async measureClock(): Promise<ReadOutcome<{ readonly offsetUs: number; readonly errorUs: number }>> {
    const beforeUs = this.parts.clock.nowUs;
    const wallBeforeUs = this.parts.env.wallUs();
    const read = await this.read("read", "time", 1, () => this.parts.clock.nowUs);
    if (read.kind === "unavailable") return read;
    const tripUs = this.parts.clock.nowUs - beforeUs;
    // A wall clock that jumped while the question was on its way would spoil the answer.
    const jumpUs = Math.abs(this.parts.env.wallUs() - wallBeforeUs - tripUs);
    if (jumpUs > 1_000) return { kind: "unavailable", why: "the clock jumped", retryAfterUs: 0 };
    const offsetUs = read.value - (wallBeforeUs + tripUs / 2);
    this.offsetUs = Math.round(offsetUs);
    return { kind: "read", value: { offsetUs: this.offsetUs, errorUs: Math.round(tripUs / 2) }, readUs: read.readUs };
  }

  async balances(): Promise<ReadOutcome<readonly VenueBalance[]>> {
    const { venue, clock, weather } = this.parts;
    const lag = (): number => (weather.hits("F52", "balances") ? Math.round(60_000_000 * weather.random("F52").next()) : 0);
    const read = await this.read("read", "balances", 20, () => venue.balancesAt(clock.nowUs - lag()));
    if (read.kind === "read") this.parts.onRead("balances");
    return read;
  }

  async openOrders(symbol?: string): Promise<ReadOutcome<readonly VenueOrder[]>> {
    const { venue } = this.parts;
    const symbols = symbol === undefined ? venue.symbols : [symbol];
    const read = await this.read("read", "open orders", symbol === undefined ? 80 : 6, () => {
      const atUs = this.replicaUs("open orders");
      return symbols.flatMap((each) => venue.ordersAt(each, atUs).filter(isOpen).map(venueOrderOf));
    });
    if (read.kind === "read") this.parts.onRead("orders");
    return read;
  }

  async orderByClientId(symbol: string, clientId: string): Promise<ReadOutcome<VenueOrder | undefined>> {
    const { venue } = this.parts;
    return this.read("lookup", `order ${clientId}`, 4, () => {
      const orders = venue.ordersAt(symbol, this.replicaUs("order by id")).filter((order) => order.clientId === clientId);
      const order = orders.find(isOpen) ?? orders.at(-1);
      return order === undefined ? undefined : venueOrderOf(order);
    });
  }

  async fillsFrom(symbol: string, fromTradeId: number): Promise<ReadOutcome<readonly VenueFill[]>> {
    const { venue } = this.parts;
    const read = await this.read("read", `fills of ${symbol}`, 20, () => {
      const atUs = this.replicaUs("trades");
      const trades = venue.exchange.market(symbol).trades;
      return trades
        .filter((trade) => trade.accountId === ACCOUNT && trade.tradeId >= fromTradeId && trade.timeUs <= atUs)
        .map((trade) => venueFillOf(trade));
    });
    if (read.kind === "read") this.parts.onRead("fills");
    return read;
  }

  async submit(order: OrderRequest, mayLeave?: () => boolean): Promise<SubmitOutcome> {
    const { venue, weather, link, env, clock, process } = this.parts;
    if (link.isSilent) return { kind: "refused", code: "budget", message: "the venue asked for silence", cause: "rate-limit" };
    // As on the wire: a timestamp of our clock as corrected, and how long after it the order may be let in.
    const stampUs = env.wallUs() + this.offsetUs;
    const windowUs = order.deadlineUs - env.wallUs();
    if (windowUs <= 0) return { kind: "refused", code: "deadline", message: "the deadline of the order has passed", cause: "clock" };
    if (mayLeave?.() === false) return { kind: "refused", code: "not-sent", message: "it may not leave any more", cause: "other" };
    const { clientId, symbol, side, quantity, price = "", stopPrice = "" } = order;
    this.parts.onSent({ process: process.name, clientId, symbol, side, sentUs: clock.nowUs, order: { quantity, price, stopPrice } });
    const admit = (): void => {
      this.parts.onArrived(order.clientId);
      this.admit(stampUs, windowUs);
      if (order.stopPrice !== undefined && weather.hits("F76", order.clientId)) throw refusals.filter("PERCENT_PRICE_BY_SIDE");
      if (weather.hits("F49", order.clientId)) throw refusals.tooManyOrders(10, "10 SECOND");
    };
    // The process stands still between signing and sending: nothing else of it runs in between, the bytes leave late.
    const stallUs = weather.hits("F45", order.clientId) ? Math.round(1_000_000 + 8_000_000 * weather.random("F45").next()) : 0;
    if (stallUs > 0) {
      process.pause();
      clock.after(stallUs, () => process.resume());
    }
    const answer = await link.call(
      "place",
      order.clientId,
      1,
      admit,
      () => {
        const placed = venue.exchange.place(ACCOUNT, newOrderOf(order));
        const fills = venue.exchange.market(order.symbol).trades.filter((trade) => trade.orderId === placed.orderId);
        return { order: venueOrderOf(placed), fills: fills.map((trade) => venueFillOf(trade)) };
      },
      stallUs,
    );
    if (answer.kind === "value") return { kind: "acknowledged", ...answer.value };
    if (answer.kind === "none")
      return answer.wasSent
        ? { kind: "unknown", why: answer.why }
        : { kind: "refused", code: "unsent", message: answer.why, cause: "other" };
    const { code, message } = answer.refusal;
    // 5xx and the venue's own "unknown" codes are not refusals.
    if (answer.refusal.status >= 500) return { kind: "unknown", why: message };
    return { kind: "refused", code: String(code), message, cause: causeOf(answer.refusal) };
  }

  async cancel(symbol: string, clientId: string): Promise<CancelOutcome> {
    const { venue, weather, link, env, clock } = this.parts;
    if (link.isSilent) return { kind: "refused", code: "budget", message: "the venue asked for silence", cause: "rate-limit" };
    const stampUs = env.wallUs() + this.offsetUs;
    const about = `cancel ${clientId}`;
    const answer = await link.call(
      "cancel",
      about,
      1,
      () => this.admit(stampUs, 5_000_000),
      () => {
        const order = venue.exchange.market(symbol).openByClientId(ACCOUNT, clientId);
        if (order !== undefined && weather.hits("F20", about)) return venueOrderOf({ ...order, status: "CANCELED" });
        if (order !== undefined && (weather.hits("F17", about) || weather.hits("F19", about))) {
          const half = (order.quantity - order.executed) / 2n;
          const step = venue.exchange.market(symbol).filters.stepSize;
          venue.exchange.fillNow(order, weather.random("F17").next() < 0.5 ? order.quantity : half - (half % step));
        }
        return venueOrderOf(venue.exchange.cancel(ACCOUNT, symbol, { clientId }));
      },
    );
    void clock;
    if (answer.kind === "value") return { kind: "canceled", order: answer.value };
    if (answer.kind === "none") return { kind: "unknown", why: answer.why };
    const { code, message } = answer.refusal;
    if (code === -2011) return { kind: "not-open", message };
    if (answer.refusal.status >= 500) return { kind: "unknown", why: message };
    return { kind: "refused", code: String(code), message, cause: causeOf(answer.refusal) };
  }

  async cancelAll(symbol: string): Promise<CancelOutcome> {
    const { venue, link, env } = this.parts;
    if (link.isSilent) return { kind: "refused", code: "budget", message: "the venue asked for silence", cause: "rate-limit" };
    const stampUs = env.wallUs() + this.offsetUs;
    const answer = await link.call(
      "cancel",
      `cancel all of ${symbol}`,
      1,
      () => this.admit(stampUs, 5_000_000),
      () => venueOrderOf(venue.exchange.cancelAll(ACCOUNT, symbol)[0]!),
    );
    if (answer.kind === "value") return { kind: "canceled", order: answer.value };
    if (answer.kind === "none") return { kind: "unknown", why: answer.why };
    const { code, message } = answer.refusal;
    if (code === -2011) return { kind: "not-open", message };
    return { kind: "refused", code: String(code), message, cause: causeOf(answer.refusal) };
  }

  openUserStream(handlers: UserStreamHandlers): UserStream {
    const { clock, process, venue, weather, link } = this.parts;
    return new PrivateStream({ clock, process, venue, weather, link, handlers, onBlind: (isBlind) => this.parts.onBlind(isBlind) });
  }

  /** The venue's check of time and key. */
  private admit(stampUs: number, windowUs: number): void {
    const { clock, weather } = this.parts;
    if (weather.isOn("F64", "key")) throw refusals.key();
    if (stampUs >= clock.nowUs + AHEAD_US) throw refusals.ahead();
    if (clock.nowUs - stampUs > Math.min(windowUs, 60_000_000)) throw refusals.outsideWindow();
  }

  private replicaUs(about: string): number {
    const { weather, clock } = this.parts;
    return weather.hits("F05", about) ? clock.nowUs - Math.round(8_000_000 * weather.random("F05").next()) : clock.nowUs;
  }

  private async read<T>(kind: CallKind, about: string, weight: number, run: () => T): Promise<ReadOutcome<T>> {
    const { link, env, clock, weather } = this.parts;
    if (link.isSilent) return { kind: "unavailable", why: "the venue asked for silence", retryAfterUs: link.silentUntilUs - clock.nowUs };
    const stampUs = env.wallUs() + this.offsetUs;
    const admit = (): void => {
      if (about !== "time" && about !== "instruments") this.admit(stampUs, 5_000_000);
      else if (weather.isOn("F64", "key") && about !== "time") throw refusals.key();
    };
    const answer: Answer<T> = await link.call(kind, about, weight, admit, run);
    if (answer.kind === "value") return { kind: "read", value: answer.value, readUs: clock.nowUs };
    if (answer.kind === "none") return { kind: "unavailable", why: answer.why, retryAfterUs: 0 };
    const { refusal } = answer;
    // A clock that is off is measured again before the next call.
    if (refusal.code === -1021) void this.measureClock();
    return { kind: "unavailable", why: refusal.message, retryAfterUs: Math.max(0, link.silentUntilUs - clock.nowUs) };
  }
}
