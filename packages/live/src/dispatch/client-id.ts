/**
 * The id an order carries at its venue: `tp-<epoch>-<order id>`, both in base 36. From epoch and sequence alone, so it can be formed again after a
 * crash and never comes twice: an epoch belongs to one leader, an order id to one order.
 */
export function clientIdOf(epoch: number, orderId: number): string {
  return `tp-${epoch.toString(36)}-${orderId.toString(36)}`;
}

/** Epoch and order id of one of our client ids; `undefined` for anyone else's. */
export function parseClientId(text: string): { readonly epoch: number; readonly orderId: number } | undefined {
  const match = /^tp-([0-9a-z]{1,9})-([0-9a-z]{1,10})$/.exec(text);
  if (match === null) return undefined;
  const epoch = Number.parseInt(match[1]!, 36);
  const orderId = Number.parseInt(match[2]!, 36);
  return Number.isSafeInteger(epoch) && Number.isSafeInteger(orderId) ? { epoch, orderId } : undefined;
}
