import type { Env } from "@tradepulse/platform";

/** A quartz clock that nobody corrects gains or loses this much a second; reliability F37 tests 200 parts per million. */
const DRIFT = 200e-6;

/**
 * The venue's clock as we know it. It is anchored in the monotonic clock, so a step of our wall clock does not move it; but a step is also how a
 * machine that slept shows itself, and the monotonic clock may have slept along, so until the next measurement a step counts as error.
 */
export class VenueClock {
  readonly #env: Env;
  #anchorMonoUs = 0;
  #anchorWallUs = 0;
  #venueUs = 0;
  #errorUs = Number.POSITIVE_INFINITY;

  constructor(env: Env) {
    this.#env = env;
  }

  /**
   * Takes an answer of the venue: its wall time, and when on our monotonic clock the question left and the answer came. The venue read its clock
   * somewhere in between, so half of the way is the error. A worse measurement does not replace a better one that is still good.
   */
  measured(venueUs: number, resolutionUs: number, sentMonoUs: number, receivedMonoUs: number): void {
    const halfUs = Math.ceil((receivedMonoUs - sentMonoUs) / 2);
    const errorUs = halfUs + Math.ceil(resolutionUs / 2);
    if (errorUs > this.errorUs) return;
    this.#errorUs = errorUs;
    this.#anchorMonoUs = receivedMonoUs;
    this.#anchorWallUs = this.#env.wallUs() - (this.#env.monoUs() - receivedMonoUs);
    this.#venueUs = venueUs + Math.floor(resolutionUs / 2) + halfUs;
  }

  /** The venue's wall time now, give or take {@link errorUs}. */
  get nowUs(): number {
    return this.#venueUs + (this.#env.monoUs() - this.#anchorMonoUs);
  }

  /** Venue wall time less ours. */
  get offsetUs(): number {
    return this.nowUs - this.#env.wallUs();
  }

  /** How far off it may be: infinite before the first measurement, then growing with age and by any step of our wall clock. */
  get errorUs(): number {
    if (this.#errorUs === Number.POSITIVE_INFINITY) return this.#errorUs;
    const ageUs = this.#env.monoUs() - this.#anchorMonoUs;
    const stepUs = Math.abs(this.#env.wallUs() - this.#anchorWallUs - ageUs);
    // Slewing by a time daemon and reading two clocks one after the other are no step.
    const slewUs = Math.ceil(ageUs * DRIFT) + 2_000;
    return this.#errorUs + Math.ceil(ageUs * DRIFT) + (stepUs > slewUs ? stepUs : 0);
  }
}
