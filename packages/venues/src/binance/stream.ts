import type { Env, Timer, WebSocketConnection } from "@tradepulse/platform";
import type { MessageFlaw } from "../port/flaw.ts";
import { Backoff } from "./backoff.ts";
import { Shape, ShapeError } from "./schema.ts";

const TICK_US = 2_000_000;
const ASK_AFTER_US = 10_000_000;
const SILENT_US = 30_000_000;
const ANSWER_US = 15_000_000;
const LIFE_US = 23 * 3_600_000_000;
const STABLE_US = 60_000_000;
const MAX_BYTES = 8_388_608;
/** Close code of a connection over which a message came that is longer. */
const TOO_LONG = 1_009;
/** The venue takes 5 messages a second and 1,024 streams a connection. */
const NAMES_A_MESSAGE = 200;
const PAUSE_US = 300_000;
const MOST_NAMES = 1_024;

export interface StreamHandlers {
  /** All streams are subscribed; what is to come, comes. */
  onReady(): void;
  onEvent(stream: string, data: Shape): void;
  /** A message as the bytes it came in, valid during the call. True when it was understood; otherwise it is read the long way and shown to `onEvent`. */
  onBytes?(message: Uint8Array): boolean;
  /** Cut or silent. It reconnects by itself and subscribes anew. */
  onDoubt(why: string): void;
  onUnreadable(why: string, flaw: MessageFlaw): void;
  onFlaw?(flaw: MessageFlaw): void;
}

export interface StreamParts {
  readonly env: Env;
  /** Base address, without `/stream`. */
  readonly url: string;
  readonly names: readonly string[];
  readonly handlers: StreamHandlers;
}

/**
 * Public streams over one connection: subscribes, shows what comes, and after every cut waits (longer each time, with jitter), connects and
 * subscribes again. Being connected proves nothing: a connection without a sign of life for half a minute counts as cut.
 */
export class BinanceStream {
  readonly #parts: StreamParts;
  readonly #backoff: Backoff;
  #socket: WebSocketConnection | undefined;
  #timers = new Set<Timer>();
  #generation = 0;
  #awaited = new Set<number>();
  #isReady = false;
  #isClosed = false;
  #openedUs = 0;
  #readyUs = 0;
  /** Of this connection. */
  #lastLifeUs: number;
  /** Of the last connection that was ready: trying again and again is no sign of life. */
  #soundUs: number;

  constructor(parts: StreamParts) {
    if (parts.names.length > MOST_NAMES) throw new RangeError(`one connection carries ${MOST_NAMES} streams, not ${parts.names.length}`);
    this.#parts = parts;
    this.#backoff = new Backoff(parts.env.random("binance.stream"));
    this.#lastLifeUs = parts.env.monoUs();
    this.#soundUs = this.#lastLifeUs;
    this.#connect();
  }

  /** Microseconds since the last sign of life of a connection that carried what was asked for. */
  get silentUs(): number {
    return this.#parts.env.monoUs() - (this.#isReady ? this.#lastLifeUs : this.#soundUs);
  }

  /** Gives the connection up as not to be trusted and makes another one. */
  renew(why: string): void {
    this.#cut(this.#generation, why);
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  #connect(): void {
    if (this.#isClosed) return;
    this.#generation += 1;
    const mine = this.#generation;
    const { env, url } = this.#parts;
    this.#openedUs = env.monoUs();
    this.#lastLifeUs = this.#openedUs;
    this.#later(TICK_US, () => this.#tick(mine));
    this.#socket = env.webSocket(
      `${url}/stream`,
      {
        onOpen: () => this.#subscribe(mine, 0),
        onMessage: (text) => this.#message(mine, text),
        onBytes: (message) => this.#bytes(mine, message),
        onPing: () => this.#alive(mine),
        onClose: (code, reason) => {
          if (code === TOO_LONG && mine === this.#generation) this.#parts.handlers.onFlaw?.("oversized");
          this.#cut(mine, `the connection was closed: ${code} ${reason}`.trimEnd());
        },
      },
      { maxBytes: MAX_BYTES, handshakeTimeoutUs: ANSWER_US },
    );
  }

  #subscribe(mine: number, from: number): void {
    if (mine !== this.#generation || this.#isClosed) return;
    const { names } = this.#parts;
    this.#alive(mine);
    const id = from / NAMES_A_MESSAGE + 1;
    this.#awaited.add(id);
    const next = from + NAMES_A_MESSAGE;
    if (next < names.length) {
      // Not ready before the last part is answered, whatever comes first.
      this.#awaited.add(id + 1);
      this.#later(PAUSE_US, () => this.#subscribe(mine, next));
    }
    this.#socket!.send(JSON.stringify({ method: "SUBSCRIBE", params: names.slice(from, next), id }));
  }

  #bytes(mine: number, message: Uint8Array): boolean {
    if (mine !== this.#generation || this.#isClosed || this.#parts.handlers.onBytes?.(message) !== true) return false;
    this.#alive(mine);
    return true;
  }

  #message(mine: number, text: string): void {
    if (mine !== this.#generation || this.#isClosed) return;
    this.#alive(mine);
    const { handlers } = this.#parts;
    try {
      // Plain: no id of an order comes here, and a number that a double cannot hold is refused where it is read.
      const shape = new Shape(JSON.parse(text));
      if (shape.has("stream")) {
        const data = shape.field("data");
        if (data.optional("e")?.value === "serverShutdown") this.#cut(mine, "the venue's server shuts down");
        else handlers.onEvent(shape.field("stream").text(64), data);
      } else if (shape.optional("e")?.value === "serverShutdown") this.#cut(mine, "the venue's server shuts down");
      else this.#answer(mine, shape);
    } catch (error) {
      if (error instanceof ShapeError) handlers.onUnreadable(error.message, "strange");
      else if (error instanceof SyntaxError) handlers.onUnreadable(`a message of ${text.length} characters is no JSON`, "unreadable");
      else throw error;
    }
  }

  /** `{ "result": null, "id": 1 }`, or `{ "error": { "code": 2, "msg": "Invalid request: …" }, "id": 1 }`. */
  #answer(mine: number, shape: Shape): void {
    if (shape.optional("error") !== undefined || shape.has("code")) {
      this.#cut(mine, "the venue refused the subscription");
      return;
    }
    const id = shape.field("id").integer(0);
    if (!shape.has("result") || !this.#awaited.delete(id)) throw new ShapeError("$.id", "is no question of ours");
    if (this.#awaited.size > 0 || this.#isReady) return;
    this.#isReady = true;
    this.#readyUs = this.#parts.env.monoUs();
    this.#parts.handlers.onReady();
  }

  #tick(mine: number): void {
    if (mine !== this.#generation || this.#isClosed) return;
    const nowUs = this.#parts.env.monoUs();
    const silentUs = nowUs - this.#lastLifeUs;
    if (silentUs >= SILENT_US) {
      this.#cut(mine, `the connection was silent for ${Math.floor(silentUs / 1_000_000)} s`);
      return;
    }
    if (!this.#isReady && nowUs - this.#openedUs >= ANSWER_US) {
      this.#cut(mine, "the venue did not answer the subscription in time");
      return;
    }
    if (nowUs - this.#openedUs >= LIFE_US) {
      this.#cut(mine, "the connection is a day old");
      return;
    }
    if (silentUs >= ASK_AFTER_US) this.#socket!.ping();
    this.#later(TICK_US, () => this.#tick(mine));
  }

  #alive(mine: number): void {
    if (mine === this.#generation) this.#lastLifeUs = this.#parts.env.monoUs();
  }

  #cut(mine: number, why: string): void {
    if (mine !== this.#generation || this.#isClosed) return;
    if (this.#isReady) this.#soundUs = this.#lastLifeUs;
    if (this.#isReady && this.#parts.env.monoUs() - this.#readyUs >= STABLE_US) this.#backoff.reset();
    this.#drop();
    this.#later(this.#backoff.nextUs(), () => this.#connect());
    this.#parts.handlers.onDoubt(why);
  }

  #drop(): void {
    this.#generation += 1;
    this.#isReady = false;
    this.#awaited.clear();
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#socket?.close(1_000);
    this.#socket = undefined;
  }

  #later(delayUs: number, run: () => void): void {
    const timer = this.#parts.env.timer(delayUs, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }
}
