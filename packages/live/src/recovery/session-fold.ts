import type { BarFact, CancelOrder, Engine, Fact, OrderCommand, OrderFact } from "@tradepulse/core";
import { clientIdOf } from "../dispatch/client-id.ts";
import { BarAssembler, type CarriedBars, type SeriesPlan } from "../session/bar-assembler.ts";
import type { RegisteredOrder } from "../session/order-register.ts";
import { isFact, type ReadRecord } from "./replay.ts";

/** The durable word that an order was about to be sent. */
export interface IntentRecord {
  readonly orderId: number;
  readonly instrumentIndex: number;
  readonly epoch: number;
  readonly clientId: string;
  readonly deadlineUs: number;
  readonly request: { readonly symbol: string };
}

/** What the last news of an order says: that the venue has placed it, or that nobody knows. */
const TOLD = { nothing: 0, unknown: 1, placed: 2 } as const;
type Told = (typeof TOLD)[keyof typeof TOLD];

/** A sent order in a carried state: order, instrument, epoch, deadline, what was told of it, and 1 when it was never sent after all. */
const ROW = 6;

/** What is carried of a session beside its engine: plain data, see `CarriedState` of the core. */
export interface CarriedSession {
  readonly lastUs: number;
  readonly epoch: number;
  readonly events: number;
  readonly stateWord: string;
  readonly readUpTo: readonly number[];
  readonly lastCloseUs: readonly number[];
  readonly bars: CarriedBars | null;
  /** Symbol of each instrument that had an order. */
  readonly symbols: readonly string[];
  readonly orders: Float64Array;
  /** Client ids that do not follow from epoch and order. */
  readonly names: readonly (readonly [orderId: number, clientId: string])[];
  /** Orders at work that were decided to be sent, and the cancels that were asked of them. */
  readonly decided: readonly number[];
  readonly cancels: readonly CancelOrder[];
}

interface Sent {
  readonly intent: IntentRecord;
  told: Told;
  wasNotSent: boolean;
}

/**
 * What a session is beside its engine, as its journal tells it: fed record by record while a session runs, while it recovers and while it is replayed, so
 * that all three come to the same. Commands are told apart: a recovery decides them anew.
 */
export class SessionFold {
  /** Number of the last record. */
  lastSeq = 0;
  /** Time of the last fact; -Infinity before the first. */
  lastUs = Number.NEGATIVE_INFINITY;
  /** Highest epoch that has led. */
  epoch = 0;
  /** Events of the engine that are recorded. */
  events = 0;
  /** The last word on the trading state: `enable`, `reduce-only` or `halt`. */
  stateWord = "enable";
  /** Highest trade id of each instrument that a reading of the venue had covered without gaps. */
  readUpTo: readonly number[] = [];
  /** Close of the last bar of each series. */
  readonly lastCloseUs: number[] = [];
  readonly bars: BarAssembler | undefined;
  private readonly sent = new Map<number, Sent>();
  private decidedIds = new Set<number>();
  private cancels: CancelOrder[] = [];

  /** `plans` are the series of the session; without them bars are not followed. */
  constructor(plans: readonly SeriesPlan[] = []) {
    this.bars = plans.length === 0 ? undefined : new BarAssembler(plans, () => undefined);
  }

  take(record: ReadRecord): void {
    this.lastSeq = record.seq;
    const { kind, payload } = record;
    if (isFact(record)) this.lastUs = Math.max(this.lastUs, (payload as Fact).timeUs);
    switch (kind) {
      case "bar":
        this.bar(payload as BarFact);
        return;
      case "order":
        this.news(payload as OrderFact);
        return;
      case "operator":
        this.operator((payload as { readonly action: string }).action);
        return;
      case "intent":
        this.sent.set((payload as IntentRecord).orderId, { intent: payload as IntentRecord, told: TOLD.nothing, wasNotSent: false });
        return;
      case "not-sent": {
        const sent = this.sent.get((payload as { readonly orderId: number }).orderId);
        if (sent !== undefined) sent.wasNotSent = true;
        return;
      }
      case "evidence":
        if ("events" in payload) this.events += (payload.events as readonly unknown[]).length;
        if ("readUpTo" in payload) this.readUpTo = payload.readUpTo as readonly number[];
        return;
      case "leader":
        this.epoch = Math.max(this.epoch, (payload as { readonly epoch: number }).epoch);
    }
  }

  /** The engine issued a command. */
  decided(command: OrderCommand): void {
    if (command.kind === "submit") this.decidedIds.add(command.orderId);
    else if (command.kind === "cancel") this.cancels.push(command);
  }

  /** What the runtime knows of every order of which an intent is durable. */
  orders(engine: Engine): RegisteredOrder[] {
    return [...this.sent.values()].map(({ intent, told, wasNotSent }) => {
      const { orderId, instrumentIndex, clientId, deadlineUs, request } = intent;
      // An order that ended without ever having been placed has no end at the venue.
      const hasEnded = told === TOLD.placed && engine.orderState(orderId)?.mayFill === false;
      return { orderId, instrumentIndex, symbol: request.symbol, clientId, deadlineUs, wasSent: !wasNotSent, venueOrderId: "", hasEnded };
    });
  }

  /** Of these orders at work: those that were decided and never sent. */
  neverSent(working: readonly number[]): readonly number[] {
    return working.filter((id) => this.decidedIds.has(id) && !this.wasSent(id));
  }

  /** Of these orders at work: those without any news since their intent, or whose last word was that nobody knows. */
  unknown(working: readonly number[]): readonly number[] {
    return working.filter((id) => this.wasSent(id) && this.sent.get(id)!.told !== TOLD.placed);
  }

  /** Cancels that were asked for and not proved. */
  openCancels(working: readonly number[]): readonly CancelOrder[] {
    const atWork = new Set(working);
    return this.cancels.filter(({ orderId }) => atWork.has(orderId) && this.wasSent(orderId));
  }

  /** After a record, with the orders that may still fill; what is not needed any more is forgotten. */
  carry(working: readonly number[]): CarriedSession {
    const atWork = new Set(working);
    this.decidedIds = new Set([...this.decidedIds].filter((id) => atWork.has(id)));
    this.cancels = this.cancels.filter(({ orderId }) => atWork.has(orderId));
    const { lastUs, epoch, events, stateWord, readUpTo } = this;
    return {
      lastUs,
      epoch,
      events,
      stateWord,
      readUpTo: [...readUpTo],
      lastCloseUs: [...this.lastCloseUs],
      bars: this.bars?.carry() ?? null,
      ...this.carriedOrders(),
      decided: [...this.decidedIds],
      // In one order of fields, whether it was decided here or read back.
      cancels: this.cancels.map((cancel) => {
        const { seq, timeUs, orderId, instrumentIndex, accountId, strategyId, source } = cancel;
        const about = { kind: "cancel", seq, timeUs, orderId, instrumentIndex, accountId, strategyId, source } as const;
        return cancel.makesWayFor === undefined ? about : { ...about, makesWayFor: cancel.makesWayFor };
      }),
    };
  }

  /** Goes on where {@link carry} left off: before any record. */
  resume(carried: CarriedSession, seq: number): void {
    this.lastSeq = seq;
    this.lastUs = carried.lastUs;
    this.epoch = carried.epoch;
    this.events = carried.events;
    this.stateWord = carried.stateWord;
    this.readUpTo = carried.readUpTo;
    this.lastCloseUs.push(...carried.lastCloseUs);
    if (carried.bars !== null) this.bars?.resume(carried.bars);
    const names = new Map(carried.names);
    const { orders, symbols } = carried;
    for (let at = 0; at < orders.length; at += ROW) {
      const [orderId, instrumentIndex, epoch, deadlineUs, told, wasNotSent] = orders.subarray(at, at + ROW) as unknown as number[];
      const clientId = names.get(orderId!) ?? clientIdOf(epoch!, orderId!);
      const request = { symbol: symbols[instrumentIndex!]! };
      const intent = { orderId: orderId!, instrumentIndex: instrumentIndex!, epoch: epoch!, clientId, deadlineUs: deadlineUs!, request };
      this.sent.set(orderId!, { intent, told: told as Told, wasNotSent: wasNotSent === 1 });
    }
    for (const id of carried.decided) this.decidedIds.add(id);
    this.cancels.push(...carried.cancels);
  }

  private carriedOrders(): Pick<CarriedSession, "symbols" | "orders" | "names"> {
    const orders = new Float64Array(this.sent.size * ROW);
    const symbols: string[] = [];
    const names: (readonly [number, string])[] = [];
    let at = 0;
    for (const { intent, told, wasNotSent } of this.sent.values()) {
      const { orderId, instrumentIndex, epoch, deadlineUs, clientId } = intent;
      orders.set([orderId, instrumentIndex, epoch, deadlineUs, told, wasNotSent ? 1 : 0], at);
      at += ROW;
      while (symbols.length <= instrumentIndex) symbols.push("");
      symbols[instrumentIndex] = intent.request.symbol;
      if (clientId !== clientIdOf(epoch, orderId)) names.push([orderId, clientId]);
    }
    return { symbols, orders, names };
  }

  private wasSent(orderId: number): boolean {
    return this.sent.get(orderId)?.wasNotSent === false;
  }

  private bar(bar: BarFact): void {
    while (this.lastCloseUs.length <= bar.seriesIndex) this.lastCloseUs.push(Number.NEGATIVE_INFINITY);
    this.lastCloseUs[bar.seriesIndex] = bar.closeUs;
    this.bars?.remember(bar);
  }

  private news({ event, orderId }: OrderFact): void {
    // Commands of one order follow each other: the oldest of its cancels has not been sent, and is wanted no more.
    const failed = event === "cancel-failed" ? this.cancels.findIndex((each) => each.orderId === orderId) : -1;
    if (failed >= 0) this.cancels.splice(failed, 1);
    const sent = this.sent.get(orderId);
    if (sent === undefined) return;
    if (event === "accepted" || event === "filled") sent.told = TOLD.placed;
    else if (event === "unknown") sent.told = TOLD.unknown;
  }

  private operator(action: string): void {
    if (action === "enable" || action === "halt" || action === "reduce-only") this.stateWord = action;
  }
}
