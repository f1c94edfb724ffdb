import type { CauseName, OperatorFact, SubmitOrder } from "@tradepulse/core";
import type { FeedBar, VenueFill, VenueOrder } from "@tradepulse/venues";
import { CancelPursuit } from "../dispatch/cancel-pursuit.ts";
import { Dispatcher } from "../dispatch/dispatcher.ts";
import type { RecoveryPlan } from "../recovery/recover.ts";
import { Reconciler, type ReconciliationReport } from "../truth/reconciler.ts";
import { TruthApplier } from "../truth/truth-applier.ts";
import { UnknownResolver } from "../truth/unknown-resolver.ts";
import { BarAssembler } from "./bar-assembler.ts";
import { DecisionAge } from "./decision-age.ts";
import { ExpiryWatch } from "./expiry-watch.ts";
import type { LiveSessionParts } from "./live-session-parts.ts";
import { MovementBooking } from "./movement-booking.ts";
import { OrderRegister } from "./order-register.ts";
import { ReconciliationLoop } from "./reconciliation-loop.ts";
import { sendRefusal } from "./send-permit.ts";
import { Sequencer } from "./sequencer.ts";
import { SessionJournal } from "./session-journal.ts";
import { SessionSight } from "./session-sight.ts";
import { SessionStreams } from "./session-streams.ts";
import { SessionTimers } from "./session-timers.ts";
import { StrategyWatch } from "./strategy-watch.ts";
import { takeOver } from "./take-over.ts";
import { UnprotectedWatch } from "./unprotected-watch.ts";
import { unverified } from "./unverified.ts";

/** A bar that is late by so little of its own interval is not late. */
const LATE_SHARE = 0.05;

/**
 * A live session: facts in one order through journal and engine, commands out through the dispatcher, and the venue's truth read whenever there is doubt.
 * It starts blind: nothing is trusted until the private stream is open and a reconciliation has been completed after that.
 */
export class LiveSession {
  readonly register = new OrderRegister();
  readonly sequencer: Sequencer;
  readonly dispatcher: Dispatcher;
  readonly pursuit: CancelPursuit;
  readonly resolver: UnknownResolver;
  readonly truth: TruthApplier;
  readonly assembler: BarAssembler;
  private readonly parts: LiveSessionParts;
  private readonly journal: SessionJournal;
  private readonly reconciler: Reconciler;
  private readonly loop: ReconciliationLoop;
  private readonly movements: MovementBooking;
  private readonly sight: SessionSight;
  private readonly decisionAge: DecisionAge;
  private readonly timers: SessionTimers;
  private readonly expiries: ExpiryWatch;
  private readonly unprotected: UnprotectedWatch;
  private readonly streams: SessionStreams;
  private isStopped = false;
  private notedUpTo: readonly number[] = [];

  constructor(parts: LiveSessionParts) {
    this.parts = parts;
    const { env, engine, execution, instruments, settings } = parts;
    const journal = new SessionJournal(parts.journal, parts.onJournalLost);
    this.journal = journal;
    this.timers = new SessionTimers(env);
    this.sight = new SessionSight({
      monoUs: () => env.monoUs(),
      onWhole: () => this.reconcileSoon(),
      onTrusted: () => this.trust(true, "the venue's truth was read"),
      onDoubt: (why) => this.trust(false, why),
    });
    const shortestUs = Math.min(...parts.plans.map(({ intervalUs }) => intervalUs));
    this.decisionAge = new DecisionAge({
      monoUs: () => env.monoUs(),
      lifeUs: Math.max(settings.decisionLifeUs, shortestUs * LATE_SHARE),
      onAlarm: parts.onAlarm,
    });
    this.sequencer = new Sequencer(
      env,
      journal,
      parts.driver,
      (command, factSeq) => {
        this.decisionAge.note(command);
        const seq = journal.note("command", { ...command, factSeq });
        if (seq !== undefined) this.dispatcher.enqueue(command, seq);
      },
      // Told by the journal itself; whoever wants to be told of nothing gets the failure.
      parts.onJournalLost === undefined ? undefined : () => undefined,
    );
    this.truth = new TruthApplier({
      register: this.register,
      instruments,
      engineOrder: (orderId) => engine.orderState(orderId),
      tell: (news) => this.sequencer.push({ kind: "order", ...news }),
      tellExternal: (news) => this.sequencer.push({ kind: "external", ...news }),
      onAlarm: parts.onAlarm,
    });
    this.resolver = new UnknownResolver({
      env,
      client: execution,
      register: this.register,
      pauseUs: settings.resolverPauseUs,
      maxPauseUs: settings.resolverMaxPauseUs,
      orderLifeUs: settings.orderLifeUs,
      readLagUs: settings.readLagUs,
      pageAfterUs: settings.pageAfterUs,
      wasCovered: (sinceUs) => this.sight.wasCovered(sinceUs),
      adopt: (order, fills) => this.adopt(order, fills),
      tell: (news) => this.sequencer.push({ kind: "order", ...news }),
      page: parts.onAlarm,
    });
    this.pursuit = new CancelPursuit({
      env,
      client: execution,
      register: this.register,
      pauseUs: settings.cancelPauseUs,
      maxPauseUs: settings.cancelMaxPauseUs,
      mayFill: (orderId) => engine.orderState(orderId)?.mayFill === true,
      onOutcome: (orderId, outcome) => {
        if (this.journal.note("cancel-outcome", { orderId, outcome }) !== undefined) this.reconcileSoon();
      },
      onAlarm: parts.onAlarm,
    });
    this.expiries = new ExpiryWatch({
      env,
      client: execution,
      timers: this.timers,
      nextExpiryUs: () => engine.outbox?.nextExpiryUs ?? Number.POSITIVE_INFINITY,
      onDue: (dueUs) => this.sequencer.push({ kind: "timer", dueUs }),
    });
    this.unprotected = new UnprotectedWatch({
      instruments,
      monoUs: () => env.monoUs(),
      attemptUs: settings.orderLifeUs,
      bareLots: (index) => engine.protection.bareLots(index),
      worth: (index, lots) => engine.account.valueOf(index, lots, engine.account.marks[index]!),
      tryAgain: () => this.sequencer.push({ kind: "timer", dueUs: 0 }),
      onAlarm: parts.onAlarm,
    });
    this.dispatcher = new Dispatcher({
      env,
      journal,
      client: execution,
      register: this.register,
      instruments,
      epoch: settings.epoch,
      orderLifeUs: settings.orderLifeUs,
      preventsSelfTrade: settings.preventsSelfTrade,
      venueUs: () => this.expiries.readNowUs(),
      readFrom: (index) => (this.reconciler.readUpTo[index] ?? -1) + 1,
      settled: parts.permit.settled === undefined ? undefined : () => parts.permit.settled!(),
      mayNotSend: (command) => this.mayNotSend(command),
      mayNotExit: (orderId) => this.mayNotExit(orderId),
      tell: (news) => this.sequencer.push({ kind: "order", ...news }),
      onUnknown: (orderId, why) => this.resolver.track(orderId, why),
      onDoubt: () => this.reconcileSoon(),
      pursuit: this.pursuit,
      onAcknowledged: (_orderId, outcome) => this.adopt(outcome.order, outcome.fills),
      onAlarm: parts.onAlarm,
    });
    this.movements = new MovementBooking({
      settleUs: settings.balanceSettleUs,
      mayBook: () => this.resolver.count === 0,
      lastSeq: () => this.sequencer.lastSeq,
      push: (fact) => this.sequencer.push(fact),
      onAlarm: parts.onAlarm,
    });
    this.reconciler = new Reconciler({
      env,
      client: execution,
      register: this.register,
      truth: this.truth,
      instruments,
      workingOrderIds: () => engine.openOrderIds(),
      onVanished: (orderId) => this.resolver.track(orderId, "the venue lists it no more"),
      position: (index) => engine.account.signedLots(index),
      cash: () => engine.account.portfolio.ledger.cash,
      onAlarm: parts.onAlarm,
    });
    this.loop = new ReconciliationLoop({
      env,
      read: () => this.reconciler.run(),
      pauseUs: settings.resolverPauseUs * 4,
      onComplete: (report, startedUs) => this.onRead(report, startedUs),
      unverified: (knowsOrders) => unverified(parts, knowsOrders),
      onAlarm: parts.onAlarm,
    });
    this.streams = new SessionStreams({
      execution,
      feed: parts.feed,
      plans: parts.plans,
      sight: this.sight,
      silenceUs: settings.silenceUs,
      onOrder: (order, fills) => this.adopt(order, fills),
      onBar: (bar) => this.onBar(bar),
      onAlarm: parts.onAlarm,
    });
    const strategy = new StrategyWatch(engine, parts.onAlarm);
    this.assembler = new BarAssembler(parts.plans, (bars, closeUs) => {
      for (const bar of bars) this.sequencer.push({ ...bar, atUs: closeUs });
      this.decisionAge.at(closeUs, () => this.sequencer.push({ kind: "step", atUs: closeUs }));
      strategy.look();
    });
  }

  /**
   * Takes over where a journal ended; before {@link start}. What was never sent is ended, what may have been sent is read, cancels that were not proved
   * are asked for again.
   */
  resume(plan: RecoveryPlan): void {
    const { journal, register, reconciler, assembler, sequencer, resolver, dispatcher } = this;
    takeOver(plan, { journal, register, reconciler, assembler, sequencer, resolver, dispatcher });
  }

  /** Opens the streams. Trading stays in doubt until the first complete reconciliation. */
  start(): void {
    this.sight.begin("the session starts");
    this.streams.open();
    this.timers.every(this.parts.settings.reconcileEveryUs, () => this.reconcileSoon());
    this.expiries.look();
    this.timers.every(1_000_000, () => {
      this.streams.listen();
      this.expiries.look();
      this.unprotected.look();
    });
  }

  /** A person's word, or a guard's. */
  operate(action: OperatorFact["action"], reason: string): void {
    this.sequencer.push({ kind: "operator", action, reason });
  }

  /** Takes no more facts from outside, lets commands under way end, and closes the streams. Orders at the venue stay as they are. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timers.stop();
    this.loop.stop();
    this.streams.closeMarket();
    await this.dispatcher.drained();
    this.resolver.stop();
    this.pursuit.stop();
    this.streams.closeUser();
  }

  /** True when new risk may be taken: streams whole, truth read, nothing unknown. */
  get isReady(): boolean {
    return this.sight.isTrusted && this.resolver.count === 0;
  }

  /** What the last reading of the venue found; undefined before the first. */
  get lastReport(): ReconciliationReport | undefined {
    return this.loop.lastReport;
  }

  /** Reads the venue's truth now, or once more when the reading under way has ended. */
  reconcileSoon(): void {
    this.loop.soon();
  }

  private onRead(report: ReconciliationReport, startedUs: number): void {
    this.movements.take(report.balanceDifferences, this.parts.env.monoUs());
    this.noteRead();
    this.sight.wasRead(startedUs);
  }

  /** How far the venue's trades have been read: a restart reads on from there. */
  private noteRead(): void {
    const upTo = this.parts.instruments.map((_, index) => this.reconciler.readUpTo[index] ?? -1);
    if (upTo.join() === this.notedUpTo.join()) return;
    this.notedUpTo = upTo;
    this.journal.note("evidence", { readUpTo: upTo });
  }

  /** Fills first. The venue may count some that did not reach us: they are read before the order's end is told. */
  private adopt(order: VenueOrder, fills: readonly VenueFill[]): void {
    for (const fill of fills) this.truth.fill(fill.clientId === "" ? { ...fill, clientId: order.clientId } : fill);
    if (this.truth.order(order) !== "agrees") this.reconcileSoon();
  }

  private onBar(bar: FeedBar): void {
    if (this.isStopped) return;
    if (this.assembler.take(bar)) this.decisionAge.arrived(bar.closeUs);
    if (this.assembler.isWaiting) this.timers.after(this.parts.settings.syncTimeoutUs, () => this.assembler.releaseBefore(bar.closeUs));
  }

  private mayNotSend(command: Pick<SubmitOrder, "flags" | "source" | "parentId">): CauseName | undefined {
    const { isStopped, sight, decisionAge } = this;
    return sendRefusal(command, this.parts.permit, { isStopped, isTrusted: sight.isTrusted, isLate: () => decisionAge.isLate(command) });
  }

  /** An exit that has ended meanwhile, or that would not be carried out any more, takes no stop with it. */
  private mayNotExit(orderId: number): CauseName | undefined {
    const exit = this.parts.engine.orderState(orderId);
    if (exit?.mayFill !== true) return "unknown-order";
    return this.isStopped ? "trading-halted" : this.mayNotSend(exit);
  }

  private trust(isTrusted: boolean, reason: string): void {
    this.sequencer.push({ kind: "trust", instrumentIndex: -1, isTrusted, reason });
  }
}
