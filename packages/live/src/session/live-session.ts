import type { CauseName, Engine, FactDriver, OperatorFact, SubmitOrder } from "@tradepulse/core";
import type { Env, Timer } from "@tradepulse/platform";
import type { ExecutionClient, FeedBar, MarketFeed, UserStream, VenueFill, VenueOrder } from "@tradepulse/venues";
import { Dispatcher, type IntentJournal } from "../dispatch/dispatcher.ts";
import { orderNews } from "../news/order-news.ts";
import { NEVER_SENT, type RecoveryPlan } from "../recovery/recover.ts";
import { BalanceWatch } from "../truth/balance-watch.ts";
import { Reconciler, type ReconciliationReport } from "../truth/reconciler.ts";
import { TruthApplier } from "../truth/truth-applier.ts";
import { UnknownResolver } from "../truth/unknown-resolver.ts";
import { BarAssembler, type SeriesPlan } from "./bar-assembler.ts";
import type { LiveInstrument } from "./live-instrument.ts";
import { OrderRegister } from "./order-register.ts";
import { type FactJournal, Sequencer } from "./sequencer.ts";

/** Times of a session, in microseconds. */
export interface SessionSettings {
  readonly epoch: number;
  /** From the intent to the last instant at which the venue may let the order in. */
  readonly orderLifeUs: number;
  /** How long an instant waits for the bars of the other instruments. */
  readonly syncTimeoutUs: number;
  readonly reconcileEveryUs: number;
  /** A feed or a private stream that is silent for longer than this is in doubt. */
  readonly silenceUs: number;
  readonly resolverPauseUs: number;
  readonly resolverMaxPauseUs: number;
  readonly readLagUs: number;
  readonly pageAfterUs: number;
  /** How long a balance must differ, always by the same, until it is booked as moved by others. */
  readonly balanceSettleUs: number;
}

export const defaultSessionSettings: Omit<SessionSettings, "epoch"> = {
  orderLifeUs: 2_000_000,
  syncTimeoutUs: 5_000_000,
  reconcileEveryUs: 60_000_000,
  silenceUs: 30_000_000,
  resolverPauseUs: 500_000,
  resolverMaxPauseUs: 15_000_000,
  readLagUs: 10_000_000,
  pageAfterUs: 30_000_000,
  balanceSettleUs: 120_000_000,
};

/** Whether orders may leave this process at all: the latch, the leadership, the clock. Asked right before every send. */
export interface SendPermit {
  /** Why nothing that opens risk may leave; undefined when it may. */
  refusal(): CauseName | undefined;
  /** Why not even an order that only reduces may leave: another process leads the account. `undefined`, or absent, when it may. */
  exitRefusal?(): CauseName | undefined;
}

export interface LiveSessionParts {
  readonly env: Env;
  readonly engine: Engine;
  /** The engine's one door; the one a recovery has used, where there was one. */
  readonly driver: FactDriver;
  readonly execution: ExecutionClient;
  readonly feed: MarketFeed;
  readonly journal: FactJournal & IntentJournal;
  readonly permit: SendPermit;
  readonly instruments: readonly LiveInstrument[];
  readonly plans: readonly SeriesPlan[];
  readonly settings: SessionSettings;
  readonly onAlarm: (text: string) => void;
  /** The journal takes no more: nothing happens in this session from now on. May be told more than once. Without it the failure is thrown. */
  readonly onJournalLost?: (error: unknown) => void;
}

/**
 * A live session: facts in one order through journal and engine, commands out through the dispatcher, and the venue's truth read whenever there is doubt.
 * It starts blind: nothing is trusted until the private stream is open and a reconciliation has been completed after that.
 */
export class LiveSession {
  readonly register = new OrderRegister();
  readonly sequencer: Sequencer;
  readonly dispatcher: Dispatcher;
  readonly resolver: UnknownResolver;
  readonly truth: TruthApplier;
  readonly assembler: BarAssembler;
  lastReport: ReconciliationReport | undefined;
  private readonly parts: LiveSessionParts;
  private readonly reconciler: Reconciler;
  private userStream: UserStream | undefined;
  private feedStream: { readonly silentUs: number; close(): void } | undefined;
  private readonly timers = new Set<Timer>();
  private isStopped = false;
  private isReconciling = false;
  private wantsReconciliation = false;
  /** Monotonic instant since which private events are whole; Infinity while they are not. */
  private coveredSinceUs = Number.POSITIVE_INFINITY;
  /** What we see by: each of the two is whole when it says so itself and is not silent. */
  private readonly sight = { isStreamReady: false, isStreamSilent: false, isFeedReady: false, isFeedSilent: false };
  /** Monotonic instant since which both are whole: only what was read after it covers what they missed. */
  private wholeSinceUs = Number.POSITIVE_INFINITY;
  private isTrusted = false;
  private isStrategyTold = false;
  private notedUpTo: readonly number[] = [];
  private readonly balanceWatch: BalanceWatch;

  constructor(parts: LiveSessionParts) {
    this.parts = parts;
    const { env, engine, execution, journal, instruments, settings } = parts;
    this.sequencer = new Sequencer(
      env,
      journal,
      parts.driver,
      (command, factSeq) => {
        if (this.note("command", { ...command, factSeq })) this.dispatcher.enqueue(command);
      },
      parts.onJournalLost,
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
      wasCovered: (sinceUs) => this.coveredSinceUs <= sinceUs,
      adopt: (order, fills) => this.adopt(order, fills),
      tell: (news) => this.sequencer.push({ kind: "order", ...news }),
      page: parts.onAlarm,
    });
    this.dispatcher = new Dispatcher({
      env,
      journal,
      client: execution,
      register: this.register,
      instruments,
      epoch: settings.epoch,
      orderLifeUs: settings.orderLifeUs,
      mayNotSend: (command) => this.mayNotSend(command),
      tell: (news) => this.sequencer.push({ kind: "order", ...news }),
      onUnknown: (orderId, why) => this.resolver.track(orderId, why),
      onCancelDoubt: () => this.reconcileSoon(),
      onAcknowledged: (_orderId, outcome) => this.adopt(outcome.order, outcome.fills),
      onAlarm: parts.onAlarm,
    });
    this.balanceWatch = new BalanceWatch(settings.balanceSettleUs);
    this.reconciler = new Reconciler({
      env,
      client: execution,
      register: this.register,
      truth: this.truth,
      instruments,
      workingOrderIds: () => engine.openOrderIds(),
      position: (index) => engine.account.signedLots(index),
      cash: () => engine.account.portfolio.ledger.cash,
      onAlarm: parts.onAlarm,
    });
    this.assembler = new BarAssembler(parts.plans, (bars, closeUs) => {
      for (const bar of bars) this.sequencer.push({ ...bar, atUs: closeUs });
      this.sequencer.push({ kind: "step", atUs: closeUs });
      this.watchStrategy();
    });
  }

  /**
   * Takes over where a journal ended; before {@link start}. What was never sent is ended, what may have been sent is read, cancels that were not proved
   * are asked for again.
   */
  resume(plan: RecoveryPlan): void {
    // Before any further fact: a replay looks for the commands of a fact right behind it.
    for (const { command, factSeq } of plan.replay.unrecorded) this.note("command", { ...command, factSeq });
    for (const order of plan.orders) this.register.add({ ...order });
    plan.readUpTo.forEach((tradeId, index) => {
      this.reconciler.readUpTo[index] = tradeId;
    });
    plan.lastCloseUs.forEach((closeUs, seriesIndex) => {
      this.assembler.resumeAfter(seriesIndex, closeUs);
    });
    this.sequencer.lastUs = plan.replay.lastUs;
    this.sequencer.lastSeq = plan.replay.lastSeq;
    for (const orderId of plan.neverSent) this.sequencer.push({ kind: "order", ...orderNews("rejected", orderId, { cause: NEVER_SENT }) });
    for (const orderId of plan.unknown) {
      this.sequencer.push({ kind: "order", ...orderNews("unknown", orderId) });
      this.resolver.track(orderId, "the process ended before the outcome was known");
    }
    for (const command of plan.cancels) this.dispatcher.enqueue(command);
  }

  /** Opens the streams. Trading stays in doubt until the first complete reconciliation. */
  start(): void {
    const { execution, feed, plans, settings } = this.parts;
    this.doubt("the session starts");
    this.userStream = execution.openUserStream({
      onOrder: (order, fill) => this.onPrivateOrder(order, fill),
      onBalance: () => undefined,
      onReady: () => this.see({ isStreamReady: true }, "private stream: ready"),
      onDoubt: (why) => this.see({ isStreamReady: false }, `private stream: ${why}`),
      onUnreadable: (why) => this.parts.onAlarm(`private stream: unreadable message, ${why}`),
    });
    const own = plans.filter((plan) => !plan.isBuilt);
    this.feedStream = feed.subscribe(
      own.map((plan) => plan.symbol),
      own[0]!.intervalUs,
      {
        onBar: (bar) => this.onBar(bar),
        onReady: () => this.see({ isFeedReady: true }, "market data: ready"),
        onDoubt: (why) => this.see({ isFeedReady: false }, `market data: ${why}`),
        onUnreadable: (why) => this.parts.onAlarm(`market data: unreadable message, ${why}`),
      },
    );
    this.every(settings.reconcileEveryUs, () => this.reconcileSoon());
    this.every(1_000_000, () => this.watchSilence());
  }

  /** A person's word, or a guard's. */
  operate(action: OperatorFact["action"], reason: string): void {
    this.sequencer.push({ kind: "operator", action, reason });
  }

  /** Takes no more facts from outside, lets commands under way end, and closes the streams. Orders at the venue stay as they are. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    this.feedStream?.close();
    await this.dispatcher.drained();
    this.resolver.stop();
    this.userStream?.close();
  }

  /** True when new risk may be taken: streams whole, truth read, nothing unknown. */
  get isReady(): boolean {
    return this.isTrusted && this.resolver.count === 0;
  }

  /** Reads the venue's truth now, or once the reading under way has ended. */
  reconcileSoon(): void {
    this.wantsReconciliation = true;
    if (this.isReconciling || this.isStopped) return;
    this.isReconciling = true;
    void this.reconcileWhileWanted().finally(() => {
      this.isReconciling = false;
    });
  }

  private async reconcileWhileWanted(): Promise<void> {
    while (this.wantsReconciliation && !this.isStopped) {
      this.wantsReconciliation = false;
      const startedUs = this.parts.env.monoUs();
      const report = await this.reconciler.run();
      this.lastReport = report;
      if (!report.isComplete) {
        this.parts.onAlarm(`reconciliation could not be completed: ${report.why}`);
        await this.parts.env.sleep(this.parts.settings.resolverPauseUs * 4);
        this.wantsReconciliation = true;
        continue;
      }
      this.bookMovements(report);
      this.noteRead();
      // What was missed before both were whole has been read only if the reading began after that.
      if (startedUs < this.wholeSinceUs) continue;
      this.coveredSinceUs = Number.NEGATIVE_INFINITY;
      this.trust();
    }
  }

  /** Balances that stay other than ours were moved by no fill that we know: they are booked as such, and somebody is told. */
  private bookMovements(report: ReconciliationReport): void {
    const rows = report.balanceDifferences;
    const look = this.balanceWatch.look(rows, this.parts.env.monoUs());
    const standing = new Set(look.standing.map(({ asset }) => asset));
    const settled = new Set(look.settled.map(({ asset }) => asset));
    for (const { asset, venue, ours } of rows)
      if (standing.has(asset)) this.parts.onAlarm(`balance of ${asset}: the venue has ${venue}, we have ${ours}`);
    for (const { asset, instrumentIndex, excess } of rows) {
      if (!settled.has(asset) || !Number.isSafeInteger(excess)) continue;
      this.parts.onAlarm(`balance of ${asset}: booked as moved by nobody of ours`);
      if (instrumentIndex < 0) {
        this.sequencer.push({ kind: "transfer", quanta: excess });
        continue;
      }
      // Coins that came or went without a price. No venue has negative trade ids, and no place in the journal comes twice.
      const tradeId = -(this.sequencer.lastSeq + 1);
      const side = excess > 0 ? 1 : -1;
      this.sequencer.push({ kind: "external", instrumentIndex, side, tradeId, lots: Math.abs(excess), notional: 0, fee: 0, feeLots: 0 });
    }
  }

  /** How far the venue's trades have been read: a restart reads on from there. */
  private noteRead(): void {
    const upTo = this.parts.instruments.map((_, index) => this.reconciler.readUpTo[index] ?? -1);
    if (upTo.join() === this.notedUpTo.join()) return;
    this.notedUpTo = upTo;
    this.note("evidence", { readUpTo: upTo });
  }

  /** Records what is no fact. False when the journal takes no more: then it must not happen either. */
  private note(kind: string, payload: object): boolean {
    try {
      this.parts.journal.append(kind, payload);
      return true;
    } catch (error) {
      if (this.parts.onJournalLost === undefined) throw error;
      this.parts.onJournalLost(error);
      return false;
    }
  }

  private onPrivateOrder(order: VenueOrder, fill: VenueFill | undefined): void {
    if (fill !== undefined) this.truth.fill(fill);
    // The venue counts fills that did not reach us: they are read before the order's end is told.
    if (this.truth.order(order) !== "agrees") this.reconcileSoon();
  }

  private adopt(order: VenueOrder, fills: readonly VenueFill[]): void {
    for (const fill of fills) this.truth.fill(fill.clientId === "" ? { ...fill, clientId: order.clientId } : fill);
    if (this.truth.order(order) !== "agrees") this.reconcileSoon();
  }

  private onBar(bar: FeedBar): void {
    if (this.isStopped) return;
    this.assembler.take(bar);
    const waiting = this.assembler.oldestWaiting;
    if (waiting === undefined) return;
    const timer = this.parts.env.timer(this.parts.settings.syncTimeoutUs, () => {
      this.timers.delete(timer);
      this.assembler.releaseBefore(waiting);
    });
    this.timers.add(timer);
  }

  private mayNotSend(command: SubmitOrder): CauseName | undefined {
    const isReducing = (command.flags & 2) !== 0;
    if (isReducing) return this.parts.permit.exitRefusal?.();
    if (this.isStopped) return "trading-halted";
    const refusal = this.parts.permit.refusal();
    if (refusal !== undefined) return refusal;
    return this.isTrusted ? undefined : "in-doubt";
  }

  /** A strategy that failed trades no more; somebody must know. */
  private watchStrategy(): void {
    const { failure } = this.parts.engine.strategyStop;
    if (failure === undefined || this.isStrategyTold) return;
    this.isStrategyTold = true;
    this.parts.onAlarm(`the strategy was stopped: ${failure.code} ${failure.message}`);
  }

  private watchSilence(): void {
    const { silenceUs } = this.parts.settings;
    const isStreamSilent = (this.userStream?.silentUs ?? 0) > silenceUs;
    const isFeedSilent = (this.feedStream?.silentUs ?? 0) > silenceUs;
    if (isStreamSilent !== this.sight.isStreamSilent) this.see({ isStreamSilent }, "private stream: silent");
    if (isFeedSilent !== this.sight.isFeedSilent) this.see({ isFeedSilent }, "market data: silent");
  }

  /** Something of our sight changed: blind as soon as one part is not whole, and seeing again after a reading that began when all were. */
  private see(change: Partial<LiveSession["sight"]>, why: string): void {
    const { sight } = this;
    Object.assign(sight, change);
    const isStreamWhole = sight.isStreamReady && !sight.isStreamSilent;
    if (!isStreamWhole) this.coveredSinceUs = Number.POSITIVE_INFINITY;
    if (isStreamWhole && sight.isFeedReady && !sight.isFeedSilent) {
      this.wholeSinceUs = this.parts.env.monoUs();
      this.coveredSinceUs = Math.min(this.coveredSinceUs, this.wholeSinceUs);
      this.reconcileSoon();
      return;
    }
    this.wholeSinceUs = Number.POSITIVE_INFINITY;
    if (this.isTrusted) this.doubt(why);
  }

  private doubt(reason: string): void {
    this.isTrusted = false;
    this.sequencer.push({ kind: "trust", instrumentIndex: -1, isTrusted: false, reason });
  }

  private trust(): void {
    if (this.isTrusted) return;
    this.isTrusted = true;
    this.sequencer.push({ kind: "trust", instrumentIndex: -1, isTrusted: true, reason: "the venue's truth was read" });
  }

  private every(periodUs: number, run: () => void): void {
    const again = (): void => {
      const timer = this.parts.env.timer(periodUs, () => {
        this.timers.delete(timer);
        if (this.isStopped) return;
        run();
        again();
      });
      this.timers.add(timer);
    };
    again();
  }
}
