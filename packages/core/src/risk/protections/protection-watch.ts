import type { ClosedTrade, ProposedOrder, Refusal, RiskView } from "../risk-view.ts";
import { BarClock, type CarriedBarClock } from "./bar-clock.ts";
import { cooldown } from "./cooldown.ts";
import { drawdownGuard } from "./drawdown-guard.ts";
import { type Lock, Locks } from "./locks.ts";
import { lowProfit } from "./low-profit.ts";
import type { Protection } from "./protection.ts";
import type { ResolvedProtections } from "./protection-settings.ts";
import { stopGuard } from "./stop-guard.ts";
import { type CarriedHistory, TradeHistory } from "./trade-history.ts";

export interface CarriedProtections {
  readonly clock: CarriedBarClock;
  readonly locks: readonly Lock[];
  readonly history: CarriedHistory;
}

/** The configured protections of an account, with the trades they count and the locks they set. */
export class ProtectionWatch {
  readonly isOn: boolean;
  private readonly clock: BarClock;
  private readonly locks: Locks;
  private readonly history: TradeHistory;
  private readonly protections: readonly Protection[];

  constructor(settings: ResolvedProtections, instrumentCount: number) {
    const protections: Protection[] = [];
    if (settings.cooldown !== undefined) protections.push(cooldown(settings.cooldown));
    if (settings.stopGuard !== undefined) protections.push(stopGuard(settings.stopGuard));
    if (settings.lowProfit !== undefined) protections.push(lowProfit(settings.lowProfit));
    if (settings.drawdownGuard !== undefined) protections.push(drawdownGuard(settings.drawdownGuard));
    const counting = [settings.stopGuard, settings.lowProfit, settings.drawdownGuard].filter((each) => each !== undefined);
    this.protections = protections;
    this.isOn = protections.length > 0;
    this.clock = new BarClock(instrumentCount);
    this.locks = new Locks(this.clock);
    this.history = new TradeHistory(
      this.clock,
      counting.map((each) => each.lookBack),
    );
  }

  onBarClose(instrumentIndex: number, closeUs: number): void {
    this.clock.onBarClose(instrumentIndex, closeUs);
  }

  onClosedTrade(trade: ClosedTrade, view: RiskView): void {
    const recorded = this.history.add(trade);
    for (const protection of this.protections) {
      const request = protection(recorded, this.history, view.equity);
      if (request !== undefined) this.locks.add(request.cause, request.scope, request.span, recorded);
    }
  }

  carry(): CarriedProtections {
    return { clock: this.clock.carry(), locks: this.locks.carry(), history: this.history.carry() };
  }

  resume(carried: CarriedProtections): void {
    this.clock.resume(carried.clock);
    this.locks.resume(carried.locks);
    this.history.resume(carried.history);
  }

  verdict(order: ProposedOrder, nowUs: number): Refusal | undefined {
    return this.locks.verdict(order, nowUs);
  }
}
