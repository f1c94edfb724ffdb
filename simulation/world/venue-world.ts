import { type SimClock, seededStream } from "@tradepulse/platform";
import type { VenueBalance, VenueInstrument } from "@tradepulse/venues";
import { type E8, e8, formatE8 } from "../../packages/venues/src/local-venue/exchange/amount.ts";
import { Exchange } from "../../packages/venues/src/local-venue/exchange/exchange.ts";
import type { ExchangeEvent } from "../../packages/venues/src/local-venue/exchange/exchange-event.ts";
import type { OrderView } from "../../packages/venues/src/local-venue/exchange/exchange-order.ts";
import { symbolSpec } from "../../packages/venues/src/local-venue/exchange/symbol-spec.ts";
import { venueInstrumentOf } from "../../packages/venues/src/simulated/simulated-words.ts";
import type { JudgedVenue } from "../oracle/judged.ts";
import type { Scenario } from "../storm/scenario.ts";
import { ACCOUNT, OPENING_BALANCES } from "./account.ts";
import type { Chronicle } from "./chronicle.ts";
import { Gate } from "./gate.ts";
import { MarketDriver } from "./market-driver.ts";
import type { Weather } from "./weather.ts";

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
      accounts: [{ id: ACCOUNT, balances: OPENING_BALANCES }],
      now: () => clock.nowUs,
      random: seededStream(scenario.seed, "venue.ids"),
      sink: (event) => this.sink(event),
    });
    this.exchange.matcher.feeInBnb = () => weather.hits("F23", "fee in BNB");
    this.market = new MarketDriver(clock, this.exchange, scenario.seed, scenario.barUs);
    this.gate = new Gate(() => clock.nowUs, weather);
  }

  get bansGiven(): number {
    return this.gate.bans;
  }

  instruments(): VenueInstrument[] {
    return this.exchange.markets.map(venueInstrumentOf);
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
