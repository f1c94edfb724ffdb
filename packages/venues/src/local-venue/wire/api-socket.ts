import type { ExchangeEvent } from "../exchange/exchange-event.ts";
import { refusals, VenueRefusal } from "../exchange/refusal.ts";
import { accountEndpoints } from "./account-endpoints.ts";
import { type ApiKey, isSignedBy } from "./api-key.ts";
import { runCall } from "./call-runner.ts";
import type { Endpoint } from "./endpoint.ts";
import { marketEndpoints } from "./market-endpoints.ts";
import { rateLimitsJson } from "./market-json.ts";
import { userEventJson, wireMs } from "./order-json.ts";
import { noteFault, type VenueCore } from "./venue-core.ts";
import type { VenueSocket } from "./venue-socket.ts";
import type { WireParameters } from "./wire-parameters.ts";

interface Subscription {
  readonly id: number;
  readonly accountId: string;
}

/** Methods that belong to a session: the answer comes from the connection, through the same gate as all others. */
type SessionMethod =
  | "session.logon"
  | "session.status"
  | "session.logout"
  | "userDataStream.subscribe"
  | "userDataStream.subscribe.signature"
  | "userDataStream.unsubscribe";

const SESSION_METHODS: Readonly<Record<SessionMethod, { readonly weight: number; readonly security: "none" | "read" }>> = {
  "session.logon": { weight: 2, security: "read" },
  "session.status": { weight: 2, security: "none" },
  "session.logout": { weight: 2, security: "none" },
  "userDataStream.subscribe": { weight: 2, security: "none" },
  "userDataStream.subscribe.signature": { weight: 2, security: "read" },
  "userDataStream.unsubscribe": { weight: 2, security: "none" },
};

const endpoints = new Map<string, Endpoint>(
  [...marketEndpoints, ...accountEndpoints].flatMap((each) => (each.ws === undefined ? [] : [[each.ws, each]])),
);

/** The WebSocket API on a connection: requests with answers, a session that is logged on once, and private events. */
export class ApiSocket {
  readonly #core: VenueCore;
  readonly #socket: VenueSocket;
  #session: { readonly key: ApiKey; readonly sinceUs: number } | undefined;
  #subscriptions: readonly Subscription[] = [];
  #lastSubscription = -1;

  constructor(core: VenueCore, socket: VenueSocket) {
    this.#core = core;
    this.#socket = socket;
    socket.onText = (text) => void this.#take(text);
  }

  /** Passes an event on to those subscriptions that it concerns. */
  publish(event: ExchangeEvent): void {
    const accountId = event.kind === "execution" ? event.order.accountId : "accountId" in event ? event.accountId : undefined;
    if (accountId === undefined) return;
    const concerned = this.#subscriptions.filter((each) => each.accountId === accountId);
    if (concerned.length === 0) return;
    const { faults } = this.#core;
    const scene = {
      stream: "user",
      account: accountId,
      ...(event.kind === "execution" ? { symbol: event.order.symbol, clientId: event.order.clientId } : {}),
    };
    const note = (fault: string): void =>
      noteFault(this.#core, fault, event.kind === "execution" ? `${event.execution} ${event.order.clientId}` : event.kind);
    if (faults.draw("subscription-lost", scene) !== undefined) {
      note("subscription-lost");
      this.#subscriptions = this.#subscriptions.filter((each) => each.accountId !== accountId);
      return;
    }
    const isFill = event.kind === "execution" && event.execution === "TRADE";
    if (isFill && faults.draw("fill-dropped", scene) !== undefined) {
      note("fill-dropped");
      return;
    }
    if (faults.draw("event-dropped", scene) !== undefined) {
      note("event-dropped");
      return;
    }
    const late = faults.draw("event-delayed", scene);
    if (late !== undefined) note("event-delayed");
    const again = faults.draw("event-duplicated", scene);
    if (again !== undefined) note("event-duplicated");
    for (const { id } of concerned) {
      const text = JSON.stringify({ subscriptionId: id, event: userEventJson(event) });
      if (late === undefined) this.#socket.send(text);
      else this.#socket.sendLate(text, late.delayUs);
      for (let i = 0; again !== undefined && i < (again.value ?? 1); i += 1) {
        if (again.rule.delayUs === undefined) this.#socket.send(text);
        else this.#socket.sendLate(text, again.delayUs);
      }
    }
  }

  /** Ends the subscriptions of a key that is no longer good. */
  revoke(key: string): void {
    if (this.#session?.key.key === key) this.#session = undefined;
    const accountId = this.#core.keys.get(key)?.accountId;
    this.#endSubscriptions((each) => each.accountId === accountId);
  }

  #endSubscriptions(which: (each: Subscription) => boolean): void {
    for (const { id } of this.#subscriptions.filter(which)) {
      const event = { e: "eventStreamTerminated", E: wireMs(this.#core.now()) };
      this.#socket.send(JSON.stringify({ subscriptionId: id, event }));
    }
    this.#subscriptions = this.#subscriptions.filter((each) => !which(each));
  }

  async #take(text: string): Promise<void> {
    let id: unknown = null;
    try {
      const request = JSON.parse(text) as { id?: unknown; method?: unknown; params?: Record<string, unknown> };
      id = request.id ?? null;
      const method = (typeof request.method === "string" ? request.method : "").replace(/^v3\//, "");
      const parameters = parametersOf(request.params);
      await this.#run(id, method, parameters);
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
      this.#answer(id, { status: 400, error: { code: -1135, msg: "Invalid JSON Request" } });
    }
  }

  async #run(id: unknown, method: string, parameters: WireParameters): Promise<void> {
    const endpoint = this.#endpoint(method);
    if (endpoint === undefined) {
      this.#answer(id, {
        status: 400,
        error: { code: -1102, msg: "Mandatory parameter 'method' was not sent, was empty/null, or malformed." },
      });
      return;
    }
    const clientId = parameters.get("newClientOrderId") ?? parameters.get("origClientOrderId");
    const symbol = parameters.get("symbol");
    const scene = {
      method: "WS",
      path: method,
      ...(symbol === undefined ? {} : { symbol }),
      ...(clientId === undefined ? {} : { clientId }),
    };
    const authenticate = (): ApiKey => this.#authenticate(method, parameters);
    const outcome = await runCall(this.#core, { endpoint, parameters, address: this.#socket.address, scene, authenticate });
    switch (outcome.kind) {
      case "lost":
        return;
      case "cut":
        this.#socket.break();
        return;
      case "raw":
        this.#socket.send(outcome.body);
        return;
      case "result":
        this.#answer(id, { status: 200, result: outcome.result });
        return;
      case "refusal": {
        const { status, code, message, retryAfter } = outcome.refusal;
        const data =
          retryAfter > 0
            ? { data: { serverTime: wireMs(this.#core.now()), retryAfter: wireMs(this.#core.now()) + retryAfter * 1_000 } }
            : {};
        this.#answer(id, { status, error: { code, msg: message, ...data } });
      }
    }
  }

  #answer(id: unknown, answer: Record<string, unknown>): void {
    const [weight] = rateLimitsJson(this.#core.limits.options);
    this.#socket.send(JSON.stringify({ id, ...answer, rateLimits: [{ ...weight, count: this.#core.limits.used(this.#socket.address) }] }));
  }

  #endpoint(method: string): Endpoint | undefined {
    if (!Object.hasOwn(SESSION_METHODS, method)) return endpoints.get(method);
    const name = method as SessionMethod;
    return {
      rest: `WS ${name}`,
      ...SESSION_METHODS[name],
      run: ({ parameters, accountId }) => this.#runSession(name, parameters, accountId),
    };
  }

  #authenticate(method: string, parameters: WireParameters): ApiKey {
    const name = parameters.get("apiKey");
    if (name === undefined && this.#session !== undefined) {
      if (this.#core.keys.get(this.#session.key.key) !== this.#session.key) throw refusals.key();
      return this.#session.key;
    }
    if (name === undefined) throw refusals.missing("apiKey");
    const key = this.#core.keys.get(name);
    if (key === undefined) throw refusals.key();
    const signature = parameters.get("signature");
    if (signature === undefined) throw refusals.missing("signature");
    // Signed are the parameters by name, each as name=value.
    const names = [...parameters.keys()].filter((each) => each !== "signature").sort();
    if (!isSignedBy(key, names.map((each) => `${each}=${parameters.get(each)}`).join("&"), signature)) throw refusals.signature();
    if (method === "session.logon" && key.kind !== "ed25519") throw refusals.keyKind();
    return key;
  }

  #runSession(method: SessionMethod, parameters: WireParameters, accountId: string): unknown {
    switch (method) {
      case "session.logon":
        this.#session = { key: this.#core.keys.get(parameters.get("apiKey") ?? "") ?? this.#session!.key, sinceUs: this.#core.now() };
        return this.#status();
      case "session.logout":
        this.#session = undefined;
        this.#endSubscriptions(() => true);
        return this.#status();
      case "session.status":
        return this.#status();
      case "userDataStream.subscribe":
        if (this.#session === undefined) throw refusals.unauthorized();
        return this.#subscribe(this.#session.key.accountId);
      case "userDataStream.subscribe.signature":
        return this.#subscribe(accountId);
      case "userDataStream.unsubscribe": {
        const id = parameters.get("subscriptionId");
        this.#endSubscriptions((each) => id === undefined || each.id === Number(id));
        return {};
      }
    }
  }

  #subscribe(accountId: string): unknown {
    if (this.#subscriptions.some((each) => each.accountId === accountId))
      throw new VenueRefusal(-2035, "Subscription already active on this connection for this account.");
    this.#lastSubscription += 1;
    this.#subscriptions = [...this.#subscriptions, { id: this.#lastSubscription, accountId }];
    return { subscriptionId: this.#lastSubscription };
  }

  #status(): unknown {
    const session = this.#session;
    return {
      apiKey: session?.key.key ?? null,
      authorizedSince: session === undefined ? null : wireMs(session.sinceUs),
      connectedSince: wireMs(this.#core.now()),
      returnRateLimits: true,
      serverTime: wireMs(this.#core.now()),
      userDataStream: this.#subscriptions.length > 0,
    };
  }
}

function parametersOf(params: Record<string, unknown> | undefined): WireParameters {
  const parameters = new Map<string, string>();
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value === null || value === undefined) continue;
    parameters.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return parameters;
}
