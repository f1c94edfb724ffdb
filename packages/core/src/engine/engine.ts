import type { BarSeries } from "../market/bar-series.ts";
import type { ColumnPool } from "../model/column-pool.ts";
import { invariant } from "../model/failure.ts";
import type { Instrument } from "../model/instrument.ts";
import { powerOfTen } from "../model/mul-div.ts";
import { OrderRole } from "../model/order-terms.ts";
import { OrderState } from "../orders/lifecycle.ts";
import type { Order } from "../orders/order.ts";
import { OrderLedger } from "../orders/order-ledger.ts";
import type { OrderStanding } from "../orders/order-standing.ts";
import { Portfolio } from "../portfolio/portfolio.ts";
import { SimulatedVenue } from "../simulator/simulated-venue.ts";
import { venueTerms } from "../simulator/venue-terms.ts";
import type { BoundStrategy } from "../strategy/define-strategy.ts";
import { AccountRiskView } from "./account-risk-view.ts";
import { AccountState } from "./account-state.ts";
import { LiveStrategyView } from "./account-views.ts";
import { FactApplier } from "./apply-fact.ts";
import type { EngineOptions } from "./engine-options.ts";
import { EquitySamples } from "./equity-samples.ts";
import { EventList } from "./event-list.ts";
import { EventLog } from "./event-log.ts";
import { ExecutionMarket } from "./execution-market.ts";
import { FillDesk } from "./fill-desk.ts";
import { OrderDesk } from "./order-desk.ts";
import { Outbox } from "./outbox.ts";
import { setGate, setGateMoney, setGateTimes } from "./price-gate.ts";
import { ProtectionDesk } from "./protection-desk.ts";
import { ReactionDesk } from "./reaction-desk.ts";
import { makeRegisters } from "./registers.ts";
import { RiskWatch } from "./risk-watch.ts";
import { StrategyHost } from "./strategy-host.ts";
import { StrategyStop } from "./strategy-stop.ts";
import { Timers } from "./timers.ts";

/** What an engine is made of. `series[k]` serves the strategy's k-th input; `executionSeries[i]` is the series whose bars fill instrument i. */
export interface EngineSetup {
  readonly instruments: readonly Instrument[];
  readonly series: readonly BarSeries[];
  readonly strategy: BoundStrategy;
  readonly options: EngineOptions;
  /** Where big columns come from; fresh ones when there is none. */
  readonly pool?: ColumnPool;
  /** True for a live engine: orders become commands in the outbox and what becomes of them arrives as facts. */
  readonly live?: boolean;
}

/**
 * The deterministic machine: bars go in, orders, fills and money come out. It never waits, never looks at a clock and never rolls dice.
 * Its two drivers, the bar loop and `process(fact)`, call the same steps and produce the same event list.
 */
export class Engine {
  readonly instruments: readonly Instrument[];
  readonly series: readonly BarSeries[];
  readonly options: EngineOptions;
  readonly events: EventList;
  readonly registers: Float64Array;
  readonly account: AccountState;
  readonly venue: SimulatedVenue;
  readonly desk: OrderDesk;
  readonly fillDesk: FillDesk;
  readonly protection: ProtectionDesk;
  readonly host: StrategyHost;
  readonly reactionDesk = new ReactionDesk(this);
  readonly view: LiveStrategyView;
  readonly samples: EquitySamples;
  /** What fills and marks each instrument. */
  readonly market: ExecutionMarket;
  readonly orders: OrderLedger;
  /** Of a live engine: the commands it issued. */
  readonly outbox: Outbox | undefined;
  /** Of a live engine: applies what its venue and the reconciliation say. */
  readonly facts: FactApplier | undefined;
  /** Of a live engine: ends a strategy that fails. */
  readonly strategyStop = new StrategyStop(this);
  private readonly log: EventLog;
  readonly riskView: AccountRiskView;
  readonly riskWatch: RiskWatch | undefined;
  readonly timers: Timers;
  /** Number of the bar, from the start of the data, on which each position was opened from flat. */
  readonly openedBars: Float64Array;
  /** Set by the step driver; the bar loop leaves it to the cursor. */
  stepUs = Number.NaN;

  constructor(setup: EngineSetup) {
    this.events = new EventList(setup.pool);
    this.log = new EventLog(this.events);
    this.orders = new OrderLedger({ retain: setup.live === true });
    this.instruments = setup.instruments;
    this.series = setup.series;
    this.options = setup.options;
    const portfolio = new Portfolio({
      instruments: setup.instruments,
      capital: Math.round(setup.options.capital * powerOfTen(setup.instruments[0]!.quote.scale)),
      keepLedgerRows: setup.options.keepLedgerRows,
    });
    this.account = new AccountState(portfolio, setup.options.account);
    this.registers = makeRegisters(setup.options.capital);
    this.market = new ExecutionMarket(setup.instruments, setup.series, this.account);
    this.riskView = new AccountRiskView(this.account, this.orders, this.market.series);
    this.riskView.groupsMayAllFill = setup.live === true;
    const { risk } = setup.options;
    this.riskWatch = risk === undefined ? undefined : new RiskWatch(risk, this.riskView, this.log, this.market);
    this.fillDesk = new FillDesk({
      account: this.account,
      orders: this.orders,
      log: this.log,
      wantsFills: () => this.host.reactions.onFill !== undefined,
      onFilled: (order, _execution, timeUs) => this.afterFill(order, timeUs),
    });
    this.venue = new SimulatedVenue(setup.instruments, venueTerms(setup.instruments, setup.options.venue), this.fillDesk, this.account);
    this.outbox = setup.live === true ? new Outbox(this.venue.terms, this.fillDesk, this.orders, this.account) : undefined;
    this.host = new StrategyHost(setup.strategy, setup.series, setup.pool);
    this.desk = new OrderDesk({
      account: this.account,
      orders: this.orders,
      log: this.log,
      options: setup.options,
      riskView: this.riskView,
      instrumentOf: (input) => this.host.instrumentOf(input),
      venue: this.outbox ?? this.venue,
      mayTakeRisk: (index) => this.facts?.mayTakeRisk(index) ?? true,
    });
    this.protection = new ProtectionDesk({
      account: this.account,
      orders: this.orders,
      log: this.log,
      opener: this.desk.opener,
      venue: this.outbox ?? this.venue,
    });
    this.fillDesk.connect(this.desk, this.outbox ?? this.venue, this.venue, this.protection);
    this.facts =
      this.outbox === undefined
        ? undefined
        : new FactApplier({
            account: this.account,
            orders: this.orders,
            log: this.log,
            fillDesk: this.fillDesk,
            protection: this.protection,
            outbox: this.outbox,
            risk: setup.options.risk,
          });
    this.view = new LiveStrategyView({
      account: this.account,
      orders: this.orders,
      events: this.events,
      inputs: this.host.inputs,
      instrumentOf: (input) => this.host.instrumentOf(input),
      inputOf: (index) => this.host.inputOf(index),
      barsHeld: (index) => this.market.barNumber(index) - this.openedBars[index]!,
      now: () => this.nowUs,
      refreshMarks: () => this.market.refreshMarks(),
    });
    this.samples = new EquitySamples(setup.options.capital);
    this.timers = new Timers(setup.strategy.timers);
    this.openedBars = new Float64Array(setup.instruments.length);
  }

  /** The instant of the reaction that is running. */
  get nowUs(): number {
    if (!Number.isNaN(this.stepUs)) return this.stepUs;
    const { cursor, columns } = this.series[0]!;
    return cursor.index < 0 ? this.samples.timesUs[0]! : columns.closeUs[cursor.index]!;
  }

  get executionSeries(): readonly BarSeries[] {
    return this.market.series;
  }

  get equity(): number {
    return this.market.equity;
  }

  /** Tells the strategy that the run begins, just before its first bar. */
  start(firstUs: number): void {
    this.samples.openSession(firstUs);
    this.timers.start(firstUs);
    if (this.host.reactions.onStart !== undefined)
      this.reactionDesk.react("onStart", firstUs, () => this.host.reactions.onStart!(this.view));
  }

  /**
   * Everything that a bar of one instrument brings before the strategy reacts to it: fills, marks, timers, notices of fills.
   * The series' cursor already stands on the bar.
   */
  settleBar(instrumentIndex: number): void {
    const bar = this.market.loadBar(instrumentIndex);
    this.riskView.nowUs = bar.openUs;
    // Fills are judged at the last price that was visible before them, never at this bar's own close.
    this.market.markBefore(instrumentIndex);
    if (this.outbox === undefined) this.venue.processBar(instrumentIndex, bar);
    else this.outbox.onBar(instrumentIndex, bar.high, bar.low, bar.closeUs);
    // The close becomes the mark in settleRest: until then another instrument's open of the same instant may still fill.
    this.riskView.nowUs = bar.closeUs;
  }

  /** After the bars of an instant: risk sees the marks, timers fire, fills are told. */
  settleRest(timeUs: number, barUs = timeUs): void {
    this.market.refreshMarks();
    if (this.outbox !== undefined) this.protection.protectAll(timeUs);
    this.riskWatch?.onBars(timeUs, barUs);
    if (this.fillDesk.notices.length !== 0) this.reactionDesk.tellFills(timeUs);
    if (timeUs >= this.timers.nextUs) this.reactionDesk.fireTimers(timeUs);
    if (this.orders.hasReleased) this.orders.recycle();
  }

  /** After a fact that is neither a bar nor a step: its fills are told to the strategy at once. */
  afterLiveFact(timeUs: number): void {
    if (this.fillDesk.notices.length !== 0) this.reactionDesk.tellFills(timeUs);
    this.riskWatch?.note(timeUs);
  }

  /** What the engine has of an order; undefined when it never was. For the runtime of a live session. */
  orderState(orderId: number): OrderStanding | undefined {
    const order = this.orders.find(orderId);
    if (order === undefined) return undefined;
    const { filledLots, mayFill, flags, source, parentId } = order;
    const isPlaced = order.isWorking && order.state !== OrderState.submitted;
    return { filledLots, mayFill, isPlaced, flags, source, parentId };
  }

  /** Ids of the orders that may still fill, oldest first. */
  openOrderIds(): number[] {
    const ids: number[] = [];
    for (let order = this.orders.first; order !== undefined; order = order.next) if (order.mayFill) ids.push(order.id);
    return ids;
  }

  /** Sets the gate of the bar loop from what rests and waits: once a bar, after its last reaction. */
  setGate(): void {
    // A fill at a close is told with the next bar, and limits on loss and drawdown watch every close: then nothing may be skipped.
    const waits = this.fillDesk.notices.length !== 0 || this.riskWatch !== undefined;
    setGate(this.registers, this.venue.books[0]!, this.account, this.market);
    setGateTimes(this.registers, this.venue.books[0]!, waits, Math.min(this.timers.nextUs, this.samples.sessionEndUs + 1));
  }

  /** Ends the run: open orders expire, positions are marked at the last close or closed there, the last sample is taken. */
  finish(timeUs: number): void {
    this.market.refreshMarks();
    // A live session ends without touching its orders: what becomes of them is the runner's decision.
    if (this.outbox === undefined) this.venue.expireAll(timeUs);
    if (this.options.endOfData === "close" && this.outbox === undefined) {
      for (let index = 0; index < this.instruments.length; index += 1) {
        if (this.account.signedLots(index) === 0) continue;
        const order = this.desk.opener.forced(index, OrderRole.endOfData, "end-of-data", timeUs);
        this.venue.fillAtEnd(order, this.market.loadBar(index), timeUs);
      }
    }
    this.orders.recycle();
    setGateMoney(this.registers, this.market);
    this.samples.close(timeUs, this.equity);
    const sum = this.account.portfolio.ledger.sum();
    invariant(sum === 0, `the ledger sums to ${sum} quanta, not to zero`);
  }

  private afterFill(order: Order, timeUs: number): void {
    if (this.account.portfolio.position(order.instrumentIndex).fillCount === 1) {
      this.openedBars[order.instrumentIndex] = this.market.barNumber(order.instrumentIndex);
    }
    this.riskWatch?.onFill(order, timeUs);
  }
}
