export interface FloodGateOptions {
  /** So many of one kind pass in a window; default 5. */
  readonly most?: number;
  /** Microseconds; default one minute. */
  readonly windowUs?: number;
  readonly monoUs: () => number;
}

interface Window {
  startUs: number;
  passed: number;
  held: number;
}

/** Kinds that are told apart; the one that was quiet for longest is forgotten first. */
const MOST_KINDS = 256;

/** Lets the first few of a kind through and counts the rest, so that whoever sends us rubbish cannot fill a disk or bury what a person must read. */
export class FloodGate {
  private readonly most: number;
  private readonly windowUs: number;
  private readonly monoUs: () => number;
  private readonly windows = new Map<string, Window>();

  constructor({ most = 5, windowUs = 60_000_000, monoUs }: FloodGateOptions) {
    this.most = most;
    this.windowUs = windowUs;
    this.monoUs = monoUs;
  }

  /** How many of this kind were held back since one passed last; `undefined` when this one is held back too. */
  pass(kind: string): number | undefined {
    const nowUs = this.monoUs();
    const known = this.windows.get(kind);
    this.windows.delete(kind);
    const isNew = known === undefined || nowUs - known.startUs >= this.windowUs;
    const window = isNew ? { startUs: nowUs, passed: 0, held: known?.held ?? 0 } : known;
    if (this.windows.size >= MOST_KINDS) this.windows.delete(this.windows.keys().next().value!);
    this.windows.set(kind, window);
    if (window.passed >= this.most) {
      window.held += 1;
      return undefined;
    }
    window.passed += 1;
    const { held } = window;
    window.held = 0;
    return held;
  }

  /** What was held back and not told yet, by kind; from here on it counts as told. */
  takeHeld(): readonly (readonly [kind: string, count: number])[] {
    const held = [...this.windows].filter(([, window]) => window.held > 0);
    return held.map(([kind, window]) => {
      const { held: count } = window;
      window.held = 0;
      return [kind, count] as const;
    });
  }
}
