import type { ReadOutcome } from "../port/execution-client.ts";
import type { VenueFill, VenueOrder } from "../port/venue-records.ts";
import type { ClientIdMemory } from "./client-id-memory.ts";
import { RETRY_US, type Unavailable, unavailable } from "./outcomes.ts";
import { checkTradePage, parseMyTrade, parseOrder, type UnnamedFill } from "./parse.ts";
import { type BinanceRequest, requests } from "./requests.ts";
import type { Shape } from "./schema.ts";

const TRADES_PAGE = 1_000;
const MOST_PAGES = 200;

export interface OwnFillsParts {
  readonly names: ClientIdMemory;
  read<T>(request: BinanceRequest, parse: (shape: Shape) => T): Promise<ReadOutcome<T>>;
  /** Remembers the name of the order that it finds. */
  orderByVenueId(symbol: string, venueOrderId: string): Promise<ReadOutcome<VenueOrder | undefined>>;
}

/** The account's own fills. The venue lists them in pages and by its own order ids; here they are whole and carry our names. */
export class OwnFills {
  readonly #parts: OwnFillsParts;

  constructor(parts: OwnFillsParts) {
    this.#parts = parts;
  }

  /** Highest trade id of the own fills of a symbol; -1 when there are none. */
  lastTradeId(symbol: string): Promise<ReadOutcome<number>> {
    return this.#parts.read(requests.myTrades(symbol, { limit: 1 }), (shape) => {
      const rows = shape.items(1).map(parseMyTrade);
      checkTradePage(rows, symbol, 0);
      return rows.at(-1)?.tradeId ?? -1;
    });
  }

  /** Own fills of a symbol with trade ids from `fromTradeId` on, oldest first, all pages, each with the client id of its order. */
  async from(symbol: string, fromTradeId: number): Promise<ReadOutcome<readonly VenueFill[]>> {
    const fills: UnnamedFill[] = [];
    let fromId = fromTradeId;
    let readUs = 0;
    for (let page = 0; ; page += 1) {
      if (page === MOST_PAGES)
        return unavailable(`${symbol} has more than ${MOST_PAGES * TRADES_PAGE} trades from ${fromTradeId} on`, RETRY_US);
      const read = await this.#parts.read(requests.myTrades(symbol, { fromId, limit: TRADES_PAGE }), (shape) => {
        const rows = shape.items(TRADES_PAGE).map(parseMyTrade);
        checkTradePage(rows, symbol, fromId);
        return rows;
      });
      if (read.kind === "unavailable") return read;
      readUs = read.readUs;
      const isLast = read.value.length < TRADES_PAGE;
      const lastId = read.value.at(-1)?.tradeId;
      // A full page may end between the two sides of a trade of the account with itself: its last trade is read again with the next page.
      fills.push(...(isLast ? read.value : read.value.filter(({ tradeId }) => tradeId !== lastId)));
      if (isLast) break;
      fromId = lastId!;
    }
    const failed = await this.#learnNames(symbol, fills);
    if (failed !== undefined) return failed;
    const value = fills.map((fill) => named(fill, this.#parts.names.find(symbol, fill.venueOrderId) ?? ""));
    return { kind: "read", value, readUs };
  }

  /** Reads the client ids of orders that the fills name and that were not seen yet. An order that the venue has no more stays without. */
  async #learnNames(symbol: string, fills: readonly UnnamedFill[]): Promise<Unavailable | undefined> {
    const unknown = [...new Set(fills.map((fill) => fill.venueOrderId))].filter((id) => this.#parts.names.find(symbol, id) === undefined);
    if (unknown.length === 1) {
      const [id] = unknown;
      const read = await this.#parts.orderByVenueId(symbol, id!);
      return read.kind === "unavailable" ? read : undefined;
    }
    // Many at once: the list of orders from the oldest on, in pages.
    const rest = new Set(unknown);
    let from = unknown.reduce<bigint | undefined>(
      (least, id) => (least === undefined || BigInt(id) < least ? BigInt(id) : least),
      undefined,
    );
    for (let page = 0; rest.size > 0 && from !== undefined && page < MOST_PAGES; page += 1) {
      const read: ReadOutcome<readonly VenueOrder[]> = await this.#parts.read(
        requests.ordersFrom(symbol, String(from), TRADES_PAGE),
        (shape) => shape.items(TRADES_PAGE).map(parseOrder),
      );
      if (read.kind === "unavailable") return read;
      for (const order of read.value) {
        this.#parts.names.remember(order);
        rest.delete(order.venueOrderId);
      }
      const last = read.value.at(-1);
      from =
        last === undefined || read.value.length < TRADES_PAGE || BigInt(last.venueOrderId) < from
          ? undefined
          : BigInt(last.venueOrderId) + 1n;
    }
    return undefined;
  }
}

/** Spelled out, so that a fill has its fields in the same order wherever it was read: journals and tapes are compared as text. */
function named(fill: UnnamedFill, clientId: string): VenueFill {
  const { symbol, venueOrderId, ...rest } = fill;
  return { symbol, venueOrderId, clientId, ...rest };
}
