import type { Env, Timer } from "@tradepulse/platform";
import { type KillLatch, openKillLatch } from "../latch/kill-latch.ts";
import { isUnknown, type LatchState, NEVER_ARMED } from "../latch/latch-files.ts";
import { AccountPulses, type Death } from "./account-pulses.ts";
import type { CancelClient, SentinelAction } from "./cancel-client.ts";
import { Heart } from "./heart.ts";
import { Probe } from "./probe.ts";
import { type SentinelNews, SentinelVoice } from "./sentinel-voice.ts";
import { sentinelFolder } from "./sentinel-watch.ts";
import { Sweep } from "./sweep.ts";

export interface SentinelSettings {
  /** Silence of a trader beyond which it counts as dead. */
  readonly heartbeatTimeoutUs: number;
  readonly action: SentinelAction;
  /** What an order that works under a tripped latch calls for while its trader lives. */
  readonly onHalt: "act" | "alarm";
  /** Time that a living trader has to end its own orders after the latch was tripped. */
  readonly haltedGraceUs: number;
  /** Between two signs of life of the sentinel itself. */
  readonly beatUs: number;
  /** From the intent of an order to the last instant at which the venue may let it in, without the venue's own horizon. */
  readonly orderDeadlineUs: number;
}

export interface SentinelParts {
  readonly env: Env;
  /** Folder of the account: latch, leader and sessions lie in it. Absolute. */
  readonly folder: string;
  readonly client: CancelClient;
  readonly prepare: () => Promise<void>;
  /** The venue's own words for the instruments of the account. */
  readonly symbols: readonly string[];
  readonly settings: SentinelSettings;
  readonly onNews?: (news: SentinelNews) => void;
  /** Takes secrets out of a text: what a venue says may quote what it was sent. */
  readonly clean?: (text: string) => string;
}

/** What a sentinel is up to. */
export interface SentinelStatus {
  readonly state: "waiting" | "watching" | "acting" | "holding";
  readonly latch: LatchState;
  /** Session that led last; `undefined` before the first. */
  readonly session: string | undefined;
  /** Watched without a sign of life of it. */
  readonly silentUs: number;
  readonly isAble: boolean;
  readonly cause: string | undefined;
}

const TICK_US = 250_000;
const DISCOVER_US = 1_000_000;
/** A latch that cannot be read for so long is no hiccup. */
const UNREADABLE_US = 3_000_000;
/** A trader obeys a trip at its next look, or once its last look is worth nothing. */
const LATCH_STALE_US = 1_000_000;
const AGAIN_US = 10_000_000;
const LONGEST_AGAIN_US = 60_000_000;

/**
 * Watches the traders of an account from a process of its own. When one of them is dead or has failed, when the latch cannot be read, or when orders work
 * under a tripped latch, it latches the halt on the disk, cancels what works at the venue until nothing does, writes down what it saw and did, and
 * calls for a person. It never sends an order and never arms.
 */
export class Sentinel {
  private readonly parts: SentinelParts;
  private readonly folder: string;
  private readonly voice: SentinelVoice;
  private readonly heart: Heart;
  private readonly pulses: AccountPulses;
  private readonly probe: Probe;
  private readonly over = new AbortController();
  private latch: KillLatch | undefined;
  private timer: Timer | undefined;
  private lastTickUs = 0;
  private discoverUs = 0;
  /** Watched time in which the latch stood as it does. */
  private unreadableUs = 0;
  private haltedUs = 0;
  private wasTouched = false;
  private isTripping = false;
  private sweeping: Promise<void> | undefined;
  private sweepAtUs = 0;
  private againUs = AGAIN_US;
  private sweptCause: string | undefined;
  private isStopped = false;

  constructor(parts: SentinelParts) {
    this.parts = parts;
    const { env, folder, settings, onNews, clean } = parts;
    this.folder = sentinelFolder(folder);
    this.voice = new SentinelVoice({ env, folder: this.folder, onNews, clean });
    this.pulses = new AccountPulses({ env, folder, tickUs: TICK_US, timeoutUs: settings.heartbeatTimeoutUs });
    this.probe = new Probe({
      env,
      client: parts.client,
      prepare: parts.prepare,
      symbols: parts.symbols,
      onChange: (isAble, why) => {
        if (isAble) this.voice.note("able", {});
        else this.voice.alarm("unable", `the sentinel could not cancel if it had to: ${why}`);
        if (isAble) this.voice.forget("unable");
        void this.heart.beat();
      },
    });
    this.heart = new Heart({
      env,
      folder: this.folder,
      intervalUs: settings.beatUs,
      tell: () => ({
        phase: this.isStopped ? "stopped" : "running",
        why: this.probe.why,
        epoch: 0,
        state: this.latch?.state ?? "halted",
        isReady: this.probe.isAble,
        openOrders: 0,
      }),
      onAlarm: (text) => this.voice.alarm("heart", text),
    });
  }

  async start(): Promise<void> {
    const { env, folder, settings, symbols } = this.parts;
    await env.files.makeFolder(this.folder);
    this.voice.note("start", { symbols, ...settings });
    this.latch = await openKillLatch({
      env,
      folder: `${folder}/latch`,
      onChange: (now) => {
        this.voice.note("latch", { ...now });
        this.voice.tell("note", `trading is ${now.state}: ${now.reason} (${now.by})`);
      },
      onAlarm: ({ message }) => this.voice.alarm("latch write", message),
    });
    await this.pulses.discover();
    this.heart.start();
    this.probe.start();
    this.lastTickUs = env.monoUs();
    this.discoverUs = this.lastTickUs;
    this.tick();
  }

  /** Ends in order; what it is in the middle of ends where it stands. The latch stays as it is. */
  async stop(): Promise<void> {
    if (this.isStopped) return;
    this.isStopped = true;
    this.timer?.cancel();
    this.probe.stop();
    this.over.abort(new Error("the sentinel stops"));
    const { sweeping } = this;
    await sweeping;
    this.voice.note("stop", { wasActing: sweeping !== undefined });
    await this.heart.end();
    this.latch?.stop();
    await this.voice.close();
  }

  get status(): SentinelStatus {
    const { leading } = this.pulses;
    const cause = this.cause()?.text;
    return {
      state: this.sweeping !== undefined ? "acting" : cause !== undefined ? "holding" : this.pulses.isAlive ? "watching" : "waiting",
      latch: this.latch!.current,
      session: leading?.name,
      silentUs: leading?.pulse.silentUs ?? 0,
      isAble: this.probe.isAble,
      cause,
    };
  }

  private tick(): void {
    if (this.isStopped) return;
    const { env } = this.parts;
    const nowUs = env.monoUs();
    // Time in which this process stood still is not held against anybody.
    this.watchLatch(Math.min(nowUs - this.lastTickUs, 2 * TICK_US));
    this.lastTickUs = nowUs;
    this.pulses.tick();
    this.voice.flush();
    this.judge(nowUs);
    const isDue = nowUs >= this.discoverUs;
    if (isDue) this.discoverUs = nowUs + DISCOVER_US;
    if (isDue) void this.pulses.discover();
    this.timer = env.timer(TICK_US, () => this.tick());
  }

  private watchLatch(watchedUs: number): void {
    const { current } = this.latch!;
    const isUnread = isUnknown(current) && current.reason !== NEVER_ARMED;
    const isGone = this.wasTouched && current.reason === NEVER_ARMED;
    if (!isUnknown(current)) this.wasTouched = true;
    this.unreadableUs = isUnread || isGone ? this.unreadableUs + watchedUs : 0;
    this.haltedUs = current.state === "halted" && !isUnknown(current) ? this.haltedUs + watchedUs : 0;
  }

  /** Why trading must be halted now, whoever thinks otherwise. */
  private cause(): Death | undefined {
    const { current } = this.latch!;
    if (this.unreadableUs > UNREADABLE_US) return { key: "latch", text: `the kill latch cannot be read: ${current.reason}` };
    const death = this.pulses.death();
    // Nothing was ever armed, and no session has ever led: there is nothing to halt.
    return death?.key.startsWith("missing") === true && current.state === "halted" ? undefined : death;
  }

  private judge(nowUs: number): void {
    const { settings } = this.parts;
    const cause = this.cause();
    for (const key of this.voice.lasting("cause ")) if (key !== `cause ${cause?.key}`) this.passed(key);
    if (cause !== undefined) this.voice.alarm(`cause ${cause.key}`, cause.text);
    if (cause !== undefined && this.latch!.current.state !== "halted") void this.trip(cause);
    const isOverdue = cause === undefined && this.haltedUs > settings.haltedGraceUs;
    if (cause === undefined && !isOverdue) this.sweptCause = undefined;
    if ((cause === undefined && !isOverdue) || this.isTripping || this.sweeping !== undefined) return;
    const key = cause?.key ?? "halted";
    if (key !== this.sweptCause) {
      this.sweptCause = key;
      this.againUs = AGAIN_US;
    } else if (nowUs < this.sweepAtUs) return;
    else this.againUs = Math.min(LONGEST_AGAIN_US, 2 * this.againUs);
    this.sweeping = this.sweep(cause, this.againUs === AGAIN_US).finally(() => {
      this.sweeping = undefined;
      this.sweepAtUs = this.parts.env.monoUs() + this.againUs;
    });
  }

  /** On the disk before anything else. A disk that does not take it is tried again at every look, and does not keep orders at the venue. */
  private async trip(cause: Death): Promise<void> {
    if (this.isTripping) return;
    this.isTripping = true;
    const startedUs = this.parts.env.monoUs();
    try {
      await this.latch!.trip("halted", cause.text, "sentinel");
      this.voice.note("latched", { reason: cause.text, tookUs: this.parts.env.monoUs() - startedUs });
    } catch (error) {
      this.voice.note("not-latched", { reason: cause.text, why: String(error) });
    } finally {
      this.isTripping = false;
    }
    this.judge(this.parts.env.monoUs());
  }

  private async sweep(cause: Death | undefined, isNew: boolean): Promise<void> {
    const { env, client, prepare, symbols, settings } = this.parts;
    const why = cause?.text ?? `trading is halted (${this.latch!.current.reason})`;
    if (isNew) this.voice.note("act", { why, action: settings.action });
    const isOnlyTold = settings.action === "halt" || (cause === undefined && settings.onHalt === "alarm");
    if (isOnlyTold) return await this.tellWorking(why);
    const latchedUs = env.monoUs() - (cause === undefined ? this.haltedUs : 0);
    const result = await new Sweep({
      env,
      client,
      prepare,
      symbols: () => symbols,
      action: settings.action,
      orderReachUs: LATCH_STALE_US + settings.orderDeadlineUs + client.horizonUs,
      note: (kind, about) => this.voice.note(kind, about),
      alarm: (text) => this.voice.alarm(`sweep ${text.replaceAll(/\d+/g, "")}`, text),
      signal: this.over.signal,
    }).run(isNew ? latchedUs : Number.NEGATIVE_INFINITY, isNew && cause !== undefined);
    for (const key of this.voice.lasting("sweep ")) this.voice.forget(key);
    if (!isNew && result.isClean && result.seen === 0) return;
    this.voice.note("swept", { ...result, why });
    // A halt under which nothing works is as it should be.
    if (cause === undefined && result.isClean && result.seen === 0) return;
    const kept = result.kept === 0 ? "" : `, ${result.kept} stops that sell were left`;
    this.voice.tell(
      "alarm",
      result.isClean
        ? `no order works at the venue any more: ${result.seen} or more were canceled${kept}; positions stay, a person must look at them`
        : `the sentinel stopped in the middle: ${result.seen} orders were seen at work, look at the venue`,
    );
  }

  /** Orders that work and are not to be canceled by a sentinel: a person is called. */
  private async tellWorking(why: string): Promise<void> {
    const { client, prepare, symbols } = this.parts;
    await prepare().catch(() => undefined);
    let working = 0;
    for (const symbol of symbols) {
      const read = await client.openOrders(symbol);
      if (read.kind === "unavailable") return this.voice.alarm("unread", `the orders of ${symbol} cannot be read: ${read.why}`);
      working += read.value.length;
    }
    this.voice.forget("unread");
    if (working === 0) this.voice.forget("working");
    else this.voice.alarm("working", `${working} orders work at the venue while ${why}: cancel them by hand, or with kill --cancel-all`);
  }

  private passed(key: string): void {
    this.voice.forget(key);
    this.voice.note("passed", { what: key });
    const what = key === "cause latch" ? "the latch can be read again" : "the trader gives signs of life again";
    this.voice.tell("note", `${what}; trading stays halted until a person arms it`);
  }
}
