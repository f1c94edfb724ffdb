import { createHmac } from "node:crypto";
import type { HttpRequest, HttpResponse } from "@tradepulse/platform";
import { WIRE_KEY } from "../../wire/wire-venue.ts";
import type { Network } from "../../wire/wire-witness.ts";
import type { Mutant } from "../mutant.ts";
import { inSession, patch } from "./plant.ts";

type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** Something else between the adapter and its network. */
function onHttp(make: (http: Http, sleep: (us: number) => Promise<void>) => Http): Pick<Mutant, "edge" | "network"> {
  return {
    edge: "wire",
    network: (network: Network, env) => ({ ...network, http: make(network.http, (us) => env.sleep(us)) }),
  };
}

function isOrderPost({ method, url }: HttpRequest): boolean {
  return method === "POST" && new URL(url).pathname === "/api/v3/order";
}

const refusal = (code: number, msg: string): HttpResponse => ({ status: 400, headers: {}, body: JSON.stringify({ code, msg }) });

/** Signs a request anew after a change of its parameters. */
function signedAgain(request: HttpRequest, change: (parameters: string) => string): HttpRequest {
  const sign = (text: string): string => {
    const [payload] = change(text).split("&signature=");
    return `${payload}&signature=${createHmac("sha256", WIRE_KEY.secret).update(payload!).digest("hex")}`;
  };
  const [base, query] = request.url.split("?");
  if (query?.includes("signature=")) return { ...request, url: `${base}?${sign(query)}` };
  return request.body === undefined ? request : { ...request, body: sign(request.body) };
}

/** Bugs of an adapter, between what it is asked for and the bytes on the wire. */
export const WIRE_BUGS: readonly Mutant[] = [
  {
    id: "wire-retry-post",
    about: "the transport sends a request again when its connection broke",
    seen: "catalyst#315",
    ...onHttp((http) => async (request) => {
      try {
        const response = await http(request);
        return response.status >= 500 ? await http(request) : response;
      } catch {
        return http(request);
      }
    }),
  },
  {
    id: "wire-page-is-refusal",
    about: "a page of the network in front of the venue is taken for its refusal",
    seen: "XChange#1899",
    ...onHttp((http) => async (request) => {
      const response = await http(request);
      return isOrderPost(request) && response.body.startsWith("<") ? refusal(-2010, "refused") : response;
    }),
  },
  {
    id: "wire-half-is-refusal",
    about: "an answer that cannot be read counts as a refusal",
    seen: "OctoBot#951",
    ...onHttp((http) => async (request) => {
      const response = await http(request);
      if (!isOrderPost(request) || response.status !== 200) return response;
      try {
        JSON.parse(response.body);
        return response;
      } catch {
        return refusal(-2010, "unreadable");
      }
    }),
  },
  {
    id: "wire-wide-window",
    about: "orders are signed for a minute",
    seen: "python-binance#60",
    ...onHttp(
      (http) => (request) =>
        http(isOrderPost(request) ? signedAgain(request, (text) => text.replace(/recvWindow=[0-9.]+/, "recvWindow=60000")) : request),
    ),
  },
  {
    id: "wire-failure-is-absence",
    about: "a look-up that failed says that there is no such order",
    seen: "hummingbot#8457",
    ...onHttp((http) => async (request) => {
      const isLookUp = request.method === "GET" && /\/api\/v3\/order\b/.test(request.url);
      if (!isLookUp) return http(request);
      try {
        const response = await http(request);
        return response.status >= 500 ? refusal(-2013, "Order does not exist.") : response;
      } catch {
        return refusal(-2013, "Order does not exist.");
      }
    }),
  },
  {
    id: "wire-silence-unheard",
    about: "Retry-After is not read",
    seen: "OctoBot#2108",
    ...onHttp((http) => async (request) => {
      const response = await http(request);
      return response.status === 429 || response.status === 418 ? { ...response, status: 503, headers: {}, body: "" } : response;
    }),
  },
  {
    id: "wire-float-price",
    about: "prices go through binary floating point on their way out",
    seen: "ccxt#663",
    ...onHttp(
      (http) => (request) =>
        http(
          isOrderPost(request)
            ? signedAgain(request, (text) =>
                text.replace(/([&?]price=)([0-9.]+)/, (_, name: string, price: string) => `${name}${(Number(price) * 1.1) / 1.1 + 1e-9}`),
              )
            : request,
        ),
    ),
  },
  {
    id: "wire-lock-ignored",
    about: "a second process starts beside the one that leads",
    seen: "kubernetes-client#7249",
    edge: "wire",
    files: { lock: "ignored" },
  },
  {
    id: "wire-sync-skipped",
    about: "a write counts as durable without a sync",
    seen: "nats-server#6888",
    edge: "wire",
    files: { sync: "skipped" },
  },
  {
    id: "wire-fills-dropped-after-end",
    about: "a fill on the private stream after the end of its order is thrown away, and so is what a read says of it",
    seen: "freqtrade#1858",
    edge: "wire",
    ...inSession((session, node) =>
      patch(session.truth, "fill", (before) => (fill: { readonly clientId: string }) => {
        const ours = session.register.findByClientId(fill.clientId);
        if (ours === undefined || node.engine.orderState(ours.orderId)?.mayFill !== false) before(fill as never);
      }),
    ),
  },
];
