import { refusals, VenueRefusal } from "../../packages/venues/src/local-venue/exchange/refusal.ts";
import type { Weather } from "./weather.ts";

const MINUTE = 60_000_000;

/** The venue's door: request weights of one address, 429 with a time of silence, and the ban for whoever calls in it. */
export class Gate {
  readonly limit = 6_000;
  used = 0;
  /** Calls that came within a time of silence that the caller had been told of: each is a breach. */
  breaches = 0;
  bans = 0;
  private minute = -1;
  private silentUntilUs = 0;
  private bannedUntilUs = 0;
  private readonly now: () => number;
  private readonly weather: Weather;

  constructor(now: () => number, weather: Weather) {
    this.now = now;
    this.weather = weather;
  }

  /** Takes all of this minute's weight away. */
  exhaust(): void {
    this.roll();
    this.used = this.limit;
  }

  /**
   * Counts a call, or throws what the door answers. `knownUntilUs` is until when the caller knew that it should be silent as the call left it: what
   * was on its way before the caller could know is answered by another 429 and not by a ban.
   */
  enter(weight: number, sentUs: number, knownUntilUs: number): void {
    this.roll();
    const nowUs = this.now();
    if (this.bannedUntilUs > nowUs) throw refusals.banned(this.bannedUntilUs / 1000, seconds(this.bannedUntilUs - nowUs));
    if (this.silentUntilUs > nowUs) {
      if (sentUs < knownUntilUs) {
        this.breaches += 1;
        this.bans += 1;
        this.bannedUntilUs = nowUs + 2 * MINUTE;
        throw refusals.banned(this.bannedUntilUs / 1000, 120);
      }
      throw refusals.weight(this.limit, seconds(this.silentUntilUs - nowUs));
    }
    if (this.weather.hits("F41", "others used the address")) this.used += Math.round(this.limit * this.weather.random("F41").next());
    this.used += weight;
    const limit = this.weather.hits("F40", "request limit") ? 0 : this.limit;
    if (this.used <= limit) return;
    this.silentUntilUs = nowUs + Math.max(1_000_000, MINUTE - (nowUs % MINUTE));
    throw refusals.weight(this.limit, seconds(this.silentUntilUs - nowUs));
  }

  private roll(): void {
    const minute = Math.floor(this.now() / MINUTE);
    if (minute === this.minute) return;
    this.minute = minute;
    this.used = 0;
  }
}

/** How long a refusal asks for silence. */
export function silenceUsOf(refusal: VenueRefusal): number {
  return refusal.retryAfter * 1_000_000;
}

function seconds(us: number): number {
  return Math.max(1, Math.ceil(us / 1_000_000));
}

export { VenueRefusal };
