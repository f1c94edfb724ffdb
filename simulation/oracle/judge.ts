import { parseClientId, type ReadRecord } from "@tradepulse/live";
import type { Scenario } from "../storm/scenario.ts";
import { ACCOUNT } from "../world/account.ts";
import type { Chronicle } from "../world/chronicle.ts";
import type { NodeWitness } from "../world/node-witness.ts";
import type { SentOrder } from "../world/port-client.ts";
import type { DiskWitness } from "../world/watched-files.ts";
import { checkJournal } from "./journal-checks.ts";
import type { JudgedTrader, JudgedVenue } from "./judged.ts";
import { ProtectionWatch } from "./protection.ts";
import { filterBreach } from "./sent-filters.ts";
import type { InvariantId, Violation } from "./violation.ts";

export interface JudgeTerms {
  readonly venue: JudgedVenue;
  readonly disk: DiskWitness;
  readonly chronicle: Chronicle;
  readonly now: () => number;
  readonly scenario: Scenario;
  /** From here on nothing goes wrong. */
  readonly calmFromUs: number;
  /** Between the instant at which a kill is on the disk and the one from which no process may send any more. */
  readonly killLagUs: number;
}

/** Bars that arrive later than this are decided on no more; and a moment to send. */
const LATE_BARS_US = 65_000_000;

/**
 * Watches a storm from outside. It knows the venue's truth, what left which process when, what a sync has answered for, and what the journal says;
 * it never asks the trader how it is doing, but for the claims that are to be judged.
 */
export class Judge implements NodeWitness {
  readonly violations: Violation[] = [];
  readonly alarms: string[] = [];
  /** Those that no calm day may have: nothing at the venue bears them out. */
  readonly unfounded: string[] = [];
  /** Intents that were called durable: a reader of the journal must find each. */
  private readonly acknowledged = new Map<number, string>();
  private readonly sentIds = new Map<string, SentOrder>();
  private readonly soundBarUs = new Map<string, number>();
  /** When the newest sound bar closed. */
  private readonly closedUs = new Map<string, number>();
  private readonly told = new Map<number, { readonly filledLots: number; readonly mayFill: boolean }>();
  private readonly clientIds = new Map<number, string>();
  private readonly reads = new Set<string>();
  private readonly parts: JudgeTerms;
  private isBlind = true;
  private latchedUs = Number.POSITIVE_INFINITY;
  /** When the process at work was told; it may die before the disk has it. */
  private pressedUs = Number.POSITIVE_INFINITY;
  private highestEpoch = 0;
  /** Somebody else moves what is held as well. */
  isShared = false;
  private readonly protection: ProtectionWatch;
  private claims: (orderId: number) => { readonly filledLots: number; readonly mayFill: boolean } | undefined = () => undefined;

  constructor(parts: JudgeTerms) {
    this.parts = parts;
    this.protection = new ProtectionWatch(this, parts.venue, parts.scenario);
  }

  get venue(): JudgedVenue {
    return this.parts.venue;
  }

  get scenario(): Scenario {
    return this.parts.scenario;
  }

  get calmFromUs(): number {
    return this.parts.calmFromUs;
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
    const market = this.parts.venue.exchange.market(order.symbol);
    const breach = filterBreach(order.order, market.spec.filters);
    if (breach !== undefined) this.violate("I19", `${order.clientId} leaves and ${breach}`, order.clientId);
    // Another process of the same account may have taken over meanwhile.
    this.highestEpoch = Math.max(this.highestEpoch, epoch);
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
    if (ageUs > this.parts.scenario.staleAfterUs + 5_000_000)
      this.violate("I15", `a buy of ${order.symbol} leaves on data that is ${Math.round(ageUs / 1e6)} s old`, order.clientId);
    const closedUs = now() - (this.closedUs.get(order.symbol) ?? Number.NEGATIVE_INFINITY);
    if (closedUs > this.parts.scenario.staleAfterUs + LATE_BARS_US)
      this.violate("I15", `a buy of ${order.symbol} leaves on bars that closed ${Math.round(closedUs / 1e6)} s ago`, order.clientId);
  }

  /** When an order left; undefined when it never did. */
  sentUs(clientId: string): number | undefined {
    return this.sentIds.get(clientId)?.sentUs;
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

  onSoundBar(symbol: string, closeUs = this.parts.now()): void {
    this.soundBarUs.set(symbol, this.parts.now());
    this.closedUs.set(symbol, Math.max(this.closedUs.get(symbol) ?? closeUs, closeUs));
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

  onDurable(seq: number, payload: object): void {
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
    if (!this.protection.isFounded(text)) this.unfounded.push(text);
    this.protection.onAlarm(text);
  }

  /** Every few seconds. `isAtWork`: the process lives, runs, and has read the venue's truth. */
  onTick(elapsedUs: number, isAtWork: boolean): void {
    this.protection.look(elapsedUs, isAtWork);
  }

  checkJournal(records: readonly ReadRecord[]): void {
    checkJournal(this, records);
  }

  /** Somebody else moved what is held: a person, or the venue that took a sale back. Limits are ours to keep no longer. */
  othersActed(): void {
    this.isShared = true;
  }

  /** After each event of the venue: the true worst case of what is held and what works. */
  checkLimits(): void {
    const { venue, scenario } = this.parts;
    const { maxPosition } = scenario;
    if (venue.bansGiven > 0) this.violate("I21", "the venue banned the address");
    if (this.isShared) return;
    for (const market of venue.exchange.markets) {
      const working = market
        .openOrders(ACCOUNT)
        .reduce((sum, order) => (order.side === "BUY" ? sum + order.quantity - order.executed : sum), 0n);
      const worst = Number(venue.held(market.spec.base) + working) / 1e8;
      if (worst > maxPosition + 1e-9)
        this.violate("I16", `${market.spec.symbol}: held and bought come to ${worst}, allowed are ${maxPosition}`, market.spec.symbol);
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
