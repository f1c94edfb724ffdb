import type { ClosedTrade, ProposedOrder, Refusal, RiskView } from "../risk-view.ts";
import { BarClock } from "./bar-clock.ts";
import { cooldown } from "./cooldown.ts";
import { drawdownGuard } from "./drawdown-guard.ts";
import { Locks } from "./locks.ts";
import { lowProfit } from "./low-profit.ts";
import type { Protection } from "./protection.ts";
import type { ResolvedProtections } from "./protection-settings.ts";
import { stopGuard } from "./stop-guard.ts";
import { TradeHistory } from "./trade-history.ts";

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

  verdict(order: ProposedOrder, nowUs: number): Refusal | undefined {
    return this.locks.verdict(order, nowUs);
  }
}
