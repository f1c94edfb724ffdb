import { unwrap } from "../model/failure.ts";
import type { Instrument } from "../model/instrument.ts";
import { OrderSource } from "../model/order-terms.ts";
import type { Side } from "../model/side.ts";
import { configuredChecks, readsReservations } from "./checks/configured-checks.ts";
import { collarUnits } from "./checks/price-collar.ts";
import type { CheckContext, RiskCheck } from "./checks/risk-check.ts";
import { type CarriedLosses, LossWatch } from "./loss-watch.ts";
import { type CarriedProtections, ProtectionWatch } from "./protections/protection-watch.ts";
import { Reservations } from "./reservations.ts";
import { resolveLimits } from "./resolve-limits.ts";
import type { ResolvedLimits, RiskLimits } from "./risk-limits.ts";
import type { ClosedTrade, PreTradeRisk, ProposedOrder, Refusal, RiskView } from "./risk-view.ts";
import { type CarriedLatch, type TradingStateChange, TradingStateLatch } from "./trading-state.ts";

/** All that a {@link RiskEngine} remembers: plain data, for one of the same limits. */
export interface CarriedRisk {
  readonly latch: CarriedLatch;
  readonly losses: CarriedLosses;
  readonly protections: CarriedProtections;
  /** By place of the check. */
  readonly checks: readonly unknown[];
}

/**
 * Judges every order before it leaves: trading state, then the limits of {@link RiskLimits}, then protections. The first that says
 * no is the answer. What is not configured is not there: without limits `check` reads one number and `onMark` returns at once.
 *
 * Orders that only reduce pass everything but the grid, the order rate, the collar and a halt; in a halt those of risk or of an
 * operator pass as well, so that a position can always be closed on purpose.
 */
export class RiskEngine implements PreTradeRisk {
  readonly limits: ResolvedLimits;
  /** False when `onMark` has nothing to do, so that a driver need not value the account for it. */
  readonly watchesMarks: boolean;
  /** False when `onBarClose` has nothing to do. */
  readonly watchesBars: boolean;
  /** False when `onClosedTrade` has nothing to do. */
  readonly watchesTrades: boolean;
  private readonly latch = new TradingStateLatch();
  /** For every order, and for those that may open exposure. */
  private readonly always: readonly RiskCheck[];
  private readonly opening: readonly RiskCheck[];
  private readonly needsReservations: boolean;
  private readonly context: { reservations: Reservations; replacedId: number };
  private readonly losses: LossWatch;
  private readonly protections: ProtectionWatch;

  constructor(limits: ResolvedLimits) {
    this.limits = limits;
    const checks = configuredChecks(limits);
    this.always = checks.always;
    this.opening = checks.opening;
    this.needsReservations = readsReservations(limits);
    this.context = { reservations: new Reservations(limits.instruments.length), replacedId: 0 };
    this.losses = new LossWatch(limits, this.latch);
    this.protections = new ProtectionWatch(limits.protections, limits.instruments.length);
    this.watchesMarks = this.losses.watchesEquity;
    this.watchesBars = this.protections.isOn;
    this.watchesTrades = this.protections.isOn || this.losses.watchesTrades;
  }

  get tradingState(): 0 | 1 | 2 {
    return this.latch.state;
  }

  get tradingStateCause(): number {
    return this.latch.cause;
  }

  /** State, cause, reason and time of the last change of the trading state. */
  get lastChange(): TradingStateChange {
    return this.latch.lastChange;
  }

  check(order: ProposedOrder, view: RiskView): Refusal | undefined {
    return this.judge(order, view, 0);
  }

  /**
   * Judges a change of a working order: `order` holds its new terms and the lots that would be left to fill. The old terms do not
   * count besides the new ones. An order gone to nothing is a cancel and needs no approval.
   */
  checkAmend(orderId: number, order: ProposedOrder, view: RiskView): Refusal | undefined {
    return this.judge(order, view, orderId);
  }

  marketPriceUnits(markUnits: number, side: Side): number {
    const collar = this.limits.priceCollar;
    return collar === undefined ? markUnits : markUnits + side * collarUnits(markUnits, collar);
  }

  onMark(view: RiskView): void {
    if (this.watchesMarks) this.losses.onMark(view.nowUs, view.equity);
  }

  onClosedTrade(trade: ClosedTrade, view: RiskView): void {
    if (this.losses.watchesTrades) this.losses.onClosedTrade(trade);
    if (this.protections.isOn) this.protections.onClosedTrade(trade, view);
  }

  onBarClose(instrumentIndex: number, closeUs: number): void {
    if (this.watchesBars) this.protections.onBarClose(instrumentIndex, closeUs);
  }

  /** An operator restricts trading. It stays so until {@link rearm}; a state that is stricter already stays stricter. */
  restrict(state: "reduce-only" | "halted", reason: string, nowUs: number): void {
    this.latch.restrict(state, reason, nowUs);
  }

  /**
   * Enables trading again, on purpose. The losses so far are accepted: day's loss, drawdowns and losses in a row are counted anew
   * from the last mark, since a latch that stood at its limit would close again at once. Protections keep their locks.
   * Throws `TP_RISK_REARM_REASON` without a reason.
   */
  rearm(reason: string, nowUs: number): void {
    this.latch.rearm(reason, nowUs);
    this.losses.rebase();
  }

  carry(): CarriedRisk {
    return {
      latch: this.latch.carry(),
      losses: this.losses.carry(),
      protections: this.protections.carry(),
      checks: this.checks.map((check) => check.carry?.() ?? null),
    };
  }

  resume(carried: CarriedRisk): void {
    this.latch.resume(carried.latch);
    this.losses.resume(carried.losses);
    this.protections.resume(carried.protections);
    for (const [k, check] of this.checks.entries()) check.resume?.(carried.checks[k]);
  }

  private get checks(): readonly RiskCheck[] {
    return [...this.always, ...this.opening];
  }

  private judge(order: ProposedOrder, view: RiskView, replacedId: number): Refusal | undefined {
    if (this.watchesMarks) this.losses.enterDay(view.nowUs);
    if (this.latch.state !== 0 && !this.mayPassState(order)) return this.latch.verdict;
    const { context } = this;
    context.replacedId = replacedId;
    const refusal = firstRefusal(this.always, order, view, context) ?? (order.isReduceOnly ? undefined : this.judgeOpening(order, view));
    if (refusal !== undefined) return refusal;
    for (const check of this.always) check.onApproved?.(order, view);
    for (const check of this.opening) check.onApproved?.(order, view);
    return undefined;
  }

  private mayPassState(order: ProposedOrder): boolean {
    if (!order.isReduceOnly) return false;
    return this.latch.state === 1 || order.source === OrderSource.risk || order.source === OrderSource.operator;
  }

  private judgeOpening(order: ProposedOrder, view: RiskView): Refusal | undefined {
    const { context } = this;
    if (this.needsReservations) context.reservations.measure(order, view, context.replacedId);
    return (
      firstRefusal(this.opening, order, view, context) ?? (this.protections.isOn ? this.protections.verdict(order, view.nowUs) : undefined)
    );
  }
}

/** A {@link RiskEngine} over limits as a user writes them. Throws the failure of {@link resolveLimits}. */
export function riskEngine(limits: RiskLimits, instruments: readonly Instrument[]): RiskEngine {
  return new RiskEngine(unwrap(resolveLimits(limits, instruments)));
}

function firstRefusal(checks: readonly RiskCheck[], order: ProposedOrder, view: RiskView, context: CheckContext): Refusal | undefined {
  for (const check of checks) {
    const refusal = check.check(order, view, context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
