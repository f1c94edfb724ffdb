import {
  type HttpRequest,
  type HttpResponse,
  Secret,
  SimClock,
  SimDisk,
  SimEnv,
  SimFiles,
  SimProcess,
  seededStream,
  TransportError,
  type WebSocketHandlers,
} from "@tradepulse/platform";
import type { BinanceKey } from "./sign.ts";

/** What the far side does with a request: answers, or lets it fail. */
export type HttpScript = (request: HttpRequest, query: URLSearchParams) => Partial<HttpResponse> | TransportError | Promise<HttpResponse>;

/** The far side of one WebSocket. */
export class ScriptedSocket {
  readonly url: string;
  readonly sent: Readonly<Record<string, unknown>>[] = [];
  readonly handlers: WebSocketHandlers;
  pings = 0;
  isClosed = false;
  onSent: ((message: Readonly<Record<string, unknown>>, socket: ScriptedSocket) => void) | undefined;

  constructor(url: string, handlers: WebSocketHandlers) {
    this.url = url;
    this.handlers = handlers;
  }

  say(message: unknown): void {
    if (!this.isClosed) this.handlers.onMessage(typeof message === "string" ? message : JSON.stringify(message));
  }

  cut(code = 1_006, reason = ""): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.handlers.onClose(code, reason);
  }
}

export const START_US = 1_767_225_600_000_000;

export const HMAC_KEY: BinanceKey = {
  kind: "hmac",
  apiKey: new Secret("an-api-key-of-the-test"),
  secret: new Secret("a-secret-of-the-test"),
};

/** An adapter's surroundings under virtual time: what it asks over HTTP is answered by a function, and its sockets are in the test's hands. */
export class ScriptedWorld {
  readonly clock = new SimClock({ seed: 1, startUs: START_US });
  readonly env: SimEnv;
  readonly requests: HttpRequest[] = [];
  readonly sockets: ScriptedSocket[] = [];
  /** Time that a request is under way, there and back together. */
  latencyUs = 20_000;
  http: HttpScript = () => new TransportError("no script", "no");
  onSocket: (socket: ScriptedSocket) => void = () => undefined;

  constructor() {
    const process = new SimProcess("adapter");
    this.env = new SimEnv({
      clock: this.clock,
      process,
      seed: 1,
      files: new SimFiles(new SimDisk(seededStream(1, "disk"))),
      http: (request) => this.#answer(request),
      webSocket: (url, handlers) => {
        const socket = new ScriptedSocket(url, handlers);
        this.sockets.push(socket);
        this.clock.after(1_000, () => this.onSocket(socket));
        return {
          send: (text) => {
            const message = JSON.parse(text) as Readonly<Record<string, unknown>>;
            socket.sent.push(message);
            this.clock.after(1_000, () => socket.onSent?.(message, socket));
          },
          ping: () => {
            socket.pings += 1;
          },
          close: (code) => this.clock.after(0, () => socket.cut(code)),
        };
      },
    });
  }

  /** The venue's wall clock, which the simulated world's time is. */
  get venueMs(): number {
    return Math.floor(this.clock.nowUs / 1_000);
  }

  run(forUs: number): Promise<void> {
    return this.clock.run(this.clock.nowUs + forUs);
  }

  /** Lets time pass until the promise is settled. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const done = promise.finally(() => {
      isSettled = true;
    });
    done.catch(() => undefined);
    for (let k = 0; k < 10_000 && !isSettled; k += 1) await this.run(10_000);
    return done;
  }

  async #answer(request: HttpRequest): Promise<HttpResponse> {
    this.requests.push(request);
    await this.env.sleep(this.latencyUs / 2);
    const query = new URLSearchParams(request.body ?? new URL(request.url).search);
    const said =
      new URL(request.url).pathname === "/api/v3/time"
        ? { body: JSON.stringify({ serverTime: this.venueMs }) }
        : await this.http(request, query);
    await this.env.sleep(this.latencyUs / 2);
    if (said instanceof TransportError) throw said;
    return { status: 200, headers: {}, body: "", ...said };
  }
}
