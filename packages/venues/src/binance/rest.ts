import { type Env, type HttpRequest, type HttpResponse, OversizedError, redact, TransportError } from "@tradepulse/platform";
import type { BadAnswer } from "../port/flaw.ts";
import type { RateBudget } from "../port/rate-budget.ts";
import { type Answer, causeOf, isDefinitive } from "./answer.ts";
import { parseError } from "./parse.ts";
import type { OrderCounts } from "./rate-budget.ts";
import type { BinanceRequest } from "./requests.ts";
import { parseJson, Shape, ShapeError } from "./schema.ts";
import { type BinanceKey, queryOf, secretsOf, signedQuery } from "./sign.ts";
import type { VenueClock } from "./venue-clock.ts";

/** Longest `recvWindow` that the venue takes. */
const LONGEST_WINDOW_MS = 60_000;
/** Silence after a 429 that does not say how long; the venue's counting minute is over by then. */
export const DEFAULT_BAN_US = 60_000_000;
/** Longest ban that the venue speaks, and so the longest that is believed: three days. */
export const LONGEST_BAN_US = 3 * 86_400_000_000;
/** The account's order limit has an interval of ten seconds; its refusal carries no time. */
const ORDER_PAUSE_US = 10_000_000;

export interface RestParts {
  readonly env: Env;
  readonly baseUrl: string;
  /** Asked before every signed call, so a rotated key is used from the next call on. Absent for public data. */
  readonly key: (() => BinanceKey) | undefined;
  readonly clock: VenueClock;
  readonly budget: RateBudget;
  readonly orderCounts: OrderCounts;
  /** Time that a signed read stays valid at the venue. */
  readonly recvWindowUs: number;
  /** No request is signed while the clock may be further off than this. */
  readonly clockBudgetUs: number;
  readonly timeoutUs: number;
  /** Told of every answer that says nothing. */
  readonly onBadAnswer?: ((bad: BadAnswer) => void) | undefined;
}

/** One request, one answer. Nothing here sends anything twice. */
export class BinanceRest {
  readonly #parts: RestParts;

  constructor(parts: RestParts) {
    this.#parts = parts;
  }

  /**
   * Sends once. `deadlineUs` (our wall clock) is the instant after which the venue must not act on it; it becomes the end of `recvWindow`, less
   * what our knowledge of the venue's clock may be off, so the venue refuses a late arrival by itself. `mayLeave` is asked once a connection is there,
   * right before the first byte.
   */
  async send(request: BinanceRequest, deadlineUs?: number, mayLeave?: () => boolean): Promise<Answer> {
    const { env, budget, orderCounts } = this.#parts;
    const waitUs = budget.waitUs(request.weight, request.purpose);
    if (waitUs > 0) return notSent(`the rate budget allows it in ${Math.ceil(waitUs / 1_000)} ms`, "rate-limit", waitUs);
    const isNewOrder = request.method === "POST";
    if (isNewOrder && orderCounts.waitUs > 0) return notSent("the account's order limit is reached", "too-many-orders", orderCounts.waitUs);

    const key = request.isSigned ? this.#parts.key?.() : undefined;
    const prepared = this.#prepare(request, key, deadlineUs);
    if ("kind" in prepared) return prepared;
    budget.spend(request.weight);
    if (isNewOrder) orderCounts.sent();
    let response: HttpResponse;
    try {
      response = await env.http(mayLeave === undefined ? prepared : { ...prepared, mayLeave });
    } catch (error) {
      const why = redact(error instanceof Error ? error.message : String(error), key === undefined ? [] : secretsOf(key));
      if (error instanceof TransportError && error.sent === "no") return notSent(why, "other", 0);
      if (error instanceof OversizedError) this.bad(request, "oversized", why);
      return { kind: "unknown", why };
    }
    const receivedMonoUs = env.monoUs();
    this.#readHeaders(response);
    const answer = classify(response, receivedMonoUs, key === undefined ? [] : secretsOf(key), (flaw, why) => this.bad(request, flaw, why));
    this.#heed(response, answer);
    return answer;
  }

  /** Tells of an answer that says nothing; also for those who read what is in it. */
  bad({ method, path }: BinanceRequest, flaw: BadAnswer["flaw"], why: string): void {
    this.#parts.onBadAnswer?.({ call: `${method} ${path}`, flaw, why });
  }

  #prepare(request: BinanceRequest, key: BinanceKey | undefined, deadlineUs: number | undefined): HttpRequest | Answer {
    const { baseUrl, timeoutUs } = this.#parts;
    const url = `${baseUrl}${request.path}`;
    if (!request.isSigned) {
      const query = queryOf(request.parameters);
      return { method: request.method, url: query === "" ? url : `${url}?${query}`, headers: {}, timeoutUs };
    }
    if (key === undefined) return notSent("there is no key for this account", "authorisation", 0);
    const timing = this.#timing(deadlineUs);
    if ("kind" in timing) return timing;
    const query = signedQuery(key, [
      ...request.parameters,
      ["recvWindow", String(timing.windowMs)],
      ["timestamp", String(timing.timestampMs)],
    ]);
    const headers = { "x-mbx-apikey": key.apiKey.reveal() };
    if (request.method !== "POST") return { method: request.method, url: `${url}?${query}`, headers, timeoutUs };
    return { method: "POST", url, headers: { ...headers, "content-type": "application/x-www-form-urlencoded" }, body: query, timeoutUs };
  }

  #timing(deadlineUs: number | undefined): { readonly timestampMs: number; readonly windowMs: number } | Answer {
    const { env, clock, clockBudgetUs, recvWindowUs } = this.#parts;
    const errorUs = clock.errorUs;
    if (errorUs > clockBudgetUs) {
      const state = Number.isFinite(errorUs) ? `may be ${Math.ceil(errorUs / 1_000)} ms off` : "is not known";
      return notSent(`the venue's clock ${state}, allowed are ${clockBudgetUs / 1_000} ms`, "clock", 0);
    }
    const venueUs = clock.nowUs;
    const timestampMs = Math.floor(venueUs / 1_000);
    const endUs = deadlineUs === undefined ? venueUs + recvWindowUs : deadlineUs + (venueUs - env.wallUs()) - errorUs;
    const windowMs = Math.min(LONGEST_WINDOW_MS, Math.floor((endUs - timestampMs * 1_000) / 1_000));
    if (windowMs <= 0) return notSent("its deadline has passed", "clock", 0);
    return { timestampMs, windowMs };
  }

  #readHeaders(response: HttpResponse): void {
    const { budget, orderCounts } = this.#parts;
    for (const [name, value] of Object.entries(response.headers)) {
      if (!/^\d{1,9}$/.test(value)) continue;
      if (name === "x-mbx-used-weight-1m") budget.observe(Number(value));
      else if (name.startsWith("x-mbx-order-count-"))
        orderCounts.observe(name.slice("x-mbx-order-count-".length).toUpperCase(), Number(value));
    }
  }

  /** 429 and 418 silence everything until the venue's time is over; going on would prolong the ban. */
  #heed(response: HttpResponse, answer: Answer): void {
    const { env, budget, orderCounts } = this.#parts;
    if (response.status !== 429 && response.status !== 418) return;
    const retryAfter = response.headers["retry-after"];
    const seconds = retryAfter !== undefined && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : undefined;
    if (seconds === undefined && answer.kind === "refused" && answer.code === -1015) {
      orderCounts.pause(ORDER_PAUSE_US);
      return;
    }
    budget.ban(env.monoUs() + Math.min(LONGEST_BAN_US, seconds === undefined ? DEFAULT_BAN_US : seconds * 1_000_000));
  }
}

function notSent(why: string, cause: (Answer & { kind: "not-sent" })["cause"], retryAfterUs: number): Answer & { kind: "not-sent" } {
  return { kind: "not-sent", why, cause, retryAfterUs };
}

/** Sorts an answer: what the venue said for certain, and everything else. Status and body must agree with each other. */
function classify(
  response: HttpResponse,
  receivedMonoUs: number,
  secrets: Parameters<typeof redact>[1],
  tell: (flaw: BadAnswer["flaw"], why: string) => void,
): Answer {
  const { status } = response;
  const bad = (flaw: BadAnswer["flaw"], why: string): Answer => {
    tell(flaw, why);
    return { kind: "unknown", why };
  };
  if (status >= 500) return { kind: "unknown", why: `status ${status}` };
  let body: unknown;
  try {
    body = parseJson(response.body);
  } catch {
    return bad("unreadable", `status ${status} with a body that is no JSON (${response.body.length} characters)`);
  }
  if (status === 200) {
    if (isErrorBody(body)) return bad("strange", "status 200 with an error in it");
    return { kind: "answered", body, receivedMonoUs };
  }
  if (status < 400) return bad("strange", `status ${status}`);
  try {
    const { code, message } = parseError(new Shape(body));
    const clean = redact(message, secrets);
    if (!isDefinitive(code)) return { kind: "unknown", why: `status ${status}, code ${code}: ${clean}` };
    return { kind: "refused", code, message: clean, cause: causeOf(code, message) };
  } catch (error) {
    if (error instanceof ShapeError) return bad("strange", `status ${status} without a code of the venue: ${error.message}`);
    throw error;
  }
}

function isErrorBody(body: unknown): boolean {
  return typeof body === "object" && body !== null && !Array.isArray(body) && "code" in body && "msg" in body;
}
