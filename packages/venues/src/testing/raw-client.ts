import { createHmac } from "node:crypto";
import type { WebSocketConnection } from "@tradepulse/platform";
import { type ApiKey, LOCAL_KEY } from "../local-venue/wire/api-key.ts";
import type { VenueWorld } from "./venue-world.ts";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or the text where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: what a venue sends is unknown until looked at; tests look at it.
  readonly json: any;
}

/** Speaks the wire protocol to a venue by hand: requests put together and signed here, answers as they come. */
export class RawClient {
  readonly #world: VenueWorld;
  readonly #key: ApiKey;
  readonly #address: string;
  /** Added to the timestamps of signed requests. */
  aheadMs = 0;

  constructor(world: VenueWorld, key: ApiKey = LOCAL_KEY, address = "127.0.0.1") {
    this.#world = world;
    this.#key = key;
    this.#address = address;
  }

  /** Sends a request without a signature. `undefined` when no answer came within `waitUs`, `"cut"` when the connection broke. */
  async send(
    method: string,
    url: string,
    headers: Record<string, string> = {},
    body = "",
    waitUs = 120_000_000,
  ): Promise<RawAnswer | "cut" | undefined> {
    let answer: RawAnswer | "cut" | undefined;
    void this.#world.venue.handleHttp({ method, url, headers, body }, this.#address).then((each) => {
      if (each.kind === "cut") answer = "cut";
      else answer = { status: each.status, headers: each.headers, json: parsed(each.body) };
    });
    await this.#world.run(0);
    const untilUs = this.#world.clock.nowUs + waitUs;
    while (answer === undefined && (await this.#world.clock.step(untilUs))) {
      // Time passes until the answer is there.
    }
    if (answer === undefined) await this.#world.clock.run(untilUs);
    return answer;
  }

  async get(path: string, query: Record<string, string | number> = {}): Promise<RawAnswer> {
    return whole(await this.send("GET", `${path}?${new URLSearchParams(entries(query)).toString()}`));
  }

  /** A signed request: parameters in the query, the signature last. */
  async signed(method: string, path: string, query: Record<string, string | number> = {}): Promise<RawAnswer> {
    return whole(await this.trySigned(method, path, query));
  }

  trySigned(
    method: string,
    path: string,
    query: Record<string, string | number> = {},
    waitUs?: number,
  ): Promise<RawAnswer | "cut" | undefined> {
    const timestamp = Math.floor(this.#world.clock.nowUs / 1_000) + this.aheadMs;
    const text = new URLSearchParams(entries({ ...query, timestamp })).toString();
    const signature = createHmac("sha256", this.#key.secret).update(text).digest("hex");
    return this.send(method, `${path}?${text}&signature=${signature}`, { "X-MBX-APIKEY": this.#key.key }, "", waitUs);
  }

  order(query: Record<string, string | number>): Promise<RawAnswer> {
    return this.signed("POST", "/api/v3/order", { symbol: "BTCUSDT", ...query });
  }

  limit(side: string, quantity: string, price: string, more: Record<string, string | number> = {}): Promise<RawAnswer> {
    return this.order({ side, type: "LIMIT", timeInForce: "GTC", quantity, price, ...more });
  }

  /** Parameters of the WebSocket API with key and signature. */
  signedParams(params: Record<string, string | number> = {}): Record<string, string | number> {
    const all: Record<string, string | number> = {
      ...params,
      apiKey: this.#key.key,
      timestamp: Math.floor(this.#world.clock.nowUs / 1_000) + this.aheadMs,
    };
    const text = Object.keys(all)
      .sort()
      .map((name) => `${name}=${all[name]}`)
      .join("&");
    return { ...all, signature: createHmac("sha256", this.#key.secret).update(text).digest("hex") };
  }

  /** Opens a connection and keeps what comes. */
  socket(url: string): RawSocket {
    return new RawSocket(this.#world, url, this.#address);
  }

  /** A connection to the private stream, subscribed. */
  async userSocket(): Promise<RawSocket> {
    const socket = this.socket("/ws-api/v3");
    await this.#world.run(0);
    await socket.ask("userDataStream.subscribe.signature", this.signedParams());
    return socket;
  }
}

/** A connection that keeps everything it got. */
export class RawSocket {
  // biome-ignore lint/suspicious/noExplicitAny: see RawAnswer.
  readonly messages: any[] = [];
  pings = 0;
  isOpen = false;
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #connection: WebSocketConnection;
  readonly #world: VenueWorld;
  #lastId = 0;

  constructor(world: VenueWorld, url: string, address: string) {
    this.#world = world;
    this.#connection = world.venue.openSocket(
      url,
      {
        onOpen: () => {
          this.isOpen = true;
        },
        onMessage: (text) => {
          this.messages.push(parsed(text));
        },
        onPing: () => {
          this.pings += 1;
        },
        onClose: (code, reason) => {
          this.closed = { code, reason };
        },
      },
      address,
    );
  }

  /** Private events that came, in order. */
  // biome-ignore lint/suspicious/noExplicitAny: see RawAnswer.
  get events(): any[] {
    return this.messages.filter((message) => message.event !== undefined).map((message) => message.event);
  }

  text(text: string): void {
    this.#connection.send(text);
  }

  ping(): void {
    this.#connection.ping();
  }

  close(): void {
    this.#connection.close();
  }

  /** A request of the WebSocket API and its answer. */
  // biome-ignore lint/suspicious/noExplicitAny: see RawAnswer.
  async ask(method: string, params: Record<string, unknown> = {}): Promise<any> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#connection.send(JSON.stringify({ id, method, params }));
    await this.#world.run(0);
    return this.messages.find((message) => message.id === id);
  }
}

function whole(answer: RawAnswer | "cut" | undefined): RawAnswer {
  if (answer === undefined || answer === "cut") throw new Error(`no answer came: ${answer ?? "lost"}`);
  return answer;
}

function entries(query: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
}

// biome-ignore lint/suspicious/noExplicitAny: see RawAnswer.
function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
