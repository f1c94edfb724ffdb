import { type Env, redact, type Timer, type WebSocketConnection } from "@tradepulse/platform";
import type { MessageFlaw } from "../port/flaw.ts";
import type { RateBudget } from "../port/rate-budget.ts";
import { parseJson, Shape, ShapeError } from "./schema.ts";
import { type BinanceKey, secretsOf, signedParams } from "./sign.ts";
import type { VenueClock } from "./venue-clock.ts";

const TICK_US = 2_000_000;
/** After so much silence we ask; the venue itself pings every 20 s. */
const ASK_AFTER_US = 10_000_000;
const SILENT_US = 30_000_000;
const ANSWER_US = 10_000_000;
const PROBE_EVERY_US = 60_000_000;
/** The venue cuts connections after 24 hours; one hour before, another one takes over. */
const LIFE_US = 23 * 3_600_000_000;
const MAX_BYTES = 1_048_576;
/** Close code of a connection over which a message came that is longer. */
const TOO_LONG = 1_009;
const KEY_CODES: ReadonlySet<number> = new Set([-1002, -1022, -2014, -2015]);

export interface UserConnectionParts {
  readonly env: Env;
  readonly url: string;
  readonly key: BinanceKey;
  readonly clock: VenueClock;
  readonly budget: RateBudget;
}

export interface UserConnectionHandlers {
  /** Subscribed: from now on every private event comes here. */
  onReady(): void;
  /** An event, unwrapped. */
  onEvent(event: Shape): void;
  onUnreadable(why: string, flaw: MessageFlaw): void;
  onFlaw(flaw: MessageFlaw): void;
  /** The connection will be cut soon: time for another one. */
  onExpiring(): void;
  /** Over, whatever the reason; once. */
  onEnd(why: string, flaw: "key" | "clock" | undefined): void;
}

type Step = "opening" | "logon" | "subscribing" | "ready" | "over";

/**
 * One connection to the WebSocket API with a subscription to the account's events. With an Ed25519 key the session logs on and then subscribes;
 * an HMAC key cannot log on, so it signs the subscription itself.
 */
export class UserConnection {
  readonly #parts: UserConnectionParts;
  readonly #handlers: UserConnectionHandlers;
  readonly #socket: WebSocketConnection;
  readonly #openedUs: number;
  #step: Step = "opening";
  #timer: Timer;
  #lastLifeUs: number;
  #probeSentUs: number | undefined;
  #lastProbeUs: number;
  /** Whether the venue's word about our subscription can be relied on: shown once, by its word about the fresh one. */
  #probe: "untried" | "works" | "useless" = "untried";
  #isExpiring = false;

  constructor(parts: UserConnectionParts, handlers: UserConnectionHandlers) {
    this.#parts = parts;
    this.#handlers = handlers;
    const nowUs = parts.env.monoUs();
    this.#openedUs = nowUs;
    this.#lastLifeUs = nowUs;
    this.#lastProbeUs = nowUs;
    // Connecting weighs two.
    parts.budget.spend(2);
    this.#timer = parts.env.timer(TICK_US, () => this.#tick());
    this.#socket = parts.env.webSocket(
      parts.url,
      {
        onOpen: () => this.#open(),
        onMessage: (text) => this.#message(text),
        onPing: () => this.#alive(),
        onClose: (code, reason) => {
          if (code === TOO_LONG && this.#step !== "over") handlers.onFlaw("oversized");
          this.#end(`the connection was closed: ${code} ${this.#clean(reason)}`.trimEnd(), undefined);
        },
      },
      { maxBytes: MAX_BYTES, handshakeTimeoutUs: ANSWER_US },
    );
  }

  get isReady(): boolean {
    return this.#step === "ready";
  }

  /** Monotonic instant of the last sign of life. */
  get lastLifeUs(): number {
    return this.#lastLifeUs;
  }

  /** Ends it without telling anybody. */
  close(): void {
    if (this.#step === "over") return;
    this.#step = "over";
    this.#timer.cancel();
    this.#socket.close(1_000);
  }

  #open(): void {
    if (this.#step !== "opening") return;
    this.#alive();
    const { key } = this.#parts;
    if (key.kind === "ed25519") this.#ask("logon", "session.logon", true);
    else this.#ask("subscribing", "userDataStream.subscribe.signature", true);
  }

  #ask(step: Step, method: string, isSigned: boolean): void {
    const { key, clock, budget } = this.#parts;
    this.#step = step;
    budget.spend(2);
    const params = isSigned ? { params: signedParams(key, { timestamp: Math.floor(clock.nowUs / 1_000) }) } : {};
    this.#socket.send(JSON.stringify({ id: step, method, ...params }));
  }

  #message(text: string): void {
    if (this.#step === "over") return;
    this.#alive();
    try {
      const shape = new Shape(parseJson(text));
      const event = eventOf(shape);
      if (event === undefined) this.#answer(shape);
      else this.#event(event);
    } catch (error) {
      if (error instanceof ShapeError) this.#handlers.onUnreadable(error.message, "strange");
      else if (error instanceof SyntaxError) this.#handlers.onUnreadable(`a message of ${text.length} characters is no JSON`, "unreadable");
      else throw error;
    }
  }

  #event(event: Shape): void {
    const kind = event.field("e").text(64);
    if (kind === "eventStreamTerminated") this.#end("the venue ended the subscription", undefined);
    else if (kind === "serverShutdown") this.#expire();
    else this.#handlers.onEvent(event);
  }

  /**
   * An answer to one of our own questions, named by `id`:
   *
   * ```json
   * { "id": "subscribing", "status": 200, "result": { "subscriptionId": 0 },
   *   "rateLimits": [ { "rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000, "count": 4 } ] }
   * { "id": "logon", "status": 401, "error": { "code": -2015, "msg": "Invalid API-key, IP, or permissions for action." } }
   * ```
   */
  #answer(shape: Shape): void {
    const id = shape.field("id").value;
    const status = shape.field("status").integer(100, 599);
    this.#readLimits(shape);
    if (id === "probe") {
      this.#probed(status, shape);
      return;
    }
    if (id !== this.#step) throw new ShapeError("$.id", "is no question of ours");
    if (status !== 200) {
      this.#refused(status, shape.field("error"));
      return;
    }
    if (this.#step === "logon") {
      this.#ask("subscribing", "userDataStream.subscribe", false);
      return;
    }
    this.#step = "ready";
    this.#askStatus();
    this.#handlers.onReady();
  }

  #refused(status: number, error: Shape): void {
    const { env, budget } = this.#parts;
    const code = error.field("code").integer(-99_999, 99_999);
    const message = this.#clean(error.field("msg").text(2_048));
    if (status === 429 || status === 418) {
      const data = error.optional("data");
      const retryMs = data?.optional("retryAfter")?.integer(0);
      const serverMs = data?.optional("serverTime")?.integer(0);
      const waitUs = retryMs === undefined || serverMs === undefined ? 60_000_000 : Math.max(0, retryMs - serverMs) * 1_000;
      budget.ban(env.monoUs() + Math.min(waitUs, 3 * 86_400_000_000));
    }
    const flaw = KEY_CODES.has(code) ? "key" : code === -1021 ? "clock" : undefined;
    this.#end(`the venue refused the subscription: ${code} ${message}`, flaw);
  }

  #askStatus(): void {
    const { env, budget } = this.#parts;
    this.#lastProbeUs = env.monoUs();
    this.#probeSentUs = this.#lastProbeUs;
    budget.spend(2);
    this.#socket.send(JSON.stringify({ id: "probe", method: "session.status" }));
  }

  /**
   * A connection can be open and pinging while its subscription is gone; only asking shows it:
   *
   * ```json
   * { "id": "probe", "status": 200, "result": { "apiKey": null, "authorizedSince": null, "connectedSince": 1767225600123,
   *   "returnRateLimits": true, "serverTime": 1767225600456, "userDataStream": true } }
   * ```
   *
   * A venue that does not know the question, or says no of a subscription just made, proves nothing either way and is asked no more.
   */
  #probed(status: number, shape: Shape): void {
    this.#probeSentUs = undefined;
    const stands = status === 200 && shape.field("result").optional("userDataStream")?.flag() === true;
    if (stands) this.#probe = "works";
    else if (status === 200 && this.#probe === "works") this.#end("the venue no longer has our subscription", undefined);
    else if (this.#probe === "untried") this.#probe = "useless";
  }

  #readLimits(shape: Shape): void {
    for (const limit of shape.optional("rateLimits")?.items(64) ?? []) {
      const isWeight = limit.field("rateLimitType").value === "REQUEST_WEIGHT" && limit.optional("interval")?.value === "MINUTE";
      if (isWeight && limit.optional("intervalNum")?.value === 1) this.#parts.budget.observe(limit.field("count").integer(0));
    }
  }

  #tick(): void {
    if (this.#step === "over") return;
    const { env, budget } = this.#parts;
    const nowUs = env.monoUs();
    const silentUs = nowUs - this.#lastLifeUs;
    if (silentUs >= SILENT_US) {
      this.#end(`the connection was silent for ${Math.floor(silentUs / 1_000_000)} s`, undefined);
      return;
    }
    if (this.#step !== "ready") {
      if (nowUs - this.#openedUs >= 2 * ANSWER_US) {
        this.#end("the venue did not answer the subscription in time", undefined);
        return;
      }
    } else {
      if (this.#probeSentUs !== undefined && nowUs - this.#probeSentUs >= ANSWER_US) {
        if (this.#probe === "works") {
          this.#end("the venue did not answer whether the subscription stands", undefined);
          return;
        }
        this.#probeSentUs = undefined;
        this.#probe = "useless";
      }
      if (silentUs >= ASK_AFTER_US) this.#socket.ping();
      if (this.#probe !== "useless" && nowUs - this.#lastProbeUs >= PROBE_EVERY_US && budget.waitUs(2, "truth") === 0) this.#askStatus();
      if (nowUs - this.#openedUs >= LIFE_US) this.#expire();
    }
    this.#timer = env.timer(TICK_US, () => this.#tick());
  }

  #expire(): void {
    if (this.#isExpiring) return;
    this.#isExpiring = true;
    this.#handlers.onExpiring();
  }

  #alive(): void {
    this.#lastLifeUs = this.#parts.env.monoUs();
  }

  #end(why: string, flaw: "key" | "clock" | undefined): void {
    if (this.#step === "over") return;
    this.close();
    this.#handlers.onEnd(why, flaw);
  }

  #clean(text: string): string {
    return redact(text, secretsOf(this.#parts.key));
  }
}

/**
 * The event in a message: `{ "subscriptionId": 0, "event": { "e": … } }` on the WebSocket API, `{ "stream": …, "data": { "e": … } }` where streams
 * are combined, or bare. `undefined` for an answer to a question.
 */
function eventOf(shape: Shape): Shape | undefined {
  if (shape.has("event")) return shape.field("event");
  if (shape.has("data")) return shape.field("data");
  return shape.has("e") ? shape : undefined;
}
