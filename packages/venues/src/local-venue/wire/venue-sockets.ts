import type { WebSocketConnection, WebSocketHandlers } from "@tradepulse/platform";
import type { ExchangeEvent } from "../exchange/exchange-event.ts";
import { ApiSocket } from "./api-socket.ts";
import { MarketHub } from "./market-hub.ts";
import { MarketSocket } from "./market-socket.ts";
import type { VenueCore } from "./venue-core.ts";
import { type SocketTerms, VenueSocket } from "./venue-socket.ts";

/** What a connection is for: an account's private stream, or market data. */
export type SocketSort = "user" | "market";

/** All connections of a venue: opened by path, told what happens, broken when the venue wants it. */
export class VenueSockets {
  readonly #core: VenueCore;
  readonly #terms: SocketTerms;
  readonly #hub: MarketHub;
  readonly #apis = new Map<VenueSocket, ApiSocket>();
  readonly #open = new Set<VenueSocket>();

  constructor(core: VenueCore, terms: SocketTerms) {
    this.#core = core;
    this.#terms = terms;
    this.#hub = new MarketHub(core);
  }

  /** `/ws/<stream>`, `/stream?streams=a/b` or `/ws-api/v3`. Anything else is refused on the connection, and so is everything while the venue is away. */
  open(url: string, handlers: WebSocketHandlers, address: string): WebSocketConnection {
    const [path = "", query = ""] = url.replace(/^[a-z]+:\/\/[^/]+/, "").split("?");
    const isApi = path === "/ws-api/v3";
    const isMarket = path === "/stream" || path === "/ws" || path.startsWith("/ws/");
    const socket = new VenueSocket(this.#core, handlers, this.#terms, address, isApi ? "user" : "market");
    const connection: WebSocketConnection = {
      send: (text) => socket.take(text),
      ping: () => socket.takePing(),
      close: (code = 1000, reason = "") => socket.takeClose(code, reason),
    };
    if (this.#core.isAway() || !this.#core.limits.connect(address) || (!isApi && !isMarket)) {
      socket.refuse();
      return connection;
    }
    this.#open.add(socket);
    if (isApi) this.#apis.set(socket, new ApiSocket(this.#core, socket));
    else {
      const named = path === "/stream" ? (new URLSearchParams(query).get("streams") ?? "").split("/") : path.split("/").slice(2);
      new MarketSocket(
        this.#hub,
        socket,
        path === "/stream",
        named.filter((name) => name !== ""),
      );
    }
    const end = socket.onEnd;
    socket.onEnd = () => {
      end();
      this.#open.delete(socket);
      this.#apis.delete(socket);
    };
    socket.open();
    return connection;
  }

  /** Events of an account go to its private streams, all others to the market's. */
  publish(event: ExchangeEvent): void {
    if (event.kind === "execution" || event.kind === "position" || event.kind === "transfer") {
      for (const api of Array.from(this.#apis.values())) api.publish(event);
      return;
    }
    this.#hub.publish(event);
  }

  /** Ends connections, all or those of a sort, with a close frame or without. */
  disconnect(sort?: SocketSort, code?: number): void {
    for (const socket of Array.from(this.#open)) {
      if (sort !== undefined && socket.sort !== sort) continue;
      if (code === undefined) socket.break();
      else socket.close(code, "going away");
    }
  }

  /** Connections carry nothing any more but pings; with `dead` not even those. */
  silence(sort?: SocketSort, dead = false): void {
    for (const socket of this.#open) if (sort === undefined || socket.sort === sort) socket.silence(dead);
  }

  /** Private streams of a key end. */
  revoke(key: string): void {
    for (const api of this.#apis.values()) api.revoke(key);
  }
}
