import type { SimEnv } from "@tradepulse/platform";
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
  VenueOrder,
} from "@tradepulse/venues";

/** What becomes of a call: answered; done and the answer lost; lost on the way there; or the given answer without anything done. */
export type Fate<Outcome> = "answered" | "answer-lost" | "lost" | Outcome;

/** A simulated edge for tests of a session: a venue whose every answer is in the test's hands. Orders rest until {@link fill}, {@link end} or a cancel. */
export class ScriptedVenue implements ExecutionClient {
  readonly venue = "TEST";
  readonly horizonUs = 10_000_000;
  readonly budget: RateBudget = {
    waitUs: () => 0,
    spend: () => undefined,
    observe: () => undefined,
    ban: () => undefined,
    bannedUntilUs: 0,
  };
  readonly orders = new Map<string, VenueOrder>();
  readonly fills: VenueFill[] = [];
  /** Every call, as `name argument`, in order. */
  readonly calls: string[] = [];
  readonly sent: OrderRequest[] = [];
  /** Venue wall time less the true one. */
  aheadUs = 0;
  latencyUs = 10_000;
  submits: (order: OrderRequest) => Fate<SubmitOutcome> = () => "answered";
  cancels: (clientId: string) => Fate<CancelOutcome> = () => "answered";
  /** Reads that fail, with why; all succeed when it gives undefined. */
  reads: (name: string, argument: string) => string | undefined = () => undefined;
  /** False keeps private events to itself. */
  isStreaming = true;
  /** Free at first, by asset; what was filled is added to it. */
  opening: Readonly<Record<string, number>> = {};
  private readonly env: SimEnv;
  private handlers: UserStreamHandlers | undefined;

  constructor(env: SimEnv) {
    this.env = env;
  }

  /** Fills an order at its price, or at the one given; tells the stream. */
  fill(clientId: string, quantity: string, price?: string): VenueFill {
    const order = this.orders.get(clientId)!;
    const filled = (Number(order.filledQuantity) + Number(quantity)).toFixed(8);
    const isWhole = Number(filled) >= Number(order.quantity);
    const next: VenueOrder = { ...order, filledQuantity: filled, state: isWhole ? "filled" : "partially-filled" };
    this.orders.set(clientId, next);
    const { symbol, venueOrderId, side } = order;
    const at = price ?? order.price;
    const about = { symbol, venueOrderId, clientId, tradeId: this.fills.length + 1, side, price: at, quantity };
    const fill = { ...about, fee: "0", feeAsset: "USDT", isMaker: true, timeUs: this.env.wallUs() } as const;
    this.fills.push(fill);
    this.tell(next, fill);
    return fill;
  }

  /** Ends an order from the venue's side; tells the stream. */
  end(clientId: string, state: "canceled" | "expired" | "rejected"): void {
    const next: VenueOrder = { ...this.orders.get(clientId)!, state };
    this.orders.set(clientId, next);
    this.tell(next, undefined);
  }

  doubt(why: string): void {
    this.handlers?.onDoubt(why);
  }

  ready(): void {
    this.handlers?.onReady();
  }

  callsOf(name: string): readonly string[] {
    return this.calls.filter((call) => call.startsWith(`${name} `)).map((call) => call.slice(name.length + 1));
  }

  async submit(request: OrderRequest): Promise<SubmitOutcome> {
    this.calls.push(`submit ${request.clientId}`);
    this.sent.push(request);
    const fate = this.submits(request);
    await this.env.sleep(this.latencyUs / 2);
    if (typeof fate === "object") return fate;
    if (fate === "lost") return { kind: "unknown", why: "lost on its way" };
    const { symbol, clientId, side, type, quantity, price = "0", stopPrice = "0" } = request;
    const nowUs = this.env.wallUs();
    const about = { symbol, venueOrderId: String(101 + this.orders.size), clientId, side, type, quantity, price, stopPrice };
    const order: VenueOrder = { ...about, state: "new", filledQuantity: "0", filledQuote: "0", createdUs: nowUs, updatedUs: nowUs };
    this.orders.set(clientId, order);
    this.tell(order, undefined);
    await this.env.sleep(this.latencyUs / 2);
    return fate === "answered" ? { kind: "acknowledged", order, fills: [] } : { kind: "unknown", why: "the answer was lost" };
  }

  async cancel(_symbol: string, clientId: string): Promise<CancelOutcome> {
    this.calls.push(`cancel ${clientId}`);
    const fate = this.cancels(clientId);
    await this.env.sleep(this.latencyUs / 2);
    if (typeof fate === "object") return fate;
    if (fate === "lost") return { kind: "unknown", why: "lost on its way" };
    const order = this.orders.get(clientId);
    const isOpen = order !== undefined && (order.state === "new" || order.state === "partially-filled");
    if (isOpen) this.end(clientId, "canceled");
    await this.env.sleep(this.latencyUs / 2);
    if (fate === "answer-lost") return { kind: "unknown", why: "the answer was lost" };
    return isOpen ? { kind: "canceled", order: this.orders.get(clientId)! } : { kind: "not-open", message: "Unknown order sent." };
  }

  cancelAll(): Promise<CancelOutcome> {
    throw new Error("not scripted");
  }

  instruments(): Promise<never> {
    throw new Error("not scripted");
  }

  measureClock(): Promise<ReadOutcome<{ readonly offsetUs: number; readonly errorUs: number }>> {
    return this.read("clock", "", () => ({ offsetUs: this.aheadUs - this.env.wallAheadUs, errorUs: 0 }));
  }

  balances(): Promise<ReadOutcome<readonly VenueBalance[]>> {
    return this.read("balances", "", () => {
      const { BTC = 0, USDT = 0 } = this.opening;
      let [base, quote] = [BTC, USDT];
      for (const { side, quantity, price } of this.fills) {
        const sign = side === "buy" ? 1 : -1;
        base += sign * Number(quantity);
        quote -= sign * Number(quantity) * Number(price);
      }
      return [
        { asset: "BTC", free: base.toFixed(8), locked: "0" },
        { asset: "USDT", free: quote.toFixed(8), locked: "0" },
      ];
    });
  }

  openOrders(): Promise<ReadOutcome<readonly VenueOrder[]>> {
    return this.read("openOrders", "", () =>
      [...this.orders.values()].filter(({ state }) => state === "new" || state === "partially-filled"),
    );
  }

  orderByClientId(_symbol: string, clientId: string): Promise<ReadOutcome<VenueOrder | undefined>> {
    return this.read("order", clientId, () => this.orders.get(clientId));
  }

  fillsFrom(_symbol: string, fromTradeId: number): Promise<ReadOutcome<readonly VenueFill[]>> {
    return this.read("fills", String(fromTradeId), () => this.fills.filter(({ tradeId }) => tradeId >= fromTradeId));
  }

  openUserStream(handlers: UserStreamHandlers): UserStream {
    this.handlers = handlers;
    this.env.timer(this.latencyUs, () => {
      if (this.handlers === handlers) handlers.onReady();
    });
    return {
      silentUs: 0,
      close: () => {
        if (this.handlers === handlers) this.handlers = undefined;
      },
    };
  }

  private async read<T>(name: string, argument: string, value: () => T): Promise<ReadOutcome<T>> {
    this.calls.push(`${name} ${argument}`);
    const why = this.reads(name, argument);
    await this.env.sleep(this.latencyUs);
    if (why !== undefined) return { kind: "unavailable", why, retryAfterUs: 0 };
    return { kind: "read", value: value(), readUs: this.env.wallUs() };
  }

  private tell(order: VenueOrder, fill: VenueFill | undefined): void {
    const { handlers } = this;
    if (!this.isStreaming || handlers === undefined) return;
    this.env.timer(this.latencyUs / 4, () => {
      if (this.handlers === handlers) handlers.onOrder(order, fill);
    });
  }
}
