import type { VenueFill, VenueOrder } from "@tradepulse/venues";
import type { Mutant } from "../mutant.ts";
import { around, blank, changeFacts, inSession, patch } from "./plant.ts";

/** Bugs of fills, money and reconciliation. */
export const FILL_BUGS: readonly Mutant[] = [
  {
    id: "dedupe-by-order",
    about: "one fill an order is enough",
    seen: "hummingbot#1663",
    driver: (driver) => {
      const seen = new Set<number>();
      driver.change = (fact) => {
        if (fact.kind !== "order" || fact.event !== "filled") return [fact];
        if (seen.has(fact.orderId)) return [];
        seen.add(fact.orderId);
        return [fact];
      };
    },
  },
  {
    id: "fills-twice",
    about: "every eighth fill is booked twice",
    seen: "bitfinex-api-py#18",
    ...changeFacts((fact) =>
      fact.kind === "order" && fact.event === "filled" && fact.tradeId % 8 === 0
        ? [fact, { ...fact, seq: fact.seq + 0.5, tradeId: fact.tradeId + 0.5 }]
        : [fact],
    ),
  },
  {
    id: "no-fills-after-end",
    about: "fills of an order that has ended are dropped",
    seen: "nautilus_trader#4157",
    ...changeFacts((fact, node) =>
      fact.kind === "order" && fact.event === "filled" && node.engine.orderState(fact.orderId)?.mayFill === false ? [] : [fact],
    ),
  },
  {
    id: "no-late-fills",
    about: "fills that are older than a minute are dropped",
    seen: "nautilus_trader#3471",
    ...inSession((session, node) =>
      patch(session.truth, "fill", (before) => (fill: VenueFill) => {
        if (node.env.wallUs() - fill.timeUs < 60_000_000) before(fill as never);
      }),
    ),
  },
  {
    id: "counters-make-fills",
    about: "a counter that is ahead becomes a fill of its own",
    seen: "nautilus_trader#3493",
    ...inSession((session, node) =>
      patch(session.truth, "order", (before) => (order: VenueOrder) => {
        const verdict = before(order as never);
        const ours = session.register.findByClientId(order.clientId);
        if (verdict !== "fills-missing" || ours === undefined) return verdict;
        const lots = Math.round(Number(order.filledQuantity) * 1e8) - (node.engine.orderState(ours.orderId)?.filledLots ?? 0);
        const notional = Math.round((Number(order.filledQuote) / Number(order.filledQuantity)) * lots);
        const tradeId = 1e9 + session.sequencer.lastSeq;
        session.sequencer.push({ kind: "order", event: "filled", orderId: ours.orderId, cause: 0, ...blank, tradeId, lots, notional });
        return before(order as never);
      }),
    ),
  },
  {
    id: "two-sources-two-fills",
    about: "what REST and the stream say of one trade counts twice",
    seen: "nautilus_trader#3046",
    client: (client) =>
      around(client, {
        fillsFrom: async (symbol, from) => {
          const read = await client.fillsFrom(symbol, from >= 1e6 ? from - 1e6 : from);
          return read.kind === "read" ? { ...read, value: read.value.map((fill) => ({ ...fill, tradeId: fill.tradeId + 1e6 })) } : read;
        },
      }),
  },
  {
    id: "stream-counts-as-read",
    about: "reading goes on after the last fill of the stream, so that a gap before it is never read",
    seen: "Lean.Brokerages.TradeStation#95",
    ...inSession((session, node) =>
      patch(session.truth, "fill", (before) => (fill: VenueFill) => {
        before(fill as never);
        const index = node.instruments.findIndex(({ symbol }) => symbol === fill.symbol);
        const { readUpTo } = Reflect.get(session, "reconciler") as { readUpTo: number[] };
        readUpTo[index] = Math.max(readUpTo[index] ?? -1, fill.tradeId);
      }),
    ),
  },
  {
    id: "never-reads-again",
    about: "no reconciliation but after doubts",
    seen: "unicorn-binance-websocket-api#238",
    settings: { reconcileEveryUs: 1e15 },
  },
  {
    id: "foreign-ignored",
    about: "fills that are not ours are dropped",
    seen: "freqtrade#5277",
    ...changeFacts((fact) => (fact.kind === "external" ? [] : [fact])),
  },
  {
    id: "fee-in-base-ignored",
    about: "a fee taken in coins is not taken off the position",
    seen: "freqtrade#1371",
    ...changeFacts((fact) => (fact.kind === "order" ? [{ ...fact, feeLots: 0 }] : [fact])),
  },
  {
    id: "float-money",
    about: "money is kept to the cent",
    seen: "node-binance-api#71",
    ...changeFacts((fact) => (fact.kind === "order" ? [{ ...fact, notional: Math.round(fact.notional / 1e6) * 1e6 }] : [fact])),
  },
  {
    id: "movements-ignored",
    about: "money that comes or goes is never booked",
    seen: "ccxt#1880",
    settings: { balanceSettleUs: 1e15 },
  },
];
