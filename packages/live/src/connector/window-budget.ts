import type { Env } from "@tradepulse/platform";
import type { CallPurpose, RateBudget } from "@tradepulse/venues";

export interface WindowBudgetOptions {
  readonly env: Env;
  /** Weight that the venue allows in any window. */
  readonly limit: number;
  readonly windowUs: number;
  /** Share of it that new risk and data leave to cancels and to the reading of the truth. Default 0.3. */
  readonly reserve?: number;
}

/** A venue's limit of weight in a sliding window, with a part kept for what must always be possible: to cancel, and to find out. */
export class WindowBudget implements RateBudget {
  bannedUntilUs = Number.NEGATIVE_INFINITY;
  private readonly options: WindowBudgetOptions;
  private spent: { readonly atUs: number; readonly weight: number }[] = [];

  constructor(options: WindowBudgetOptions) {
    this.options = options;
  }

  waitUs(weight: number, purpose: CallPurpose): number {
    const { env, limit, windowUs, reserve = 0.3 } = this.options;
    const nowUs = env.monoUs();
    const banUs = Math.max(0, this.bannedUntilUs - nowUs);
    this.spent = this.spent.filter(({ atUs }) => atUs + windowUs > nowUs);
    const mayUseAll = purpose === "reduce" || purpose === "truth";
    let free = (mayUseAll ? limit : Math.floor(limit * (1 - reserve))) - this.spent.reduce((sum, each) => sum + each.weight, 0);
    if (free >= weight) return banUs;
    for (const each of this.spent) {
      free += each.weight;
      if (free >= weight) return Math.max(banUs, each.atUs + windowUs - nowUs);
    }
    return Math.max(banUs, windowUs);
  }

  spend(weight: number): void {
    this.spent.push({ atUs: this.options.env.monoUs(), weight });
  }

  observe(usedWeight: number): void {
    const known = this.spent.reduce((sum, each) => sum + each.weight, 0);
    // Somebody else on this address spends from the same budget.
    if (usedWeight > known) this.spend(usedWeight - known);
  }

  ban(untilMonoUs: number): void {
    this.bannedUntilUs = Math.max(this.bannedUntilUs, untilMonoUs);
  }
}
