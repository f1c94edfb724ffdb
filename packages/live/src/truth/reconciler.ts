import type { Env } from "@tradepulse/platform";
import type { ExecutionClient, VenueOrder } from "@tradepulse/venues";
import { countAt, decimal } from "../news/decimal-money.ts";
import type { LiveInstrument } from "../session/live-instrument.ts";
import type { OrderRegister } from "../session/order-register.ts";
import { isOpen, type TruthApplier } from "./truth-applier.ts";

/** What a reconciliation found. Every number should be zero on a good day. */
export interface ReconciliationReport {
  readonly isComplete: boolean;
  /** Why it could not be completed; empty when it was. */
  readonly why: string;
  readonly missingFills: number;
  readonly foreignOrders: readonly string[];
  readonly revived: readonly string[];
  readonly balanceDifferences: readonly { readonly asset: string; readonly venue: string; readonly ours: string }[];
}

export interface ReconcilerParts {
  readonly env: Env;
  readonly client: ExecutionClient;
  readonly register: OrderRegister;
  readonly truth: TruthApplier;
  readonly instruments: readonly LiveInstrument[];
  /** Orders that the engine thinks may still fill. */
  workingOrderIds(): readonly number[];
  /** What the engine has of an instrument, in lots, and of the quote, in quanta. */
  position(instrumentIndex: number): number;
  cash(): number;
  onAlarm(text: string): void;
}

/**
 * Compares the whole private truth of the venue with ours and applies what is missing: own fills since the last seen, the state of every order we think
 * is at work, orders at work that we think ended (they are canceled) or that are not ours (they are named). Balances are compared last.
 */
export class Reconciler {
  private readonly parts: ReconcilerParts;

  constructor(parts: ReconcilerParts) {
    this.parts = parts;
  }

  async run(): Promise<ReconciliationReport> {
    const { client, instruments, truth, register } = this.parts;
    let missingFills = 0;
    for (const [index, { symbol }] of instruments.entries()) {
      const before = truth.lastTradeIds[index] ?? -1;
      const fills = await client.fillsFrom(symbol, before + 1);
      if (fills.kind === "unavailable") return incomplete(`fills of ${symbol}: ${fills.why}`);
      for (const fill of fills.value) {
        // REST names the venue's order only; the client id comes from the register, once the order is known to it.
        truth.fill(fill);
        missingFills += 1;
      }
    }
    const open = await client.openOrders();
    if (open.kind === "unavailable") return incomplete(`open orders: ${open.why}`);
    const foreign: string[] = [];
    const revived: string[] = [];
    const openIds = new Set<string>();
    for (const order of open.value) {
      openIds.add(order.clientId);
      if (register.findByClientId(order.clientId) === undefined) foreign.push(`${order.symbol} ${order.clientId}`);
      else if (!truth.order(order)) revived.push(order.clientId);
    }
    const failure = await this.readMissing(openIds);
    if (failure !== undefined) return incomplete(failure);
    for (const clientId of revived) await this.endRevived(clientId, open.value);
    for (const each of foreign) this.parts.onAlarm(`an order at the venue is not ours: ${each}`);
    const balances = await client.balances();
    if (balances.kind === "unavailable") return incomplete(`balances: ${balances.why}`);
    const held = new Map(balances.value.map((each) => [each.asset, total(each.free, each.locked)]));
    return { isComplete: true, why: "", missingFills, foreignOrders: foreign, revived, balanceDifferences: this.compare(held) };
  }

  /** Orders we think are at work and the venue does not list: each is asked for by its name. */
  private async readMissing(openIds: ReadonlySet<string>): Promise<string | undefined> {
    const { client, register, truth } = this.parts;
    for (const orderId of this.parts.workingOrderIds()) {
      const order = register.find(orderId);
      if (order === undefined || !order.wasSent || openIds.has(order.clientId)) continue;
      const read = await client.orderByClientId(order.symbol, order.clientId);
      if (read.kind === "unavailable") return `order ${order.clientId}: ${read.why}`;
      // Absence is the resolver's business: it needs more than one witness.
      if (read.value === undefined) continue;
      if (truth.order(read.value)) continue;
      const fills = await client.fillsFrom(order.symbol, 0);
      if (fills.kind === "unavailable") return `fills of ${order.symbol}: ${fills.why}`;
      for (const fill of fills.value) if (fill.venueOrderId === read.value.venueOrderId) truth.fill(fill);
      truth.order(read.value);
    }
    return undefined;
  }

  /** An order we believe ended still works: it is canceled, and what it filled meanwhile arrives as late fills. */
  private async endRevived(clientId: string, open: readonly VenueOrder[]): Promise<void> {
    const order = open.find((each) => each.clientId === clientId);
    if (order !== undefined && isOpen(order)) await this.parts.client.cancel(order.symbol, clientId);
  }

  private compare(held: ReadonlyMap<string, number>): { readonly asset: string; readonly venue: string; readonly ours: string }[] {
    const differences: { asset: string; venue: string; ours: string }[] = [];
    for (const [index, { instrument, baseAsset }] of this.parts.instruments.entries()) {
      const venue = held.get(baseAsset) ?? 0;
      const ours = (this.parts.position(index) * instrument.lotUnits) / 10 ** instrument.lotScale;
      if (Math.abs(venue - ours) > 1e-9 * Math.max(1, Math.abs(ours)))
        differences.push({ asset: baseAsset, venue: String(venue), ours: String(ours) });
    }
    const quote = this.parts.instruments[0]!.instrument.quote;
    const venueCash = held.get(quote.code) ?? 0;
    const ourCash = this.parts.cash() / 10 ** quote.scale;
    if (Math.abs(venueCash - ourCash) > 1e-6 * Math.max(1, Math.abs(ourCash)))
      differences.push({ asset: quote.code, venue: String(venueCash), ours: String(ourCash) });
    return differences;
  }
}

function incomplete(why: string): ReconciliationReport {
  return { isComplete: false, why, missingFills: 0, foreignOrders: [], revived: [], balanceDifferences: [] };
}

/** Free and locked together, for the comparison of balances alone. */
function total(free: string, locked: string): number {
  const parts = [decimal(free), decimal(locked)];
  return parts.reduce((sum, part) => sum + (part === undefined ? Number.NaN : countAt(part, 8) / 1e8), 0);
}
