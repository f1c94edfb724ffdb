import {
  type Env,
  type Files,
  type HttpRequest,
  type HttpResponse,
  type RandomStream,
  type Timer,
  TransportError,
  type WebSocketConnection,
  type WebSocketHandlers,
  type WebSocketOptions,
} from "../env/env.ts";
import { type Postgres, PostgresError } from "../env/postgres.ts";
import { seededStream } from "./seeded-stream.ts";
import type { SimClock, SimProcess } from "./sim-clock.ts";

export interface SimEnvParts {
  readonly clock: SimClock;
  /** The process that lives in this world. Its timers end with it. */
  readonly process: SimProcess;
  readonly seed: number;
  readonly files: Files;
  /** The network, as functions. Without them there is none: requests fail unsent, connections close at once. */
  readonly http?: (request: HttpRequest) => Promise<HttpResponse>;
  readonly webSocket?: (url: string, handlers: WebSocketHandlers, options?: WebSocketOptions) => WebSocketConnection;
  /** A database, as functions. Without it there is none. */
  readonly postgres?: Postgres;
  readonly onExit?: (code: number) => void;
}

type SignalName = "SIGTERM" | "SIGINT" | "SIGUSR2";

/** A world under virtual time for one process. Random streams are named after the process, so that two of them do not share numbers. */
export class SimEnv implements Env {
  readonly files: Files;
  readonly postgres: Postgres;
  /** How far the wall clock is ahead of the world's time; a fault may change it at any moment. */
  wallAheadUs = 0;
  private readonly parts: SimEnvParts;
  private readonly streams = new Map<string, RandomStream>();
  private readonly listeners = new Map<SignalName, Set<() => void>>();

  constructor(parts: SimEnvParts) {
    this.parts = parts;
    this.files = parts.files;
    this.postgres = parts.postgres ?? { connect: () => Promise.reject(new PostgresError("lost", "there is no database in this world")) };
  }

  monoUs(): number {
    return this.parts.clock.nowUs;
  }

  wallUs(): number {
    return this.parts.clock.nowUs + this.wallAheadUs;
  }

  timer(delayUs: number, run: () => void): Timer {
    return this.parts.clock.after(delayUs, run, this.parts.process);
  }

  sleep(delayUs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(reasonOf(signal));
      const onAbort = (): void => {
        timer.cancel();
        reject(reasonOf(signal!));
      };
      const timer = this.timer(delayUs, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  random(name: string): RandomStream {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = seededStream(this.parts.seed, `${this.parts.process.name}/${name}`);
      this.streams.set(name, stream);
    }
    return stream;
  }

  uniqueId(): string {
    const stream = this.random("unique-id");
    return Array.from({ length: 4 }, () => stream.below(0x1_0000_0000).toString(16).padStart(8, "0")).join("");
  }

  http(request: HttpRequest): Promise<HttpResponse> {
    const { http } = this.parts;
    if (http === undefined) return Promise.reject(new TransportError(`no network for ${request.url}`, "no"));
    if (request.mayLeave?.() === false) return Promise.reject(new TransportError("it may not leave any more", "no"));
    return new Promise((resolve, reject) => {
      http(request).then(
        (response) => this.deliver(() => resolve(response)),
        (error: unknown) => this.deliver(() => reject(error instanceof Error ? error : new Error(String(error)))),
      );
    });
  }

  webSocket(url: string, handlers: WebSocketHandlers, options?: WebSocketOptions): WebSocketConnection {
    const { webSocket, process } = this.parts;
    if (webSocket === undefined) {
      this.timer(0, () => handlers.onClose(1006, "no network"));
      return { send: () => {}, ping: () => {}, close: () => {} };
    }
    const connection = webSocket(
      url,
      {
        onOpen: () => this.deliver(() => handlers.onOpen()),
        onMessage: (text) =>
          this.deliver(() => {
            if (handlers.onBytes?.(new TextEncoder().encode(text)) !== true) handlers.onMessage(text);
          }),
        onPing: () => this.deliver(() => handlers.onPing?.()),
        onClose: (code, reason) => this.deliver(() => handlers.onClose(code, reason)),
      },
      options,
    );
    // The system closes what a process leaves open.
    process.onEnd(() => connection.close());
    return connection;
  }

  /** What the network brings reaches a process only while it lives, and one that is stopped when it goes on. */
  private deliver(run: () => void): void {
    const { process } = this.parts;
    if (!process.isAlive) return;
    if (process.isPaused) process.hold(() => this.timer(0, run));
    else run();
  }

  onSignal(signal: SignalName, run: () => void): () => void {
    const runs = this.listeners.get(signal) ?? new Set();
    runs.add(run);
    this.listeners.set(signal, runs);
    return () => runs.delete(run);
  }

  /** Sends a signal to the process, as an event of its own. */
  signal(signal: SignalName): void {
    for (const run of this.listeners.get(signal) ?? []) this.timer(0, run);
  }

  exit(code: number): void {
    this.parts.onExit?.(code);
    this.parts.process.kill();
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}
