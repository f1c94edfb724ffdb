import { type IntentRecord, parseClientId, type ReadRecord } from "@tradepulse/live";
import type { Chronicle } from "../world/chronicle.ts";
import type { SentOrder } from "../world/port-client.ts";
import type { NodeWitness } from "../world/trader-node.ts";
import { ACCOUNT } from "../world/venue-world.ts";
import type { DiskWitness } from "../world/watched-files.ts";
import type { JudgedTrader, JudgedVenue } from "./judged.ts";
import type { InvariantId, Violation } from "./violation.ts";

/** Flag of an order that only reduces. */
const REDUCE_ONLY = 2;

export interface JudgeParts {
  readonly venue: JudgedVenue;
  readonly disk: DiskWitness;
  readonly chronicle: Chronicle;
  readonly now: () => number;
  /** Oldest data on which a buy may be sent. */
  readonly staleAfterUs: number;
  /** Base units that may be held with working orders; 0 when somebody else trades on the account too. */
  readonly maxPosition: number;
  /** Between the instant at which a kill is on the disk and the one from which no process may send any more. */
  readonly killLagUs: number;
}

/**
 * Watches a storm from outside. It knows the venue's truth, what left which process when, what a sync has answered for, and what the journal says;
 * it never asks the trader how it is doing, but for the claims that are to be judged.
 */
export class Judge implements NodeWitness {
  readonly violations: Violation[] = [];
  readonly alarms: string[] = [];
  /** Intents that were called durable: a reader of the journal must find each. */
  private readonly acknowledged = new Map<number, string>();
  private readonly sentIds = new Map<string, SentOrder>();
  private readonly soundBarUs = new Map<string, number>();
  private readonly told = new Map<number, { readonly filledLots: number; readonly mayFill: boolean }>();
  private readonly clientIds = new Map<number, string>();
  private readonly reads = new Set<string>();
  private readonly parts: JudgeParts;
  private isBlind = true;
  private latchedUs = Number.POSITIVE_INFINITY;
  /** When the process at work was told; it may die before the disk has it. */
  private pressedUs = Number.POSITIVE_INFINITY;
  private highestEpoch = 0;
  private isShared = false;
  private claims: (orderId: number) => { readonly filledLots: number; readonly mayFill: boolean } | undefined = () => undefined;

  constructor(parts: JudgeParts) {
    this.parts = parts;
  }

  get nowUs(): number {
    return this.parts.now();
  }

  violate(invariant: InvariantId, text: string, about = ""): void {
    // One of a kind an order: the first is the cause, the rest are its shadows.
    if (this.violations.some((each) => each.invariant === invariant && each.about === about)) return;
    this.violations.push({ invariant, atUs: this.parts.now(), text, about });
    this.parts.chronicle.add("oracle", `${invariant} is violated: ${text}`);
  }

  /** A new process speaks from now on. */
  follow(node: JudgedTrader): void {
    this.told.clear();
    this.pressedUs = Number.POSITIVE_INFINITY;
    this.reads.clear();
    this.isBlind = true;
    this.claims = (orderId) => node.engine?.orderState(orderId);
  }

  onSent(order: SentOrder): void {
    const { now, chronicle } = this.parts;
    chronicle.add("trader", `sends ${order.side} ${order.symbol} ${order.clientId}`);
    if (this.sentIds.has(order.clientId)) this.violate("I04", `the order ${order.clientId} was sent twice`, order.clientId);
    this.sentIds.set(order.clientId, order);
    const { epoch, orderId } = parseClientId(order.clientId) ?? { epoch: 0, orderId: 0 };
    this.clientIds.set(orderId, order.clientId);
    if (epoch < this.highestEpoch)
      this.violate("I27", `an order of epoch ${epoch} leaves while ${this.highestEpoch} is at work`, order.clientId);
    // On a cash account only a buy opens risk.
    if (order.side === "sell") return;
    if (now() > Math.min(this.pressedUs, this.latchedUs + this.parts.killLagUs))
      this.violate("I17", `a buy leaves after the kill was latched`, order.clientId);
    if (this.isBlind) this.violate("I12", `a buy leaves while the private stream is down`, order.clientId);
    const missing = ["orders", "fills", "balances"].filter((what) => !this.reads.has(what));
    if (missing.length > 0) this.violate("I23", `a buy leaves before ${missing.join(" and ")} were read`, order.clientId);
    const ageUs = now() - (this.soundBarUs.get(order.symbol) ?? Number.NEGATIVE_INFINITY);
    if (ageUs > this.parts.staleAfterUs + 5_000_000)
      this.violate("I15", `a buy of ${order.symbol} leaves on data that is ${Math.round(ageUs / 1e6)} s old`, order.clientId);
  }

  onArrived(clientId: string): void {
    if (!this.parts.disk.durableIds.has(clientId)) this.violate("I03", `${clientId} reached the venue and is on no disk`, clientId);
  }

  onBlind(isBlind: boolean): void {
    this.isBlind = isBlind;
    // What was read before the stream came back does not cover the gap.
    if (isBlind) for (const what of ["orders", "fills"]) this.reads.delete(what);
  }

  onRead(what: "orders" | "fills" | "balances"): void {
    if (!this.isBlind || what === "balances") this.reads.add(what);
  }

  onSoundBar(symbol: string): void {
    this.soundBarUs.set(symbol, this.parts.now());
  }

  onBoot(_process: string, epoch: number, records: readonly ReadRecord[]): void {
    if (epoch <= this.highestEpoch) this.violate("I27", `a process starts in epoch ${epoch} after epoch ${this.highestEpoch}`);
    this.highestEpoch = Math.max(this.highestEpoch, epoch);
    records.forEach((record, index) => {
      if (record.seq !== index + 1) this.violate("I24", `record ${index + 1} of the journal has number ${record.seq}`);
    });
    for (const [seq, text] of this.acknowledged) {
      const record = records[seq - 1];
      if (record === undefined) this.violate("I24", `record ${seq} was called durable and is gone`, String(seq));
      else if (canonical(record.payload) !== text) this.violate("I24", `record ${seq} was called durable and has changed`, String(seq));
    }
  }

  /** Called as an intent is appended, before it is durable: the moment for what should strike right there. */
  onIntent: () => void = () => undefined;

  onDurable(seq: number, _kind: string, payload: object): void {
    this.acknowledged.set(seq, canonical(payload));
  }

  onKillPressed(): void {
    this.pressedUs = Math.min(this.pressedUs, this.parts.now());
  }

  onKillLatched(): void {
    this.latchedUs = Math.min(this.latchedUs, this.parts.now());
  }

  /** A person allowed trading again. */
  onRearmed(): void {
    this.latchedUs = Number.POSITIVE_INFINITY;
  }

  get isKilled(): boolean {
    return Number.isFinite(this.latchedUs) || Number.isFinite(this.pressedUs);
  }

  onOrderFact(orderId: number): void {
    const is = this.claims(orderId);
    const was = this.told.get(orderId);
    if (is === undefined) return;
    if (was !== undefined && is.filledLots < was.filledLots)
      this.violate("I06", `order ${orderId} has ${is.filledLots} lots filled after ${was.filledLots}`, String(orderId));
    if (!is.mayFill && was?.mayFill !== false) this.checkEnd(orderId);
    if (was !== undefined && is.mayFill && !was.mayFill) this.violate("I06", `order ${orderId} had ended and works again`, String(orderId));
    this.told.set(orderId, { filledLots: is.filledLots, mayFill: is.mayFill });
  }

  /** An order ends here: at that instant nothing of it may work at the venue. */
  private checkEnd(orderId: number): void {
    const clientId = this.clientIds.get(orderId);
    const open = clientId === undefined ? undefined : this.parts.venue.openOrders().find((order) => order.clientId === clientId);
    if (open !== undefined) this.violate("I11", `${clientId} ends here and works at the venue`, clientId);
  }

  onAlarm(text: string): void {
    this.alarms.push(text);
  }

  /** Somebody else moved what is held: a person, or the venue that took a sale back. Limits are ours to keep no longer. */
  othersActed(): void {
    this.isShared = true;
  }

  /** After each event of the venue: the true worst case of what is held and what works. */
  checkLimits(): void {
    const { venue, maxPosition } = this.parts;
    if (venue.bansGiven > 0) this.violate("I21", "the venue banned the address");
    if (maxPosition === 0 || this.isShared) return;
    for (const market of venue.exchange.markets) {
      const working = market
        .openOrders(ACCOUNT)
        .reduce((sum, order) => (order.side === "BUY" ? sum + order.quantity - order.executed : sum), 0n);
      const worst = Number(venue.held(market.spec.base) + working) / 1e8;
      if (worst > maxPosition + 1e-9)
        this.violate("I16", `${market.spec.symbol}: held and bought come to ${worst}, allowed are ${maxPosition}`, market.spec.symbol);
    }
  }

  /** What the journal and the venue say about each other, at any time: ids, intents, proofs of absence. */
  checkJournal(records: readonly ReadRecord[]): void {
    const intents = new Map<string, IntentRecord>();
    const orderIds = new Set<number>();
    for (const { kind, payload } of records) {
      if (kind !== "intent") continue;
      const intent = payload as IntentRecord;
      if (intents.has(intent.clientId)) this.violate("I05", `two intents bear the id ${intent.clientId}`, intent.clientId);
      if (orderIds.has(intent.orderId)) this.violate("I04", `order ${intent.orderId} has two intents`, String(intent.orderId));
      intents.set(intent.clientId, intent);
      orderIds.add(intent.orderId);
    }
    const { ledger } = this.parts.venue.exchange;
    const accepted = new Map<string, number>();
    for (const record of ledger.records) {
      if (record.kind !== "request" || record.request !== "place" || record.accountId !== ACCOUNT || record.clientId.startsWith("hand-"))
        continue;
      if (!intents.has(record.clientId))
        this.violate("I03", `the venue was asked for ${record.clientId}, of which the journal has no intent`, record.clientId);
      if (record.outcome === "accepted") accepted.set(record.clientId, (accepted.get(record.clientId) ?? 0) + 1);
    }
    for (const [clientId, count] of accepted) if (count > 1) this.violate("I04", `${clientId} is ${count} orders at the venue`, clientId);
    this.checkAbsences(records, intents, accepted);
    this.checkDoubts(records);
    for (const { kind, payload } of records) {
      if (kind !== "bar") continue;
      const { open, high, low, close } = payload as {
        readonly open: number;
        readonly high: number;
        readonly low: number;
        readonly close: number;
      };
      const isSound =
        [open, high, low, close].every((figure) => Number.isFinite(figure) && figure > 0) &&
        low <= Math.min(open, close) &&
        high >= Math.max(open, close);
      if (!isSound) this.violate("I15", `a bar of ${open}, ${high}, ${low}, ${close} reached the engine`, "bar");
    }
  }

  /** While the outcome of an order is unknown, nothing new is risked on its instrument. */
  private checkDoubts(records: readonly ReadRecord[]): void {
    const unknown = new Map<number, number>();
    const orders = new Map<number, { readonly instrumentIndex: number; lotsLeft: number; readonly trades: Set<number> }>();
    for (const { kind, payload } of records) {
      if (kind === "command") {
        const { orderId, instrumentIndex, side, lots, flags } = payload as Readonly<Record<string, number>>;
        if (side === undefined) continue;
        orders.set(orderId!, { instrumentIndex: instrumentIndex!, lotsLeft: lots!, trades: new Set() });
        if (side > 0 && (flags! & REDUCE_ONLY) === 0 && [...unknown.values()].includes(instrumentIndex!))
          this.violate("I07", `order ${orderId} is decided while the outcome of another of its instrument is unknown`, String(orderId));
      }
      if (kind !== "order") continue;
      const { orderId, event, lots, tradeId } = payload as {
        readonly orderId: number;
        readonly event: string;
        readonly lots: number;
        readonly tradeId: number;
      };
      const order = orders.get(orderId);
      if (order === undefined) continue;
      // That nobody knows is no news of an order whose end is known.
      if (event === "unknown" && order.lotsLeft > 0) unknown.set(orderId, order.instrumentIndex);
      if (event === "filled" && !order.trades.has(tradeId)) {
        order.trades.add(tradeId);
        order.lotsLeft -= lots;
      }
      if (event === "canceled" || event === "expired" || event === "rejected") order.lotsLeft = 0;
      if (event === "accepted" || event === "filled" || order.lotsLeft <= 0) unknown.delete(orderId);
    }
  }

  /** An order that the journal ends as never placed must never have been placed. */
  private checkAbsences(
    records: readonly ReadRecord[],
    intents: ReadonlyMap<string, IntentRecord>,
    accepted: ReadonlyMap<string, number>,
  ): void {
    const idOf = new Map([...intents.values()].map((intent) => [intent.orderId, intent.clientId]));
    for (const { kind, payload } of records) {
      if (kind !== "order") continue;
      const fact = payload as { readonly event: string; readonly orderId: number };
      const clientId = idOf.get(fact.orderId);
      if (fact.event !== "rejected" || clientId === undefined || !accepted.has(clientId)) continue;
      const entered = this.parts.venue.exchange.ledger.ordersOf(ACCOUNT).find((order) => order.clientId === clientId);
      if (entered !== undefined && entered.status !== "REJECTED")
        this.violate("I07", `${clientId} was ended as rejected and is ${entered.status} at the venue`, clientId);
    }
  }
}

/** A payload in one line, keys sorted, undefined left out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${key}:${canonical(each)}`)
    .join(",")}}`;
}
