import type { Env } from "@tradepulse/platform";
import { Pulse } from "./pulse.ts";

/** Why the traders of an account count as dead. `key` is the same for as long as it is the same trouble. */
export interface Death {
  readonly key: string;
  readonly text: string;
}

export interface AccountPulsesOptions {
  readonly env: Env;
  /** Folder of the account. Absolute. */
  readonly folder: string;
  readonly tickUs: number;
  /** Silence beyond which a trader counts as dead. */
  readonly timeoutUs: number;
}

const SESSION = "session.json";
/** Folders of an account that hold no session. */
const NO_SESSIONS: readonly string[] = ["latch", "leader", "sentinel"];

/**
 * Feels the pulse of every session of an account. Only one of them can lead, and the one with the highest epoch did so last: those before it were
 * overtaken, and what they left at the venue was read by their successor.
 */
export class AccountPulses {
  private readonly options: AccountPulsesOptions;
  private readonly pulses = new Map<string, Pulse>();

  constructor(options: AccountPulsesOptions) {
    this.options = options;
  }

  /** Names of the sessions that are known. */
  get sessions(): readonly string[] {
    return [...this.pulses.keys()];
  }

  /** Looks which sessions there are; what cannot be looked at changes nothing. */
  async discover(): Promise<void> {
    const { env, folder, tickUs } = this.options;
    const names: readonly string[] = await env.files.list(folder).catch(() => []);
    for (const name of names) {
      if (NO_SESSIONS.includes(name) || this.pulses.has(name)) continue;
      const inside: readonly string[] = await env.files.list(`${folder}/${name}`).catch(() => []);
      if (inside.includes(SESSION)) this.pulses.set(name, new Pulse({ env, folder: `${folder}/${name}`, tickUs }));
    }
  }

  tick(): void {
    for (const pulse of this.pulses.values()) void pulse.tick();
  }

  /** The session that led last, by its last sign of life. */
  get leading(): { readonly name: string; readonly pulse: Pulse } | undefined {
    let found: { readonly name: string; readonly pulse: Pulse } | undefined;
    for (const [name, pulse] of this.pulses) {
      if (pulse.beat !== undefined && pulse.beat.epoch > (found?.pulse.beat?.epoch ?? -1)) found = { name, pulse };
    }
    return found;
  }

  /** True while a trader of the account is seen to live. */
  get isAlive(): boolean {
    return this.leading?.pulse.isAlive(this.options.timeoutUs) === true;
  }

  /** Why somebody must act; `undefined` while the trader lives, has ended in order, or was never there. */
  death(): Death | undefined {
    const { leading } = this;
    if (leading === undefined) return this.missing();
    const { name, pulse } = leading;
    const { phase, why, life } = pulse.beat!;
    if (phase === "failed") return { key: `failed ${life}`, text: `session "${name}" has failed: ${why}` };
    if (phase === "stopped" || pulse.silentUs <= this.options.timeoutUs) return undefined;
    const torn = pulse.isTorn ? ", and what it wrote last cannot be read" : "";
    return {
      key: `silent ${name}`,
      text: `session "${name}" gave no sign of life for ${this.seconds(pulse.silentUs)}, ${this.allowed()}${torn}`,
    };
  }

  /** Sessions without a single sign of life that could be read. */
  private missing(): Death | undefined {
    for (const [name, { silentUs }] of this.pulses) {
      if (silentUs > this.options.timeoutUs)
        return {
          key: `missing ${name}`,
          text: `session "${name}" has no readable sign of life since ${this.seconds(silentUs)}, ${this.allowed()}`,
        };
    }
    return undefined;
  }

  private allowed(): string {
    return `allowed are ${this.seconds(this.options.timeoutUs)}`;
  }

  private seconds(us: number): string {
    return `${(us / 1e6).toFixed(us < 10e6 ? 1 : 0)} s`;
  }
}
