/** Every fault that the local venue can be told to have, and what it does. The text is printed by help. */
export const FAULTS = {
  "request-lost": "the request vanishes on its way: nothing happens and no answer comes",
  "request-cut": "the connection breaks before the request is taken; nothing happens",
  "late-arrival": "the request is held for delay before it reaches the venue; recvWindow still counts",
  "engine-delay": "the request passes the last look at recvWindow and enters the engine after delay, 10 s at most",
  "response-lost": "the request is carried out, no answer comes",
  "response-cut": "the request is carried out, the connection breaks before the answer",
  "slow-response": "the request is carried out at once, the answer comes after delay",
  "error-accepted": "the request is carried out and answered with a 5xx (value: the status)",
  "error-refused": "the request is not carried out and answered with a 5xx (value: the status)",
  "html-accepted": "the request is carried out and answered with a page in HTML (value: the status)",
  "html-refused": "the request is not carried out and answered with a page in HTML (value: the status)",
  "garbage-body": "the request is carried out and answered with half of its JSON",
  blocked: "the request is refused by a firewall: 403 and a page in HTML",
  "rate-limited": "the request is refused with 429 whatever was used",
  banned: "the address is banned for delay: 418",
  "weight-jump": "the used weight rises by value, as when others share the address",
  "read-lag": "queries of orders and trades are answered from a replica that is delay behind",
  "balance-lag": "queries of the account are answered from a replica that is delay behind",
  "cancel-forged": "a cancel is confirmed and not carried out: the order stays live",
  "cancel-lost": "a cancel is carried out and its answer lost",
  "fill-before-cancel": "an order is filled while its cancel arrives (value: the part of it that fills, 1 for all)",
  "fee-asset": "the fee of a fill is taken in BNB while there is some",
  "trade-bust": "the venue takes back a trade of an account",
  "event-duplicated": "an event of the private stream comes again (value: how many times; delay: after)",
  "event-delayed": "an event of the private stream comes delay late, behind those after it",
  "event-dropped": "an event of the private stream never comes",
  "fill-dropped": "the report of a fill never comes; everything else does",
  "subscription-lost": "the private stream ends without a word; the connection lives and pings",
  "market-duplicated": "a market message comes twice",
  "market-delayed": "a market message comes delay late, behind those after it",
  "market-dropped": "a market message never comes",
  "depth-gap": "a change of the book never comes",
  "kline-dropped": "a closed bar never comes",
  "kline-revised": "a closed bar comes once more with another close",
  "garbage-price": "a price in a market message is no price: NaN, 0, negative, 1e308, empty",
  "book-crossed": "a quote comes with the bid above the ask",
  disconnect: "a connection is closed with a close frame (value: the code)",
  "disconnect-abrupt": "a connection breaks without a close frame",
  "socket-silent": "a connection carries no more messages; pings go on",
  "socket-dead": "a connection carries nothing any more, not even pings; it stays open",
  "server-shutdown": "a connection is told serverShutdown and closed a moment later",
  "foreign-order": "somebody else places an order on the account",
  transfer: "money comes to the account or leaves it",
  "filters-changed": "tick, lot and least notional become ten times coarser for delay",
  "symbol-halted": "a symbol stops trading for delay",
  outage: "the whole venue is away for delay: connections refused, sockets broken; the market goes on",
} as const;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}
