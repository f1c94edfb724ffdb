/** A balance that the venue and we state differently, in whole counts of the asset's smallest unit. */
export interface BalanceDifference {
  readonly asset: string;
  /** The venue's less ours. */
  readonly excess: number;
}

/** Times that a difference must be read without having changed, before it is taken for a fact. */
const READS = 3;

interface Held {
  readonly excess: number;
  readonly sinceUs: number;
  reads: number;
}

/**
 * Tells differences that stay from those that only lag: a venue's balances may be older than its trades. One that several readings state alike over
 * long enough is a movement that no fill explains - money that came or went, a trade that was taken back - and must be booked.
 */
export class BalanceWatch {
  private readonly held = new Map<string, Held>();
  private readonly settleUs: number;

  constructor(settleUs: number) {
    this.settleUs = settleUs;
  }

  /**
   * Takes the differences of one reading. `standing` are those that the reading before stated alike: a fill between two questions makes none of these.
   * `settled` are to be booked now; each is returned once. None is while an order of unknown outcome may be the whole difference.
   */
  look(
    differences: readonly BalanceDifference[],
    monoUs: number,
    maySettle = true,
  ): { readonly standing: readonly BalanceDifference[]; readonly settled: readonly BalanceDifference[] } {
    const now = new Map(differences.map((each) => [each.asset, each]));
    for (const asset of this.held.keys()) if (!now.has(asset)) this.held.delete(asset);
    const standing: BalanceDifference[] = [];
    const settled: BalanceDifference[] = [];
    for (const each of differences) {
      const before = this.held.get(each.asset);
      if (before === undefined || before.excess !== each.excess) {
        this.held.set(each.asset, { excess: each.excess, sinceUs: monoUs, reads: 1 });
        continue;
      }
      before.reads += 1;
      standing.push(each);
      if (!maySettle || before.reads < READS || monoUs - before.sinceUs < this.settleUs) continue;
      this.held.delete(each.asset);
      settled.push(each);
    }
    return { standing, settled };
  }
}
