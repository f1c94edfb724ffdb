import type { LiveSessionParts } from "./live-session-parts.ts";

/** What a person has to look at while the venue cannot be read: first what may have lost its stop. */
export function unverified({ engine, instruments }: Pick<LiveSessionParts, "engine" | "instruments">, knowsOrders: boolean): string {
  if (knowsOrders) return "trades and balances";
  const held = instruments.filter((_, index) => engine.account.signedLots(index) !== 0).map(({ symbol }) => symbol);
  return held.length === 0 ? "orders and balances" : `stops and other orders of ${held.join(", ")}`;
}
