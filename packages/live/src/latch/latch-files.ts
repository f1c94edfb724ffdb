import type { TradingState } from "@tradepulse/core";
import type { Files } from "@tradepulse/platform";
import { canonicalJson } from "../journal/canonical-json.ts";

/** Why trading is in a state, and who put it there. */
export interface LatchState {
  readonly state: TradingState;
  readonly reason: string;
  /** Who: a person, a guard, a process. */
  readonly by: string;
  /** On the wall clock. */
  readonly atUs: number;
}

/** The permission to trade: until it is there, trading is halted. It names the trips that it ends; any other trip holds. */
export interface Arming extends LatchState {
  readonly clears: readonly string[];
}

/** What the folder says now. */
export interface LatchReading {
  readonly strictest: LatchState;
  /** Names of the trips that are there, ended or not. */
  readonly trips: readonly string[];
  /** How many of them hold. */
  readonly standing: number;
  readonly hasHaltFile: boolean;
}

/** Why a latch halts that nobody has touched yet. */
export const NEVER_ARMED = "trading was never armed";

const ARMED = "armed.json";
const HALT = "HALT";
const TRIP = /^trip-[0-9a-f]{32}\.json$/;
const STATES: readonly TradingState[] = ["enabled", "reduce-only", "halted"];
const TEXT = new TextEncoder();

/**
 * The latch as files of one folder, shared by all processes of an account. Each trip is a file of its own that is written once, so that two
 * processes which trip at the same moment cannot undo each other; arming names the trips it ends, so that one which comes in between holds.
 * A file named `HALT` halts for as long as it is there. What cannot be read counts as halted.
 */
export class LatchFiles {
  private readonly files: Files;
  private readonly folder: string;
  /** Trips never change once they are written. */
  private readonly known = new Map<string, LatchState>();

  constructor(files: Files, folder: string) {
    this.files = files;
    this.folder = folder;
  }

  async read(): Promise<LatchReading> {
    const names = await this.files.list(this.folder);
    const trips = names.filter((name) => TRIP.test(name));
    const states = await Promise.all(trips.map((name) => this.trip(name)));
    // Read last: a trip that was ended and removed since the list was made is named in it.
    const arming = names.includes(ARMED) ? await this.arming() : undefined;
    const hasHaltFile = names.includes(HALT);
    const found: LatchState[] = [arming ?? halted(names.includes(ARMED) ? "the arming cannot be read" : NEVER_ARMED)];
    if (hasHaltFile) found.push({ ...halted(`a file named ${HALT} is in ${this.folder}`), by: "operator" });
    const standing = states.filter((_, at) => arming?.clears.includes(trips[at]!) !== true);
    found.push(...standing);
    return { strictest: found.reduce(stricter), trips, standing: standing.length, hasHaltFile };
  }

  async writeTrip(name: string, state: LatchState): Promise<void> {
    await this.files.makeFolder(this.folder);
    await this.files.replace(`${this.folder}/${name}`, TEXT.encode(canonicalJson(state)));
    this.known.set(name, state);
  }

  /** Writes the arming, then takes away what it ended; a trip that stays behind is ended all the same. */
  async writeArming(arming: Arming): Promise<void> {
    await this.files.makeFolder(this.folder);
    await this.files.replace(`${this.folder}/${ARMED}`, TEXT.encode(canonicalJson(arming)));
    for (const name of arming.clears) await this.files.remove(`${this.folder}/${name}`).catch(() => undefined);
  }

  private async trip(name: string): Promise<LatchState> {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const read = await this.parsed(name);
    // Nobody trips to trade: a file that says so was damaged, or made by somebody else.
    if (read === undefined || read.state === "enabled") return halted(`trip ${name} cannot be read`);
    this.known.set(name, read);
    return read;
  }

  private async arming(): Promise<Arming | undefined> {
    const read = await this.parsed(ARMED);
    const clears = read?.["clears"];
    return read !== undefined && Array.isArray(clears) ? { ...read, clears: clears.map(String) } : undefined;
  }

  /** A state with whatever else the file holds; `undefined` when it is not one. */
  private async parsed(name: string): Promise<(LatchState & Readonly<Record<string, unknown>>) | undefined> {
    try {
      const value: unknown = JSON.parse(new TextDecoder().decode(await this.files.read(`${this.folder}/${name}`)));
      if (typeof value !== "object" || value === null) return undefined;
      const { state, reason, by, atUs } = value as Readonly<Record<string, unknown>>;
      if (!STATES.includes(state as TradingState)) return undefined;
      if (typeof reason !== "string" || typeof by !== "string" || typeof atUs !== "number") return undefined;
      return { ...value, state: state as TradingState, reason, by, atUs };
    } catch {
      return undefined;
    }
  }
}

/** The stricter of two states; the first of equals. */
export function stricter(a: LatchState, b: LatchState): LatchState {
  return STATES.indexOf(b.state) > STATES.indexOf(a.state) ? b : a;
}

/** True for a halt that nobody has said: it stands for want of knowledge. */
export function isUnknown({ by, atUs }: LatchState): boolean {
  return by === "latch" && atUs === 0;
}

/** Halted for want of knowledge. */
export function halted(reason: string): LatchState {
  return { state: "halted", reason, by: "latch", atUs: 0 };
}
