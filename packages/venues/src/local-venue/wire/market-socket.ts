import type { MarketHub } from "./market-hub.ts";
import type { VenueSocket } from "./venue-socket.ts";

const MOST_STREAMS = 1_024;

/** The market side of a connection: streams named in its address, and SUBSCRIBE, UNSUBSCRIBE and their kin afterwards. */
export class MarketSocket {
  readonly #hub: MarketHub;
  readonly #socket: VenueSocket;
  readonly #names = new Set<string>();
  #isCombined: boolean;

  constructor(hub: MarketHub, socket: VenueSocket, isCombined: boolean, streams: readonly string[]) {
    this.#hub = hub;
    this.#socket = socket;
    this.#isCombined = isCombined;
    for (const name of streams.slice(0, MOST_STREAMS)) this.#subscribe(name);
    if (streams.length > MOST_STREAMS) socket.close(1008, "Too many streams");
    socket.onText = (text) => this.#take(text);
    socket.onEnd = () => hub.leave(socket);
  }

  #subscribe(name: string): void {
    const wrap = (text: string): string => (this.#isCombined ? `{"stream":${JSON.stringify(name)},"data":${text}}` : text);
    // The venue says nothing about streams that do not exist: they are only silent.
    this.#names.add(name);
    this.#hub.subscribe(name, this.#socket, wrap);
  }

  #take(text: string): void {
    let request: { method?: unknown; params?: unknown; id?: unknown };
    try {
      request = JSON.parse(text);
    } catch {
      this.#answer({ code: 3, msg: "Invalid JSON: expected value at line 1 column 1" });
      return;
    }
    const { method, params, id = null } = request ?? {};
    const names = Array.isArray(params) ? params.filter((name): name is string => typeof name === "string") : [];
    switch (method) {
      case "SUBSCRIBE":
        if (this.#names.size + names.length > MOST_STREAMS) {
          this.#socket.close(1008, "Too many streams");
          return;
        }
        for (const name of names) this.#subscribe(name);
        this.#answer({ result: null, id });
        return;
      case "UNSUBSCRIBE":
        for (const name of names) {
          this.#names.delete(name);
          this.#hub.unsubscribe(name, this.#socket);
        }
        this.#answer({ result: null, id });
        return;
      case "LIST_SUBSCRIPTIONS":
        this.#answer({ result: [...this.#names], id });
        return;
      case "SET_PROPERTY":
        if (names[0] !== "combined") this.#answer({ code: 0, msg: "Unknown property", id });
        else if (typeof (params as unknown[])[1] !== "boolean") this.#answer({ code: 1, msg: "Invalid value type: expected Boolean" });
        else {
          this.#isCombined = (params as [string, boolean])[1];
          this.#answer({ result: null, id });
        }
        return;
      case "GET_PROPERTY":
        this.#answer(names[0] === "combined" ? { result: this.#isCombined, id } : { code: 0, msg: "Unknown property", id });
        return;
      default:
        this.#answer({
          code: 2,
          msg: `Invalid request: unknown variant ${JSON.stringify(method ?? null)}, expected one of \`SUBSCRIBE\`, \`UNSUBSCRIBE\`, \`LIST_SUBSCRIPTIONS\`, \`SET_PROPERTY\`, \`GET_PROPERTY\` at line 1 column 1`,
        });
    }
  }

  #answer(message: Record<string, unknown>): void {
    this.#socket.send(JSON.stringify(message));
  }
}
