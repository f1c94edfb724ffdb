import type { RandomStream } from "@tradepulse/platform";
import type { SeededStreams } from "../exchange/seeded-streams.ts";
import type { FaultName } from "./fault-names.ts";

/** What a fault is about, as far as it is known where it may strike. */
export interface FaultScene {
  readonly method?: string;
  readonly path?: string;
  readonly symbol?: string;
  readonly clientId?: string;
  readonly account?: string;
  /** A stream by name, or `user`. */
  readonly stream?: string;
}

/** Switches a fault on. What is left out does not limit it. */
export interface FaultRule {
  readonly name: FaultName;
  /** Probability at each occasion; 1 when left out. */
  readonly chance?: number;
  /** Occasions passed over first. */
  readonly after?: number;
  /** Most times it strikes. */
  readonly times?: number;
  /** How long, where the fault has a duration; with `delayUpToUs` drawn evenly between the two. */
  readonly delayUs?: number;
  readonly delayUpToUs?: number;
  /** The fault's own number: a status, a weight, a part. */
  readonly value?: number;
  /** Strikes only where all of these agree; `clientId`, `path` and `stream` by their beginnings. */
  readonly only?: FaultScene;
}

/** A fault that strikes now. */
export interface Strike {
  readonly rule: FaultRule;
  readonly delayUs: number;
  readonly value: number | undefined;
}

const DEFAULT_DELAY_US = 5_000_000;

interface Switched {
  readonly id: number;
  readonly rule: FaultRule;
  occasions: number;
  strikes: number;
}

/** Which faults are on, how often each had occasion and struck. Every fault draws from a random stream of its own. */
export class FaultBoard {
  readonly #switched: Switched[] = [];
  readonly #counts = new Map<FaultName, number>();
  readonly #streams: SeededStreams;
  #lastId = 0;

  constructor(streams: SeededStreams) {
    this.#streams = streams;
  }

  /** Switches a fault on; the number switches this rule off again. */
  on(rule: FaultRule): number {
    this.#lastId += 1;
    this.#switched.push({ id: this.#lastId, rule, occasions: 0, strikes: 0 });
    return this.#lastId;
  }

  /** Switches off one rule, all rules of a fault, or everything. */
  off(which?: number | FaultName): void {
    for (let i = this.#switched.length - 1; i >= 0; i -= 1) {
      const { id, rule } = this.#switched[i]!;
      if (which === undefined || id === which || rule.name === which) this.#switched.splice(i, 1);
    }
  }

  get rules(): readonly (FaultRule & { readonly id: number; readonly strikes: number })[] {
    return this.#switched.map(({ id, rule, strikes }) => ({ ...rule, id, strikes }));
  }

  /** How often each fault has struck since the start. */
  get strikes(): ReadonlyMap<FaultName, number> {
    return this.#counts;
  }

  isOn(name: FaultName): boolean {
    return this.#switched.some(({ rule }) => rule.name === name);
  }

  /** Whether a fault strikes here and now. */
  draw(name: FaultName, scene: FaultScene = {}): Strike | undefined {
    for (const each of this.#switched) {
      const { rule } = each;
      if (rule.name !== name || !agrees(rule.only, scene) || each.strikes >= (rule.times ?? Number.POSITIVE_INFINITY)) continue;
      each.occasions += 1;
      if (each.occasions <= (rule.after ?? 0)) continue;
      const random = this.random(name);
      if (rule.chance !== undefined && random.next() >= rule.chance) continue;
      each.strikes += 1;
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
      const from = rule.delayUs ?? DEFAULT_DELAY_US;
      const delayUs = rule.delayUpToUs === undefined ? from : from + random.below(Math.max(1, rule.delayUpToUs - from));
      return { rule, delayUs, value: rule.value };
    }
    return undefined;
  }

  random(name: FaultName): RandomStream {
    return this.#streams.stream(`fault ${name}`);
  }
}

const BY_BEGINNING = new Set<keyof FaultScene>(["clientId", "path", "stream"]);

function agrees(only: FaultScene | undefined, scene: FaultScene): boolean {
  if (only === undefined) return true;
  for (const [name, wanted] of Object.entries(only) as [keyof FaultScene, string][]) {
    const found = scene[name];
    if (found === undefined || (BY_BEGINNING.has(name) ? !found.startsWith(wanted) : found !== wanted)) return false;
  }
  return true;
}
