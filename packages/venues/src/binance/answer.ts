import type { RefusalCause } from "../port/execution-client.ts";

/** What is known after one request. Only `answered` and `refused` are certain; `not-sent` is, because no byte left. */
export type Answer =
  | { readonly kind: "answered"; readonly body: unknown; readonly receivedMonoUs: number }
  | { readonly kind: "refused"; readonly code: number; readonly message: string; readonly cause: RefusalCause }
  | { readonly kind: "not-sent"; readonly why: string; readonly cause: RefusalCause; readonly retryAfterUs: number }
  | { readonly kind: "unknown"; readonly why: string };

/**
 * Codes that say for certain that the request had no effect. Everything else leaves it open: -1000, -1001, -1006, -1007, -1008 and -1016 come from
 * inside the venue, and a code that is added later is not guessed at. Source: Binance spot API documentation, errors.md.
 */
export function isDefinitive(code: number): boolean {
  if (code <= -1100 && code > -1200) return true;
  return DEFINITIVE.has(code);
}

const DEFINITIVE: ReadonlySet<number> = new Set([
  -1002, -1003, -1010, -1013, -1014, -1015, -1020, -1021, -1022, -2010, -2011, -2013, -2014, -2015, -2026, -2038, -2039,
]);

const AUTHORISATION: ReadonlySet<number> = new Set([-1002, -1022, -2014, -2015]);

/** What the matching engine says under -1010, -2010 and -2011, and the interface under -1013, by how the message begins. */
const BY_MESSAGE: readonly (readonly [begins: string, cause: RefusalCause])[] = [
  ["Filter failure: MAX_NUM_", "too-many-orders"],
  ["Filter failure: EXCHANGE_MAX_NUM_", "too-many-orders"],
  ["Filter failure: ", "filter"],
  ["Account has insufficient balance", "funds"],
  ["Duplicate order sent", "duplicate-id"],
  ["Market is closed", "market-closed"],
  // In older documents of the venue: "Stop price would trigger immediately".
  ["Order would trigger immediately", "has-passed"],
  ["Stop price would trigger immediately", "has-passed"],
  ["Price * QTY is zero or less", "filter"],
  ["IcebergQty exceeds QTY", "filter"],
  ["Invalid quantity", "filter"],
  ["Invalid price", "filter"],
  ["Invalid stopPrice", "filter"],
  ["This action is disabled on this account", "authorisation"],
  ["This account may not place or cancel orders", "authorisation"],
  ["This symbol is not permitted for this account", "authorisation"],
  ["This symbol is restricted for this account", "authorisation"],
  ["Rest API trading is not enabled", "authorisation"],
  ["WebSocket API trading is not enabled", "authorisation"],
];

/** What a definitive refusal means to us. */
export function causeOf(code: number, message: string): RefusalCause {
  if (AUTHORISATION.has(code)) return "authorisation";
  if (code === -1003) return "rate-limit";
  if (code === -1015) return "too-many-orders";
  if (code === -1021) return "clock";
  if (code === -1111) return "filter";
  return BY_MESSAGE.find(([begins]) => message.startsWith(begins))?.[1] ?? "other";
}
