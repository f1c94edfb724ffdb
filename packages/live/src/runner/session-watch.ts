import type { Engine } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import type { LiveConfig } from "../config/live-config.ts";
import type { Journal } from "../journal/journal.ts";
import type { LiveSession } from "../session/live-session.ts";
import { Guards } from "./guards.ts";
import { KillCounter, lossLatch } from "./kill-thresholds.ts";
import { OperatorInbox } from "./operator-inbox.ts";
import type { SessionExecution } from "./session-execution.ts";
import type { SessionVoice } from "./session-voice.ts";

export interface SessionWatchParts {
  readonly env: Env;
  readonly config: LiveConfig;
  /** Of the session: where an operator leaves words. */
  readonly folder: string;
  readonly engine: Engine;
  readonly session: LiveSession;
  readonly execution: SessionExecution;
  readonly journal: Journal;
  readonly voice: SessionVoice;
  feedSilentUs(): number;
  trip(reason: string, by: string, state?: "reduce-only" | "halted"): void;
  onAlarm(text: string): void;
}

/** Who may stop a running session from outside its strategy: the guards, and a person's word. */
export class SessionWatch {
  private readonly guards: Guards;
  private readonly inbox: OperatorInbox;

  constructor(parts: SessionWatchParts) {
    const { env, config, engine, session, execution, voice } = parts;
    const kills = new KillCounter(engine, config.kill);
    this.guards = new Guards({
      env,
      config: config.guards,
      client: execution,
      journal: parts.journal,
      marketSilentUs: () => parts.feedSilentUs(),
      privateSilentUs: () => execution.silentUs,
      refusals: () => kills.look(),
      drawdown: () => lossLatch(engine),
      trip: (reason, by, state) => parts.trip(reason, by, state),
      onAlarm: (text) => parts.onAlarm(text),
    });
    this.inbox = new OperatorInbox(env, parts.folder, {
      onWord: (action, reason) => session.operate(action, reason),
      onBadWord: (flaw, why) => {
        voice.bad("operator", flaw, why);
        parts.onAlarm(why);
      },
    });
    this.guards.start();
    this.inbox.watch();
  }

  get isClockGood(): boolean {
    return this.guards.isClockGood;
  }

  stop(): void {
    this.guards.stop();
    this.inbox.stop();
  }
}
