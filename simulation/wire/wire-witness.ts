import type { HttpRequest, HttpResponse, SimProcess, WebSocketConnection, WebSocketHandlers, WebSocketOptions } from "@tradepulse/platform";
import type { Judge } from "../oracle/judge.ts";

/** The network of a process: what its Env is given. */
export interface Network {
  readonly http: (request: HttpRequest) => Promise<HttpResponse>;
  readonly webSocket: (url: string, handlers: WebSocketHandlers, options?: WebSocketOptions) => WebSocketConnection;
}

export interface WitnessParts {
  readonly judge: Judge;
  readonly process: SimProcess;
  /** What this process knows is what the judge holds it to; of any other only what it sends. */
  readonly isJudged: () => boolean;
}

/** Listens on the wire of one process and tells the judge what leaves and what comes back. It reads bytes, and asks nobody. */
export function witnessed(network: Network, { judge, process, isJudged }: WitnessParts): Network {
  const isAlive = (): boolean => process.isAlive && isJudged();
  const userSockets = new Set<object>();
  let silentUntilUs = 0;
  return {
    http: async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const parameters = new URLSearchParams(request.body ?? "");
      const parameter = (name: string): string => searchParams.get(name) ?? parameters.get(name) ?? "";
      if (request.method === "POST" && pathname === "/api/v3/order" && process.isAlive) {
        const clientId = parameter("newClientOrderId");
        const side = parameter("side") === "BUY" ? "buy" : "sell";
        judge.onSent({
          process: process.name,
          clientId,
          symbol: parameter("symbol"),
          side,
          sentUs: judge.nowUs,
          order: { quantity: parameter("quantity"), price: parameter("price"), stopPrice: parameter("stopPrice") },
        });
        judge.onArrived(clientId);
      }
      if (isAlive() && judge.nowUs < silentUntilUs)
        judge.violate(
          "I21",
          `${request.method} ${pathname} leaves ${Math.round((silentUntilUs - judge.nowUs) / 1000)} ms before the silence ends`,
        );
      const response = await network.http(request);
      if ((response.status === 429 || response.status === 418) && isAlive())
        silentUntilUs = Math.max(silentUntilUs, judge.nowUs + Number(response.headers["retry-after"] ?? 0) * 1e6);
      if (response.status === 200 && request.method === "GET" && isAlive()) {
        if (pathname === "/api/v3/openOrders") judge.onRead("orders");
        if (pathname === "/api/v3/myTrades") judge.onRead("fills");
        if (pathname === "/api/v3/account") judge.onRead("balances");
        if (pathname === "/api/v3/klines") judge.onSoundBar(parameter("symbol"));
      }
      return response;
    },
    webSocket: (url, handlers, options) => {
      const isUser = url.includes("/ws-api/");
      const me = {};
      return network.webSocket(
        url,
        {
          ...handlers,
          onOpen: () => {
            if (isUser && isAlive()) {
              userSockets.add(me);
              judge.onBlind(false);
            }
            handlers.onOpen();
          },
          onMessage: (text) => {
            if (!isUser && isAlive()) {
              const symbol = /"e":"kline".*?"s":"([A-Z0-9]+)"/.exec(text)?.[1];
              if (symbol !== undefined) judge.onSoundBar(symbol);
            }
            handlers.onMessage(text);
          },
          onPing: () => handlers.onPing?.(),
          onClose: (code, reason) => {
            if (isUser && isAlive() && userSockets.delete(me) && userSockets.size === 0) judge.onBlind(true);
            handlers.onClose(code, reason);
          },
        },
        options,
      );
    },
  };
}
