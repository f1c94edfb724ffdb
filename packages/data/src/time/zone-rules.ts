import { type TimeUs, timeUsFromCivil, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from "@tradepulse/core";

/** A stretch of time with one offset: `[fromUs, next fromUs)`. */
interface Period {
  readonly fromUs: TimeUs;
  /** Microseconds that local clocks are ahead of UTC. */
  readonly offsetUs: number;
}

/** What a local reading means: one instant, none (clocks went forward over it), or two (clocks went back over it). */
export type LocalReading =
  | { readonly kind: "instant"; readonly timeUs: TimeUs }
  | { readonly kind: "missing" }
  | { readonly kind: "ambiguous" };

const STEP_US = 2 * US_PER_DAY;
const FINEST_US = US_PER_MINUTE;

/**
 * The offsets of an IANA time zone over a range of time, worked out once from the runtime's own zone data. No zone is
 * known to change its offset twice within the two days between two probes and back again.
 */
export class ZoneRules {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #periods: Period[];
  #last = 0;

  /** Throws a RangeError when the runtime does not know the zone. `fromUs` and `toUs` are widened by three days. */
  constructor(name: string, fromUs: TimeUs, toUs: TimeUs) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      era: "short",
    });
    this.name = name;
    this.#periods = this.#probe(Math.floor(fromUs / US_PER_HOUR) * US_PER_HOUR - 3 * US_PER_DAY, toUs + 3 * US_PER_DAY);
  }

  /** Microseconds that local clocks are ahead of UTC at an instant. */
  offsetAt(timeUs: TimeUs): number {
    return this.#periods[this.#find(timeUs)]!.offsetUs;
  }

  /** The instant of a local reading, given as microseconds of that reading taken as UTC. */
  toInstant(localUs: TimeUs): LocalReading {
    const at = this.#find(localUs);
    let found: TimeUs | undefined;
    for (let i = Math.max(0, at - 1); i <= Math.min(at + 1, this.#periods.length - 1); i += 1) {
      const timeUs = localUs - this.#periods[i]!.offsetUs;
      const inside = timeUs >= this.#periods[i]!.fromUs && timeUs < (this.#periods[i + 1]?.fromUs ?? Infinity);
      if (!inside) continue;
      if (found !== undefined) return { kind: "ambiguous" };
      found = timeUs;
    }
    return found === undefined ? { kind: "missing" } : { kind: "instant", timeUs: found };
  }

  /** The first instant of a local day, given as its midnight taken as UTC. Midnight itself may not exist or exist twice. */
  startOfDay(localMidnightUs: TimeUs): TimeUs {
    const reading = this.toInstant(localMidnightUs);
    if (reading.kind === "instant") return reading.timeUs;
    const before = this.#periods[Math.max(0, this.#find(localMidnightUs - US_PER_DAY))]!;
    const earlier = localMidnightUs - before.offsetUs;
    if (reading.kind === "ambiguous") return earlier;
    const next = this.#periods[Math.min(this.#periods.indexOf(before) + 1, this.#periods.length - 1)]!;
    return next.fromUs;
  }

  #find(timeUs: TimeUs): number {
    const periods = this.#periods;
    // Times come in order, so the period of the last question is nearly always the one of this.
    let i = this.#last;
    while (i > 0 && periods[i]!.fromUs > timeUs) i -= 1;
    while (i + 1 < periods.length && periods[i + 1]!.fromUs <= timeUs) i += 1;
    this.#last = i;
    return i;
  }

  #probe(fromUs: TimeUs, toUs: TimeUs): Period[] {
    const periods: Period[] = [{ fromUs: -Infinity, offsetUs: this.#ask(fromUs) }];
    for (let at = fromUs; at < toUs; at += STEP_US) {
      const known = periods.at(-1)!.offsetUs;
      const next = this.#ask(at + STEP_US);
      if (next === known) continue;
      let low = at;
      let high = at + STEP_US;
      while (high - low > FINEST_US) {
        const middle = Math.floor((low + high) / 2 / FINEST_US) * FINEST_US;
        if (this.#ask(middle) === known) low = middle;
        else high = middle;
      }
      periods.push({ fromUs: high, offsetUs: next });
    }
    return periods;
  }

  #ask(timeUs: TimeUs): number {
    const whole = Math.floor(timeUs / US_PER_SECOND) * US_PER_SECOND;
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(whole / 1_000)) part[type] = Number(value);
    return timeUsFromCivil(part["year"]!, part["month"]!, part["day"]!, part["hour"], part["minute"], part["second"]) - whole;
  }
}

/** Whether the runtime knows a time zone by this name. */
export function isZoneName(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
