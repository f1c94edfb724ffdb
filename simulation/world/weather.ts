import { type RandomStream, type SimClock, seededStream } from "@tradepulse/platform";
import type { FaultKind, PlannedFault } from "../storm/fault-kinds.ts";

/** Decides where the planned windows of faults strike. Every window draws from a stream of its own, so taking one away moves no other. */
export class Weather {
  /** After this instant nothing strikes any more. */
  private isHealed = false;
  private readonly clock: SimClock;
  private readonly startUs: number;
  private readonly windows = new Map<FaultKind, { readonly fault: PlannedFault; readonly random: RandomStream }[]>();
  private readonly struck: (kind: FaultKind, about: string) => void;

  constructor(clock: SimClock, seed: number, faults: readonly PlannedFault[], struck: (kind: FaultKind, about: string) => void) {
    this.clock = clock;
    this.startUs = clock.nowUs;
    this.struck = struck;
    for (const fault of faults) {
      const list = this.windows.get(fault.kind) ?? [];
      list.push({ fault, random: seededStream(seed, `strike.${fault.kind}.${fault.atUs}`) });
      this.windows.set(fault.kind, list);
    }
  }

  heal(): void {
    this.isHealed = true;
  }

  /** Strength of a kind now; 0 when it is not there. */
  strength(kind: FaultKind): number {
    const active = this.active(kind);
    return active === undefined ? 0 : active.fault.intensity;
  }

  /** Draws whether a kind strikes on this occasion. */
  hits(kind: FaultKind, about: string): boolean {
    const active = this.active(kind);
    if (active === undefined || active.random.next() >= active.fault.intensity) return false;
    this.struck(kind, about);
    return true;
  }

  /** True on every occasion while a window of the kind is open. */
  isOn(kind: FaultKind, about: string): boolean {
    if (this.active(kind) === undefined) return false;
    this.struck(kind, about);
    return true;
  }

  /** The stream of an open window, for how far a strike goes; a constant one when none is open. */
  random(kind: FaultKind): RandomStream {
    return this.active(kind)?.random ?? { next: () => 0.5, below: (below) => below >> 1 };
  }

  private active(kind: FaultKind): { readonly fault: PlannedFault; readonly random: RandomStream } | undefined {
    if (this.isHealed) return undefined;
    const atUs = this.clock.nowUs - this.startUs;
    return this.windows.get(kind)?.find(({ fault }) => fault.atUs <= atUs && atUs < fault.untilUs);
  }
}
