/** What the truth ledger of a local venue says of requests and orders. */
interface TruthLine {
  readonly kind: string;
  readonly atUs: number;
  readonly request?: string;
  readonly order?: { readonly orderId: number; readonly status: string };
}

/** Asks a local venue for its truth; `undefined` when it is none, or does not answer. */
export async function localTruth(restUrl: string): Promise<readonly TruthLine[] | undefined> {
  try {
    const response = await fetch(`${restUrl}/__control`, { method: "POST", body: JSON.stringify({ do: "truth" }) });
    return response.ok ? ((await response.json()) as { readonly records: readonly TruthLine[] }).records : undefined;
  } catch {
    return undefined;
  }
}

/** Orders at work. */
export function workingIn(records: readonly TruthLine[]): number {
  const last = new Map<number, string>();
  for (const { order } of records) if (order !== undefined) last.set(order.orderId, order.status);
  return [...last.values()].filter((status) => status === "NEW" || status === "PARTIALLY_FILLED").length;
}

/** Instants at which orders were asked for, later than a given one. */
export function placedAfter(records: readonly TruthLine[], wallUs: number): number[] {
  return records.flatMap(({ kind, request, atUs }) => (kind === "request" && request === "place" && atUs > wallUs ? [atUs] : []));
}
