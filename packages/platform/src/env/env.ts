import type { Postgres } from "./postgres.ts";

/**
 * Everything outside the core that touches the world goes through one `Env`: clocks, timers, randomness, ids, HTTP, WebSockets, files, PostgreSQL,
 * the end of the process. `realEnv` is the world itself; the storm puts a simulated world in its place. Lint bans every other way out.
 *
 * Times are whole microseconds. Durations come from the monotonic clock only; wall time is data.
 */
export interface Env {
  /** Monotonic clock: never goes back, does not stand still with the process's own work. */
  monoUs(): number;
  /** Wall clock, UTC. May step in either direction. */
  wallUs(): number;
  /** Calls `run` once, `delayUs` from now on the monotonic clock. */
  timer(delayUs: number, run: () => void): Timer;
  /** Resolves after `delayUs`; rejects with the signal's reason when it aborts first. */
  sleep(delayUs: number, signal?: AbortSignal): Promise<void>;
  /** A stream of random numbers of its own; the same name gives the same stream within one Env. */
  random(name: string): RandomStream;
  /** 128 random bits as 32 hexadecimal digits. Never used for client order ids. */
  uniqueId(): string;
  http(request: HttpRequest): Promise<HttpResponse>;
  webSocket(url: string, handlers: WebSocketHandlers, options?: WebSocketOptions): WebSocketConnection;
  readonly files: Files;
  readonly postgres: Postgres;
  /** A signal sent to the process; returns how to stop listening. */
  onSignal(signal: "SIGTERM" | "SIGINT" | "SIGUSR2", run: () => void): () => void;
  /** Ends the process. */
  exit(code: number): void;
}

export interface Timer {
  cancel(): void;
}

export interface RandomStream {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform whole number in [0, below). */
  below(below: number): number;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From sending to the last byte of the answer. */
  readonly timeoutUs: number;
  /** Largest answer read, in bytes. */
  readonly maxBytes?: number;
  /**
   * Asked once a connection is there, right before the first byte is written to it: on `false` none is, and the request fails unsent. For what must not
   * leave any more when it had to wait for a connection, or its process stood still.
   */
  readonly mayLeave?: () => boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * No answer was read. `sent` says what is known of the request itself: `"no"` only when not one byte of it can have left, so it cannot have had an
 * effect; `"maybe"` otherwise.
 */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly sent: "no" | "maybe";

  constructor(message: string, sent: "no" | "maybe", cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.sent = sent;
  }
}

/** The answer was longer than the request allows; it may have had its effect all the same. */
export class OversizedError extends TransportError {
  constructor(maxBytes: number) {
    super(`the answer is longer than ${maxBytes} bytes`, "maybe");
  }
}

export interface WebSocketOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest message taken, in bytes; a longer one closes the connection with code 1009. */
  readonly maxBytes?: number;
  /** From the call to the open connection. */
  readonly handshakeTimeoutUs?: number;
}

export interface WebSocketHandlers {
  onOpen(): void;
  onMessage(text: string): void;
  /**
   * The same message before it is made a text: its bytes in UTF-8, valid during the call only. True takes it; otherwise `onMessage` is called with it.
   * What comes often can be read this way without a text and its objects.
   */
  onBytes?(message: Uint8Array): boolean;
  /** A ping arrived (it is answered by the connection itself) or a pong. */
  onPing?(): void;
  /** Called exactly once, whatever ended the connection. 1006 when there was no close frame. */
  onClose(code: number, reason: string): void;
}

export interface WebSocketConnection {
  send(text: string): void;
  ping(): void;
  /** Begins the closing handshake; the connection counts as closed when `onClose` runs. */
  close(code?: number, reason?: string): void;
}

/** Files as the journal and the latch need them. Paths are absolute. */
export interface Files {
  /** Opens for reading and writing at positions; makes the file when it is absent. */
  open(path: string): Promise<FileHandle>;
  read(path: string): Promise<Uint8Array>;
  /** Writes a whole file so that after a crash the old or the new content is there: temporary file, sync, rename, sync of the folder. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Gives a file another name, in this folder or another that exists, in the place of a file that had it: after a crash it has one of the two. */
  move(from: string, to: string): Promise<void>;
  /** Names in a folder, sorted; empty when it is absent. */
  list(folder: string): Promise<readonly string[]>;
  makeFolder(folder: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes the names of a folder durable. */
  syncFolder(folder: string): Promise<void>;
  /** Makes a file only this holder has; `undefined` when another live holder has it. */
  lock(path: string): Promise<FileLock | undefined>;
}

export interface FileHandle {
  /** Bytes in the file. */
  size(): Promise<number>;
  readAt(position: number, length: number): Promise<Uint8Array>;
  writeAt(position: number, bytes: Uint8Array): Promise<void>;
  /** Reserves room, so that later writes change no metadata. */
  allocate(length: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Returns when the data written before is on the disk. */
  sync(): Promise<void>;
  /** `writeAt` and `sync` of these bytes in one call of the system, where it has such a call: half the ways to the disk and back. */
  writeSynced?(position: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface FileLock {
  release(): Promise<void>;
}
