const MOST = 50_000;

/**
 * Which client id an order of the venue has. `/myTrades` names orders by the venue's id only; whoever reads fills wants to know whose they are.
 * Bounded: the oldest go first, and what is gone is read again.
 */
export class ClientIdMemory {
  readonly #ids = new Map<string, string>();

  remember(order: { readonly symbol: string; readonly venueOrderId: string; readonly clientId: string }): void {
    const name = nameOf(order.symbol, order.venueOrderId);
    if (this.#ids.has(name)) return;
    if (this.#ids.size >= MOST) this.#ids.delete(this.#ids.keys().next().value!);
    this.#ids.set(name, order.clientId);
  }

  find(symbol: string, venueOrderId: string): string | undefined {
    return this.#ids.get(nameOf(symbol, venueOrderId));
  }
}

/** Ids of orders are unique for a symbol only. */
function nameOf(symbol: string, venueOrderId: string): string {
  return `${symbol} ${venueOrderId}`;
}
