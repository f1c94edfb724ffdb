import type { Timer, WebSocketHandlers } from "@tradepulse/platform";
import type { FaultScene } from "../faults/fault-board.ts";
import { latencyUs, noteFault, type VenueCore } from "./venue-core.ts";

export interface SocketTerms {
  /** Between pings. */
  readonly pingUs: number;
  /** After which the venue closes a connection. */
  readonly lifetimeUs: number;
  /** Messages, pings and pongs of a client in a second before it is thrown out of a market connection; the WebSocket API counts weights instead. */
  readonly messagesPerSecond: number;
}

const CLOSE_ABNORMAL = 1006;

interface Waiting {
  readonly dueUs: number;
  readonly run: () => void;
}

/**
 * The venue's end of one WebSocket connection: messages leave in order after the feed's latency, pings go out, and at the end of its life it is
 * closed. Faults of connections strike here.
 */
export class VenueSocket {
  readonly address: string;
  /** Called with every message of the client. */
  onText: (text: string) => void = () => {};
  /** Called once when the connection is over. */
  onEnd: () => void = () => {};
  /** `user` or `market`, for faults. */
  sort: string;
  readonly #core: VenueCore;
  readonly #handlers: WebSocketHandlers;
  readonly #terms: SocketTerms;
  readonly #queue: Waiting[] = [];
  #timer: Timer | undefined;
  #pingTimer: Timer | undefined;
  #lifeTimer: Timer | undefined;
  #state: "opening" | "open" | "closing" | "over" = "opening";
  #isSilent = false;
  #isDead = false;
  #second = -1;
  #inThisSecond = 0;

  constructor(core: VenueCore, handlers: WebSocketHandlers, terms: SocketTerms, address: string, sort: string) {
    this.#core = core;
    this.#handlers = handlers;
    this.#terms = terms;
    this.address = address;
    this.sort = sort;
  }

  get isOpen(): boolean {
    return this.#state === "open" || this.#state === "opening";
  }

  /** Lets the client know, and begins the life of the connection. */
  open(): void {
    this.#enqueue(() => {
      if (this.#state !== "opening") return;
      this.#state = "open";
      this.#handlers.onOpen();
    });
    this.#schedulePing();
    this.#lifeTimer = this.#core.clock.timer(this.#terms.lifetimeUs, () => this.close(1008, "disconnected: connection is 24 hours old"));
  }

  /** The connection never comes to be. */
  refuse(): void {
    this.#enqueue(() => this.#end(CLOSE_ABNORMAL, ""));
  }

  /** Sends a message after the feed's latency, behind those sent before. */
  send(text: string): void {
    if (!this.isOpen) return;
    this.#strikeConnection();
    if (this.#isSilent || this.#isDead || !this.isOpen) return;
    this.#enqueue(() => this.#deliver(text));
  }

  /** Sends a message late, past those that come after it. */
  sendLate(text: string, delayUs: number): void {
    this.#core.clock.timer(delayUs + latencyUs(this.#core, "feedUs"), () => {
      if (!this.#isSilent && !this.#isDead) this.#deliver(text);
    });
  }

  /** From now on nothing but pings; with `dead` not even those. */
  silence(dead = false): void {
    this.#isSilent = true;
    if (dead) this.#isDead = true;
  }

  /** Closes with a close frame. */
  close(code: number, reason: string): void {
    if (this.#state === "over" || this.#state === "closing") return;
    this.#enqueue(() => this.#end(code, reason));
    this.#state = "closing";
  }

  /** Breaks off at once. */
  break(): void {
    this.#queue.length = 0;
    this.#end(CLOSE_ABNORMAL, "");
  }

  /** A message of the client. */
  take(text: string): void {
    if (this.isOpen && !this.#isDead && this.#mayCome()) this.onText(text);
  }

  /** The client closes. */
  takeClose(code: number, reason: string): void {
    if (this.#state === "over") return;
    this.#queue.length = 0;
    this.#state = "closing";
    this.#enqueue(() => this.#end(code, reason));
  }

  /** A ping of the client; a dead connection answers none. */
  takePing(): void {
    if (this.isOpen && !this.#isDead && this.#mayCome()) this.#enqueue(() => this.#handlers.onPing?.());
  }

  /** Counts something that the client sends. False, and the connection is closed, when it is too much for one second. */
  #mayCome(): boolean {
    const second = Math.floor(this.#core.clock.monoUs() / 1_000_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#inThisSecond = 0;
    }
    this.#inThisSecond += 1;
    if (this.sort !== "market" || this.#inThisSecond <= this.#terms.messagesPerSecond) return true;
    this.close(1008, "Too many requests");
    return false;
  }

  #deliver(text: string): void {
    if (this.#state === "open") this.#handlers.onMessage(text);
  }

  #strikeConnection(): void {
    const { faults } = this.#core;
    const scene: FaultScene = { stream: this.sort };
    if (faults.draw("disconnect-abrupt", scene) !== undefined) {
      noteFault(this.#core, "disconnect-abrupt", this.sort);
      this.break();
      return;
    }
    const closed = faults.draw("disconnect", scene);
    if (closed !== undefined) {
      noteFault(this.#core, "disconnect", this.sort);
      this.close(closed.value ?? 1001, "going away");
    }
    if (faults.draw("socket-silent", scene) !== undefined) {
      noteFault(this.#core, "socket-silent", this.sort);
      this.silence();
    }
    if (faults.draw("socket-dead", scene) !== undefined) {
      noteFault(this.#core, "socket-dead", this.sort);
      this.silence(true);
    }
    const shutdown = faults.draw("server-shutdown", scene);
    if (shutdown !== undefined) {
      noteFault(this.#core, "server-shutdown", this.sort);
      const event = { e: "serverShutdown", E: Math.floor(this.#core.now() / 1_000) };
      this.#enqueue(() => this.#deliver(JSON.stringify(this.sort === "user" ? { event } : event)));
      this.#core.clock.timer(shutdown.delayUs, () => this.close(1001, "server shutdown"));
    }
  }

  #schedulePing(): void {
    this.#pingTimer = this.#core.clock.timer(this.#terms.pingUs, () => {
      if (!this.isOpen) return;
      if (!this.#isDead) {
        this.#handlers.onPing?.();
        // Its pong.
        this.#mayCome();
      }
      this.#schedulePing();
    });
  }

  #enqueue(run: () => void): void {
    const last = this.#queue.at(-1);
    const dueUs = Math.max(last?.dueUs ?? 0, this.#core.clock.monoUs() + latencyUs(this.#core, "feedUs"));
    this.#queue.push({ dueUs, run });
    // One timer for all: timers of the same instant may run in any order, messages may not.
    if (this.#timer === undefined) this.#arm(dueUs);
  }

  #arm(dueUs: number): void {
    this.#timer = this.#core.clock.timer(Math.max(0, dueUs - this.#core.clock.monoUs()), () => {
      this.#timer = undefined;
      const nowUs = this.#core.clock.monoUs();
      while (this.#queue.length > 0 && this.#queue[0]!.dueUs <= nowUs) this.#queue.shift()!.run();
      if (this.#queue.length > 0) this.#arm(this.#queue[0]!.dueUs);
    });
  }

  #end(code: number, reason: string): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#pingTimer?.cancel();
    this.#lifeTimer?.cancel();
    this.onEnd();
    this.#handlers.onClose(code, reason);
  }
}
