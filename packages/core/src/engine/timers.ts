import { parseInterval } from "../model/time.ts";
import type { Timer } from "../strategy/define-strategy.ts";

interface Running {
  readonly name: string;
  readonly intervalUs: number;
  nextUs: number;
}

/** The timers of a strategy: they fire at whole multiples of their interval, UTC, with the first bar that closes at or after one. */
export class Timers {
  /** Earliest instant at which one fires; Infinity for none. */
  nextUs = Number.POSITIVE_INFINITY;
  private readonly running: readonly Running[];

  /** Throws a RangeError for an interval that cannot be read. */
  constructor(intervals: Readonly<Record<string, string>>) {
    this.running = Object.entries(intervals).map(([name, interval]) => {
      const intervalUs = parseInterval(interval);
      if (intervalUs === undefined)
        throw new RangeError(`timer "${name}" has interval "${interval}", allowed are forms such as 15m, 1h, 1d`);
      return { name, intervalUs, nextUs: Number.NEGATIVE_INFINITY };
    });
  }

  /** The first multiples after the start of the run. */
  start(firstUs: number): void {
    for (const timer of this.running) timer.nextUs = Math.ceil((firstUs + 1) / timer.intervalUs) * timer.intervalUs;
    this.nextUs = this.earliest();
  }

  /** The next instant of each timer, in declared order. */
  carry(): readonly number[] {
    return this.running.map(({ nextUs }) => nextUs);
  }

  resume(nextUs: readonly number[]): void {
    for (const [k, timer] of this.running.entries()) timer.nextUs = nextUs[k]!;
    this.nextUs = this.earliest();
  }

  private earliest(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const timer of this.running) if (timer.nextUs < next) next = timer.nextUs;
    return next;
  }

  /** Calls `fire` for each timer that is due: once an instant, however many multiples a gap in the data skipped. */
  fireDue(timeUs: number, fire: (timer: Timer) => void): void {
    for (const timer of this.running) {
      if (timeUs < timer.nextUs) continue;
      const dueUs = Math.floor(timeUs / timer.intervalUs) * timer.intervalUs;
      timer.nextUs = dueUs + timer.intervalUs;
      this.nextUs = this.earliest();
      fire({ name: timer.name, timeUs: dueUs });
    }
  }
}
