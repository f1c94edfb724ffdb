export interface DecisionAgeParts {
  monoUs(): number;
  /** A decision on bars that closed longer ago opens no risk, in microseconds. */
  readonly lifeUs: number;
  onAlarm(text: string): void;
}

/** The least of what the bars of a time took, in microseconds: how the two clocks stand to each other. */
interface Baseline {
  readonly sinceUs: number;
  leastUs: number;
  bars: number;
}

/** A baseline is given up after this time and so many bars: clocks drift apart, and one hour says nothing of next week. */
const BASELINE_US = 6 * 3_600_000_000;
const BASELINE_BARS = 8;

/**
 * How long ago the bars closed that a decision was made on, by a clock that nobody sets: the monotonic one against the bars themselves. The bar that came
 * soonest after its close says how the two stand to each other; one that comes much later was held up, by the venue, by the network, or because this process
 * stood still, and what is decided on it is late however promptly it is carried out.
 */
export class DecisionAge {
  private readonly parts: DecisionAgeParts;
  private current: Baseline;
  private before: Baseline;
  /** Close of the bars that are being decided on. */
  private instantUs: number | undefined;
  private readonly decidedUs = new WeakMap<object, number>();
  private toldUs = Number.NEGATIVE_INFINITY;

  constructor(parts: DecisionAgeParts) {
    this.parts = parts;
    this.current = { sinceUs: parts.monoUs(), leastUs: Number.POSITIVE_INFINITY, bars: 0 };
    this.before = this.current;
  }

  /** A closed bar was taken. */
  arrived(closeUs: number): void {
    const nowUs = this.parts.monoUs();
    if (nowUs - this.current.sinceUs > BASELINE_US && this.current.bars >= BASELINE_BARS) {
      this.before = this.current;
      this.current = { sinceUs: nowUs, leastUs: Number.POSITIVE_INFINITY, bars: 0 };
    }
    this.current.leastUs = Math.min(this.current.leastUs, nowUs - closeUs);
    this.current.bars += 1;
  }

  /** What `decide` brings about is decided on bars that closed at this instant. */
  at(closeUs: number, decide: () => void): void {
    this.instantUs = closeUs;
    try {
      decide();
    } finally {
      this.instantUs = undefined;
    }
  }

  /** A command was issued. */
  note(command: object): void {
    if (this.instantUs !== undefined) this.decidedUs.set(command, this.instantUs);
  }

  /** True for a command that was decided on bars of long ago; one that was decided on news or by a person is not. */
  isLate(command: object): boolean {
    const closeUs = this.decidedUs.get(command);
    const leastUs = Math.min(this.before.leastUs, this.current.leastUs);
    if (closeUs === undefined || leastUs === Number.POSITIVE_INFINITY) return false;
    const ageUs = this.parts.monoUs() - closeUs - leastUs;
    if (ageUs <= this.parts.lifeUs) return false;
    if (closeUs !== this.toldUs) {
      this.toldUs = closeUs;
      const [age, life] = [ageUs, this.parts.lifeUs].map((us) => Math.round(us / 1e6));
      this.parts.onAlarm(`bars arrived ${age} s late: what was decided on them opens no position (allowed are ${life} s)`);
    }
    return true;
  }
}
