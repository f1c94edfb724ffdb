import { type RandomStream, type SimClock, type SimEnv, type SimProcess, seededStream } from "@tradepulse/platform";
import { silenceUsOf, VenueRefusal } from "./gate.ts";
import type { VenueWorld } from "./venue-world.ts";
import type { Weather } from "./weather.ts";

/** What came back from a call to the venue. */
export type Answer<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "refusal"; readonly refusal: VenueRefusal }
  | { readonly kind: "none"; readonly why: string; readonly wasSent: boolean };

export type CallKind = "place" | "cancel" | "read" | "lookup";

const TIMEOUT_US = 10_000_000;
/** Longest time between the venue's door and its engine. */
export const ENGINE_WAIT_US = 9_000_000;

/** The way between one process and the venue: latency, losses, delays, the door's answers. */
export class Link {
  /** Until when the venue asked this process to be silent, on the monotonic clock. */
  silentUntilUs = 0;
  /** The same as the venue said it, whatever the client made of it. */
  private knownUntilUs = 0;
  private readonly clock: SimClock;
  private readonly process: SimProcess;
  private readonly venue: VenueWorld;
  private readonly weather: Weather;
  private readonly random: RandomStream;
  private readonly latencyUs: number;

  constructor(clock: SimClock, process: SimProcess, venue: VenueWorld, weather: Weather, seed: number, latencyUs: number) {
    this.clock = clock;
    this.process = process;
    this.venue = venue;
    this.weather = weather;
    this.latencyUs = latencyUs;
    this.random = seededStream(seed, `link.${process.name}`);
  }

  get isSilent(): boolean {
    return this.silentUntilUs > this.clock.nowUs;
  }

  latency(): number {
    const slow = this.random.next() < 0.02 ? 8 * this.random.next() : 0;
    return Math.round(this.latencyUs * (0.5 + this.random.next() + slow));
  }

  /** Sends a request once. `run` is what the venue's engine does with it; `admit` is what its door checks on arrival; it leaves `lateUs` from now. */
  call<T>(kind: CallKind, about: string, weight: number, admit: () => void, run: () => T, lateUs = 0): Promise<Answer<T>> {
    const { clock, process, weather } = this;
    return new Promise((resolve) => {
      const timeout = clock.after(TIMEOUT_US, () => resolve({ kind: "none", why: "no answer within 10 s", wasSent: true }), process);
      const answer = (delayUs: number, what: Answer<T>): void => {
        clock.after(
          delayUs,
          () => {
            timeout.cancel();
            if (what.kind === "refusal" && (what.refusal.status === 429 || what.refusal.status === 418)) this.beSilent(what.refusal);
            resolve(what);
          },
          process,
        );
      };
      if (weather.hits("F50", about) || (kind === "lookup" && weather.isOn("F06", about))) {
        answer(this.latency(), { kind: "none", why: "the name of the venue was not found", wasSent: false });
        return;
      }
      if (weather.isOn("F42", about)) return;
      const sentUs = clock.nowUs;
      const { knownUntilUs } = this;
      const holdUs = weather.hits("F04", about) ? heldUs(weather.random("F04")) : 0;
      // A connection that breaks while its request goes on: nothing is known, at once.
      if (holdUs > 0 && weather.random("F04").next() < 0.5)
        answer(this.latency(), { kind: "none", why: "no answer: the connection broke", wasSent: true });
      clock.after(this.latency() + holdUs + lateUs, () => this.arrive(kind, about, weight, { sentUs, knownUntilUs }, admit, run, answer));
    });
  }

  private arrive<T>(
    kind: CallKind,
    about: string,
    weight: number,
    told: { readonly sentUs: number; readonly knownUntilUs: number },
    admit: () => void,
    run: () => T,
    answer: (delayUs: number, what: Answer<T>) => void,
  ): void {
    const { clock, weather } = this;
    try {
      this.venue.gate.enter(weight, told.sentUs, told.knownUntilUs);
      admit();
    } catch (error) {
      if (!(error instanceof VenueRefusal)) throw error;
      answer(this.latency(), { kind: "refusal", refusal: error });
      return;
    }
    // An order may wait between door and engine; its deadline was checked at the door.
    const waitUs = kind === "place" && weather.hits("F04", about) ? Math.round(ENGINE_WAIT_US * weather.random("F04").next()) : 0;
    if (waitUs > 0 && weather.random("F04").next() < 0.5)
      answer(this.latency(), { kind: "none", why: "no answer: the connection broke", wasSent: true });
    clock.after(waitUs, () => this.enter(kind, about, run, answer));
  }

  private enter<T>(kind: CallKind, about: string, run: () => T, answer: (delayUs: number, what: Answer<T>) => void): void {
    const { weather } = this;
    let what: Answer<T>;
    try {
      what = { kind: "value", value: run() };
    } catch (error) {
      if (!(error instanceof VenueRefusal)) throw error;
      what = { kind: "refusal", refusal: error };
    }
    if (weather.hits("F01", about)) return;
    if (weather.hits("F03", about)) what = { kind: "none", why: "502 Bad Gateway", wasSent: true };
    const slowUs = kind === "place" && weather.hits("F08", about) ? Math.round(8_000_000 * weather.random("F08").next()) : 0;
    answer(this.latency() + slowUs, what);
  }

  private beSilent(refusal: VenueRefusal): void {
    this.knownUntilUs = Math.max(this.knownUntilUs, this.clock.nowUs + silenceUsOf(refusal));
    this.silentUntilUs = Math.max(this.silentUntilUs, this.knownUntilUs);
  }
}

/** Up to two minutes; half of the times about as long as others give up on an order, or sign one for. */
function heldUs(random: RandomStream): number {
  return Math.round(random.next() < 0.5 ? 120_000_000 * random.next() : 20_000_000 + 42_000_000 * random.next());
}

export type { SimEnv };
