import type { ExecutionClient, OrderRequest, SubmitOutcome, UserStream } from "../port/execution-client.ts";
import type { VenueBalance, VenueFill, VenueOrder } from "../port/venue-records.ts";
import { fail, readValue } from "./venue-law.ts";

/** A client with an account at a venue that a contract can try out, and a hand on the venue itself. Every place is a new one. */
export interface VenuePlace {
  readonly client: ExecutionClient;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** A quantity that the account can buy and sell several times; partial fills take half of it. */
  readonly quantity: string;
  /** Prices at which a buy and a sell rest. */
  readonly restingBuy: string;
  readonly restingSell: string;
  /** A price that is off the grid. */
  readonly offGrid: string;
  /** More than the account can pay for. */
  readonly tooMuch: string;
  wallUs(): number;
  /** Lets time pass until a promise is settled. */
  settle<T>(promise: Promise<T>): Promise<T>;
  run(us: number): Promise<void>;
  /** The market comes to a resting order and takes so much of it. */
  fill(clientId: string, quantity: string): void;
  /** The next order has its effect, or none, and its answer does not come. */
  loseNextAnswer(isCarriedOut: boolean): void;
  /** Breaks the private connection; absent where there is none. */
  cutStream?(): void;
  /** For so long the venue answers nobody; absent where that cannot be. */
  goAway?(us: number): void;
  /** Orders that the venue ever took under a client id, whatever anybody was told. */
  ordersTaken(clientId: string): number;
}

/** Validity of the orders of a {@link Hand}. */
export const DEADLINE_US = 2_000_000;

/** What a test does with a place, in short. */
export class Hand {
  readonly place: VenuePlace;

  constructor(place: VenuePlace) {
    this.place = place;
  }

  order(clientId: string, more: Partial<OrderRequest> = {}): OrderRequest {
    const { symbol, quantity, restingBuy, restingSell } = this.place;
    const side = more.side ?? "buy";
    const type = more.type ?? "limit";
    const price = type === "market" || type === "stop" ? {} : { price: side === "buy" ? restingBuy : restingSell };
    return { symbol, clientId, side, type, timeInForce: "GTC", quantity, deadlineUs: this.place.wallUs() + DEADLINE_US, ...price, ...more };
  }

  submit(clientId: string, more: Partial<OrderRequest> = {}): Promise<SubmitOutcome> {
    return this.place.settle(this.place.client.submit(this.order(clientId, more)));
  }

  /** Submits an order that must be acknowledged. */
  async placed(clientId: string, more: Partial<OrderRequest> = {}): Promise<SubmitOutcome & { kind: "acknowledged" }> {
    const outcome = await this.submit(clientId, more);
    return outcome.kind === "acknowledged" ? outcome : fail(`the order was not acknowledged: ${JSON.stringify(outcome)}`);
  }

  async byId(clientId: string): Promise<VenueOrder | undefined> {
    return readValue(await this.place.settle(this.place.client.orderByClientId(this.place.symbol, clientId)));
  }

  async open(): Promise<readonly VenueOrder[]> {
    return readValue(await this.place.settle(this.place.client.openOrders(this.place.symbol)));
  }

  async fills(from = 0): Promise<readonly VenueFill[]> {
    return readValue(await this.place.settle(this.place.client.fillsFrom(this.place.symbol, from)));
  }

  async balance(asset: string): Promise<VenueBalance> {
    const balances = readValue(await this.place.settle(this.place.client.balances()));
    return balances.find((each) => each.asset === asset) ?? { asset, free: "0", locked: "0" };
  }
}

/** What a private stream told. */
export class Listener {
  readonly orders: VenueOrder[] = [];
  readonly fills: VenueFill[] = [];
  readonly balances: VenueBalance[] = [];
  readonly states: string[] = [];
  readonly stream: UserStream;

  constructor(client: ExecutionClient) {
    this.stream = client.openUserStream({
      onOrder: (order, fill) => {
        this.orders.push(order);
        if (fill !== undefined) this.fills.push(fill);
      },
      onBalance: (balances) => this.balances.push(...balances),
      onReady: () => this.states.push("ready"),
      onDoubt: () => this.states.push("doubt"),
      onUnreadable: (why) => this.states.push(`unreadable: ${why}`),
    });
  }
}
