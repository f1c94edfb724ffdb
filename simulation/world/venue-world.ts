import { type RandomStream, type SimClock, seededStream } from "@tradepulse/platform";
import type { VenueBalance, VenueInstrument } from "@tradepulse/venues";
import { type E8, e8, formatE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import { Exchange } from "../../packages/venues/src/local-venue/exchange/exchange.ts";
import type { ExchangeEvent } from "../../packages/venues/src/local-venue/exchange/exchange-event.ts";
import { isOpen, type OrderView } from "../../packages/venues/src/local-venue/exchange/exchange-order.ts";
import { symbolSpec } from "../../packages/venues/src/local-venue/exchange/symbol-spec.ts";
import type { JudgedVenue } from "../oracle/judged.ts";
import type { Scenario } from "../storm/scenario.ts";
import type { Chronicle } from "./chronicle.ts";
import { Gate } from "./gate.ts";
import { MarketDriver } from "./market-driver.ts";
import type { Weather } from "./weather.ts";

export const ACCOUNT = "trader";
export const OPENING_QUOTE = "10000";
const OPENING_BNB = "5";

type AccountEvent = Extract<ExchangeEvent, { readonly kind: "execution" | "position" | "transfer" }>;

/** The venue of a storm: the local venue's engine with its market, its door, and what it sends to listeners. */
export class VenueWorld implements JudgedVenue {
  readonly exchange: Exchange;
  readonly market: MarketDriver;
  readonly gate: Gate;
  readonly symbols: readonly string[];
  /** Everything that the private stream of the account carries, as it happens. */
  onPrivate: ((event: AccountEvent) => void) | undefined;
  private readonly chronicle: Chronicle;
  private readonly person: RandomStream;
  private manualCount = 0;

  constructor(clock: SimClock, scenario: Scenario, weather: Weather, chronicle: Chronicle) {
    this.chronicle = chronicle;
    this.symbols = scenario.symbols;
    const random = seededStream(scenario.seed, "topology.symbols");
    const specs = scenario.symbols.map((symbol) =>
      symbolSpec(symbol, symbol.slice(0, 3), "USDT", {
        tickSize: e8(["0.01", "0.1", "0.001"][random.below(3)]!),
        stepSize: e8(["0.001", "0.01", "0.1"][random.below(3)]!),
        minNotional: e8("5"),
        maxNumOrders: 200,
        maxNumAlgoOrders: 200,
      }),
    );
    this.exchange = new Exchange({
      symbols: specs,
      accounts: [{ id: ACCOUNT, balances: { USDT: OPENING_QUOTE, BNB: OPENING_BNB } }],
      now: () => clock.nowUs,
      random: seededStream(scenario.seed, "venue.ids"),
      sink: (event) => this.sink(event),
    });
    this.exchange.matcher.feeInBnb = () => weather.hits("F23", "fee in BNB");
    this.market = new MarketDriver(clock, this.exchange, scenario.seed, scenario.barUs);
    this.gate = new Gate(() => clock.nowUs, weather);
    this.person = seededStream(scenario.seed, "person");
  }

  get bansGiven(): number {
    return this.gate.bans;
  }

  instruments(): VenueInstrument[] {
    return this.exchange.markets.map(({ spec, filters, status }) => ({
      symbol: spec.symbol,
      base: spec.base,
      quote: spec.quote,
      status: status === "TRADING" ? "trading" : "halted",
      tickSize: formatE8(filters.tickSize),
      minPrice: formatE8(filters.minPrice),
      maxPrice: formatE8(filters.maxPrice),
      lotSize: formatE8(filters.stepSize),
      minQuantity: formatE8(filters.minQty),
      maxQuantity: formatE8(filters.maxQty),
      minNotional: formatE8(filters.minNotional),
      maxOrders: filters.maxNumOrders,
      orderTypes: [],
    }));
  }

  balancesAt(atUs: number): VenueBalance[] {
    return this.exchange.accounts.assets(ACCOUNT).map((asset) => {
      const { free, locked } = this.exchange.ledger.balanceAt(ACCOUNT, asset, atUs);
      return { asset, free: formatE8(free), locked: formatE8(locked) };
    });
  }

  /** Orders as they stood at an instant. */
  ordersAt(symbol: string, atUs: number): OrderView[] {
    const orders: OrderView[] = [];
    for (const order of this.exchange.market(symbol).orders.values()) {
      if (order.accountId !== ACCOUNT || order.createdUs > atUs) continue;
      const view = this.exchange.ledger.orderAt(symbol, order.orderId, atUs);
      if (view !== undefined) orders.push(view);
    }
    return orders;
  }

  openOrders(): OrderView[] {
    return this.exchange.markets.flatMap((market) => market.openOrders(ACCOUNT));
  }

  held(asset: string): E8 {
    const { free, locked } = this.exchange.accounts.balance(ACCOUNT, asset);
    return free + locked;
  }

  /** A person buys, sells, or takes an order of ours away. */
  actByHand(): void {
    const symbol = this.symbols[this.person.below(this.symbols.length)]!;
    const market = this.exchange.market(symbol);
    const draw = this.person.next();
    this.manualCount += 1;
    try {
      if (draw < 0.3) {
        const open = market.openOrders(ACCOUNT);
        const order = open[this.person.below(Math.max(1, open.length))];
        if (order !== undefined) this.exchange.cancel(ACCOUNT, symbol, { orderId: order.orderId });
        return;
      }
      const side = draw < 0.65 ? "BUY" : "SELL";
      const quantity = market.filters.stepSize * BigInt(100 + this.person.below(400));
      const price = draw < 0.8 ? 0n : (market.lastPrice / market.filters.tickSize) * market.filters.tickSize;
      this.exchange.place(ACCOUNT, {
        symbol,
        side,
        type: price === 0n ? "MARKET" : "LIMIT",
        timeInForce: "GTC",
        quantity,
        quoteQuantity: 0n,
        price,
        stopPrice: 0n,
        clientId: `hand-${this.manualCount}`,
        selfTrade: "NONE",
      });
    } catch (error) {
      this.chronicle.add("person", `by hand: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private sink(event: ExchangeEvent): void {
    if (event.kind === "execution") {
      const { order, trade, execution } = event;
      if (order.accountId !== ACCOUNT) return;
      const filled = trade === undefined ? "" : ` trade ${trade.tradeId}: ${formatE8(trade.quantity)} @ ${formatE8(trade.price)}`;
      this.chronicle.add("venue", `${order.symbol} ${order.clientId} ${order.side} ${execution} ${order.status}${filled}`);
      this.onPrivate?.(event);
    } else if ((event.kind === "position" || event.kind === "transfer") && event.accountId === ACCOUNT) this.onPrivate?.(event);
  }
}

export { isOpen };
