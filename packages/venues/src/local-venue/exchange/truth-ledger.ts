import type { E8 } from "./amount.ts";
import type { AccountTrade } from "./exchange-event.ts";
import type { OrderView } from "./exchange-order.ts";

export type RequestKind = "place" | "cancel" | "cancel-all";

/** One thing that is true at the venue, whatever any client was told. Times are microseconds of the venue's own clock. */
export type TruthEntry =
  | {
      readonly kind: "request";
      readonly request: RequestKind;
      readonly accountId: string;
      readonly symbol: string;
      readonly clientId: string;
      /** `never-entered` when the request did not reach the engine. */
      readonly outcome: "accepted" | "refused" | "never-entered";
      readonly code: number;
      readonly orderId: number;
    }
  | { readonly kind: "order"; readonly why: string; readonly order: OrderView }
  | { readonly kind: "trade"; readonly trade: AccountTrade }
  | { readonly kind: "bust"; readonly trade: AccountTrade }
  | {
      readonly kind: "balance";
      readonly accountId: string;
      readonly asset: string;
      readonly freeChange: E8;
      readonly lockedChange: E8;
      readonly free: E8;
      readonly locked: E8;
      readonly cause: string;
    }
  /** What a client was told, where that was not the plain truth. */
  | { readonly kind: "fault"; readonly name: string; readonly about: string };

export type TruthRecord = TruthEntry & { readonly seq: number; readonly atUs: number };

/**
 * Everything that ever happened at the venue, append only, for an oracle that trusts nobody. Order states are views taken at the time,
 * so any earlier state can be read back.
 */
export class TruthLedger {
  readonly #records: TruthRecord[] = [];
  readonly #orders = new Map<string, TruthRecord[]>();
  readonly #balances = new Map<string, TruthRecord[]>();

  get records(): readonly TruthRecord[] {
    return this.#records;
  }

  append(atUs: number, entry: TruthEntry): void {
    const record: TruthRecord = { seq: this.#records.length + 1, atUs, ...entry };
    this.#records.push(record);
    if (entry.kind === "order") push(this.#orders, `${entry.order.symbol}/${entry.order.orderId}`, record);
    if (entry.kind === "balance") push(this.#balances, `${entry.accountId}/${entry.asset}`, record);
  }

  /** Every request that named a client id, in order of arrival. */
  requestsOf(accountId: string, clientId: string): readonly (TruthRecord & { kind: "request" })[] {
    return this.#records.filter(
      (record): record is TruthRecord & { kind: "request" } =>
        record.kind === "request" && record.accountId === accountId && record.clientId === clientId,
    );
  }

  /** Last known state of every order of an account that ever entered, oldest first. */
  ordersOf(accountId: string): readonly OrderView[] {
    const last: OrderView[] = [];
    for (const states of this.#orders.values()) {
      const state = states.at(-1)!;
      if (state.kind === "order" && state.order.accountId === accountId) last.push(state.order);
    }
    return last.sort((a, b) => a.createdUs - b.createdUs || a.orderId - b.orderId);
  }

  /** Trades of an account that stand: busted ones are left out. */
  tradesOf(accountId: string): readonly AccountTrade[] {
    const busted = new Set<AccountTrade>();
    for (const record of this.#records) if (record.kind === "bust") busted.add(record.trade);
    const trades: AccountTrade[] = [];
    for (const record of this.#records)
      if (record.kind === "trade" && record.trade.accountId === accountId && !busted.has(record.trade)) trades.push(record.trade);
    return trades;
  }

  /** The state of an order at an instant; `undefined` before it entered. */
  orderAt(symbol: string, orderId: number, atUs: number): OrderView | undefined {
    const record = lastUntil(this.#orders.get(`${symbol}/${orderId}`), atUs);
    return record?.kind === "order" ? record.order : undefined;
  }

  /** Balances of an asset at an instant. */
  balanceAt(accountId: string, asset: string, atUs: number): { readonly free: E8; readonly locked: E8 } {
    const record = lastUntil(this.#balances.get(`${accountId}/${asset}`), atUs);
    return record?.kind === "balance" ? { free: record.free, locked: record.locked } : { free: 0n, locked: 0n };
  }

  /** One line a record: what a person reads, and what two runs of one seed are compared by. */
  lines(): string[] {
    return this.#records.map((record) => JSON.stringify(record, (_, value) => (typeof value === "bigint" ? String(value) : value)));
  }
}

function push(map: Map<string, TruthRecord[]>, key: string, record: TruthRecord): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [record]);
  else list.push(record);
}

function lastUntil(records: readonly TruthRecord[] | undefined, atUs: number): TruthRecord | undefined {
  if (records === undefined) return undefined;
  for (let i = records.length - 1; i >= 0; i -= 1) if (records[i]!.atUs <= atUs) return records[i];
  return undefined;
}
