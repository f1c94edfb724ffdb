/**
 * How long ago the instant of a decision was, by a clock that nobody sets: the monotonic one against the bars themselves. The bar that came soonest after
 * its close says how the two stand to each other; one that comes much later was held up, by the venue, by the network, or because this process stood
 * still, and what was decided on it is late however promptly it is carried out.
 */
export class DecisionAge {
  /** Least monotonic time less venue time at which a bar has arrived. */
  private soonestUs = Number.POSITIVE_INFINITY;

  /** A closed bar has arrived. */
  arrived(monoUs: number, closeUs: number): void {
    this.soonestUs = Math.min(this.soonestUs, monoUs - closeUs);
  }

  /** Microseconds since an instant of the bars, less what a bar takes at least to get here; 0 before the first bar. */
  ageUs(monoUs: number, timeUs: number): number {
    return this.soonestUs === Number.POSITIVE_INFINITY ? 0 : monoUs - timeUs - this.soonestUs;
  }
}
