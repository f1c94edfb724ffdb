import type { Env } from "@tradepulse/platform";
import type { ExecutionClient, VenueOrder } from "@tradepulse/venues";
import { countAt, decimal, decimalText } from "../news/decimal-money.ts";
import type { LiveInstrument } from "../session/live-instrument.ts";
import type { OrderRegister } from "../session/order-register.ts";
import type { BalanceDifference } from "./balance-watch.ts";
import { Reading } from "./reading.ts";
import { isOpen, type TruthApplier } from "./truth-applier.ts";

/** How long a venue must not know an order at work, in microseconds: its reads lag by less. */
const ABSENT_US = 120_000_000;

/** What a reconciliation found. Every number should be zero on a good day. */
export interface ReconciliationReport {
  readonly isComplete: boolean;
  /** Why it could not be completed; empty when it was. */
  readonly why: string;
  /** What works at the venue was read, whatever else was not. */
  readonly knowsOrders: boolean;
  readonly missingFills: number;
  readonly foreignOrders: readonly string[];
  readonly revived: readonly string[];
  readonly balanceDifferences: readonly BalanceRow[];
}

/** A balance that is not what we have booked. */
export interface BalanceRow extends BalanceDifference {
  /** Whose base it is; -1 for the quote. */
  readonly instrumentIndex: number;
  readonly venue: string;
  readonly ours: string;
}

export interface ReconcilerParts {
  readonly env: Env;
  readonly client: ExecutionClient;
  readonly register: OrderRegister;
  readonly truth: TruthApplier;
  readonly instruments: readonly LiveInstrument[];
  /** An order that worked is asked for by its name, and the venue has none such for long. Told once until it is listed again. */
  readonly onVanished: (orderId: number) => void;
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
  /**
   * Highest trade id of each instrument that a read has covered, without gaps: where the next read starts. What the stream brought does not count,
   * since it may have left out one before.
   */
  readonly readUpTo: number[] = [];
  private readonly parts: ReconcilerParts;
  /** Orders at work that the venue did not know when it was last asked, and since when. Those at work bound it. */
  private readonly absentSinceUs = new Map<number, number>();

  /** Where the next reading begins: what could not be read for long must not keep what comes after it from being asked for. */
  private begin = 0;

  constructor(parts: ReconcilerParts) {
    this.parts = parts;
  }

  /**
   * One reading. What cannot be read keeps nothing else from being read and applied: an order that ended must not stay hidden because the fills of another
   * market are not to be had. Only what was read whole says anything about balances, and about orders of others.
   */
  async run(): Promise<ReconciliationReport> {
    const { client } = this.parts;
    const reading = new Reading();
    const missingFills = await this.readFills(reading);
    const open = reading.value("open orders", await client.openOrders()) ?? [];
    const { foreign, revived } = await this.applyOpen(open, reading);
    // Without the list every order would have to be asked for by its name.
    if (reading.hasRead("open orders")) await this.readMissing(new Set(open.map(({ clientId }) => clientId)), reading);
    for (const order of revived) {
      this.parts.onAlarm(`order ${order.clientId} was believed ended and still works at the venue: it is canceled`);
      await this.endRevived(order);
    }
    const balances = reading.isWhole ? reading.value("balances", await client.balances()) : undefined;
    if (!reading.isWhole) this.begin += 1;
    const found = { knowsOrders: reading.knowsOrders, missingFills, revived: revived.map(({ clientId }) => clientId) };
    if (balances === undefined) return { ...found, isComplete: false, why: reading.why, foreignOrders: [], balanceDifferences: [] };
    for (const each of foreign) this.parts.onAlarm(`an order at the venue is not ours: ${each}`);
    const held = new Map(balances.map((each) => [each.asset, each]));
    return { ...found, isComplete: true, why: "", foreignOrders: foreign, balanceDifferences: this.compare(held) };
  }

  private async readFills(reading: Reading): Promise<number> {
    let count = 0;
    for (const [index, { symbol }] of rotated([...this.parts.instruments.entries()], this.begin)) {
      if (reading.isHopeless("fills")) break;
      const fills = reading.value("fills", await this.parts.client.fillsFrom(symbol, (this.readUpTo[index] ?? -1) + 1), ` of ${symbol}`);
      for (const fill of fills ?? []) {
        this.parts.truth.fill(fill);
        count += 1;
        this.readUpTo[index] = Math.max(this.readUpTo[index] ?? -1, fill.tradeId);
      }
    }
    return count;
  }

  private async applyOpen(
    open: readonly VenueOrder[],
    reading: Reading,
  ): Promise<{ readonly foreign: readonly string[]; readonly revived: readonly VenueOrder[] }> {
    const { register, truth } = this.parts;
    const foreign: string[] = [];
    const revived: VenueOrder[] = [];
    for (const order of open) {
      if (register.findByClientId(order.clientId) === undefined) {
        foreign.push(`${order.symbol} ${order.clientId}`);
        continue;
      }
      const verdict = truth.order(order);
      if (verdict === "revived") revived.push(order);
      if (verdict === "fills-missing") await this.readFillsOf(order, reading);
    }
    return { foreign, revived };
  }

  /** Orders we think are at work and the venue does not list: each is asked for by its name. */
  private async readMissing(openIds: ReadonlySet<string>, reading: Reading): Promise<void> {
    const { client, register, truth } = this.parts;
    const working = this.parts.workingOrderIds();
    for (const orderId of this.absentSinceUs.keys()) if (!working.includes(orderId)) this.absentSinceUs.delete(orderId);
    for (const orderId of rotated(working, this.begin)) {
      const order = register.find(orderId);
      if (order === undefined || !order.wasSent || openIds.has(order.clientId)) continue;
      if (reading.isHopeless("order")) return;
      const read = await client.orderByClientId(order.symbol, order.clientId);
      if (read.kind === "unavailable") {
        reading.failed("order", read.why, ` ${order.clientId}`);
        continue;
      }
      reading.succeeded("order");
      // Absence is the resolver's business: it needs more than one witness. A read that only lags is none of it.
      if (read.value === undefined) {
        this.isAbsent(orderId);
        continue;
      }
      this.absentSinceUs.delete(orderId);
      if (truth.order(read.value) === "fills-missing") await this.readFillsOf(read.value, reading);
    }
  }

  private isAbsent(orderId: number): void {
    const nowUs = this.parts.env.monoUs();
    const sinceUs = this.absentSinceUs.get(orderId) ?? nowUs;
    this.absentSinceUs.set(orderId, sinceUs);
    if (nowUs - sinceUs < ABSENT_US) return;
    this.absentSinceUs.delete(orderId);
    this.parts.onVanished(orderId);
  }

  /** The venue counts more filled than we have: the order's fills are read, then its state is told. */
  private async readFillsOf(order: VenueOrder, reading: Reading): Promise<void> {
    const { client, truth } = this.parts;
    const readFrom = this.parts.register.findByClientId(order.clientId)?.readFrom ?? 0;
    const fills = reading.isHopeless("fills")
      ? undefined
      : reading.value("fills", await client.fillsFrom(order.symbol, readFrom), ` of ${order.symbol}`);
    if (fills === undefined) {
      reading.leaveOrderOpen();
      return;
    }
    for (const fill of fills) if (fill.venueOrderId === order.venueOrderId) truth.fill({ ...fill, clientId: order.clientId });
    truth.order(order);
  }

  /** An order we believe ended still works: it is canceled, and what it filled meanwhile arrives as late fills. */
  private async endRevived(order: VenueOrder): Promise<void> {
    if (isOpen(order)) await this.parts.client.cancel(order.symbol, order.clientId);
  }

  /** Exact, in lots of each base and in quanta of the quote. */
  private compare(held: ReadonlyMap<string, Held>): BalanceRow[] {
    const rows: BalanceRow[] = [];
    const note = (asset: string, instrumentIndex: number, scale: number, units: number, ours: number): void => {
      const venue = held.get(asset) ?? { free: "0", locked: "0" };
      const counts = [venue.free, venue.locked]
        .map((text) => decimal(text))
        .map((each) => (each === undefined ? Number.NaN : countAt(each, scale)));
      const count = counts[0]! + counts[1]!;
      const excess = count / units - ours;
      if (excess !== 0)
        rows.push({
          asset,
          instrumentIndex,
          excess,
          venue: Number.isNaN(count) ? "unreadable" : decimalText(count, scale),
          ours: decimalText(ours * units, scale),
        });
    };
    for (const [index, { instrument, baseAsset }] of this.parts.instruments.entries())
      note(baseAsset, index, instrument.lotScale, instrument.lotUnits, this.parts.position(index));
    const { quote } = this.parts.instruments[0]!.instrument;
    note(quote.code, -1, quote.scale, 1, this.parts.cash());
    return rows;
  }
}

interface Held {
  readonly free: string;
  readonly locked: string;
}

/** The same list, begun further on. */
function rotated<T>(list: readonly T[], begin: number): readonly T[] {
  const at = list.length === 0 ? 0 : begin % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
