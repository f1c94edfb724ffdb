import type { Env } from "@tradepulse/platform";
import { refuseConfig } from "../config/refuse-config.ts";
import { recordedOptions } from "./build-engine.ts";
import { freshRecord } from "./fresh-record.ts";
import { LiveRun } from "./live-run.ts";
import type { LiveRunnerOptions } from "./live-trading-runner.ts";
import { openSessionStore } from "./open-session-store.ts";
import { readBaseline, readOpeningMoney } from "./opening-reads.ts";
import type { SessionJournal, SessionRecord } from "./session-record.ts";
import type { SessionStore } from "./session-store.ts";
import { accountFolder, checkSame, type SessionAbout } from "./session-terms.ts";
import type { SessionVoice } from "./session-voice.ts";

export interface StartLiveParts {
  readonly env: Env;
  /** Absolute folder of the state of all accounts. */
  readonly stateFolder: string;
  readonly options: LiveRunnerOptions;
  readonly about: SessionAbout;
  readonly voice: SessionVoice;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Makes a path of the configuration absolute. */
  absolute(path: string): string;
  /** Told before the run starts, so that it can be stopped meanwhile. */
  onRun(run: LiveRun): void;
}

type BeginParts = Pick<StartLiveParts, "env" | "options" | "about">;

/** Takes the leadership of the account, finds or begins the session, and starts its run. Gives the folder of the session with the run. */
export async function startLive(parts: StartLiveParts): Promise<{ readonly folder: string; readonly run: LiveRun }> {
  const { env, about } = parts;
  const { venue, strategy, strategyConfig } = about;
  const account = accountFolder(parts.stateFolder, venue);
  const name = strategyConfig.name ?? strategy.name;
  const folder = `${account}/${name}`;
  const { store, journal } = await openSessionStore({
    env,
    config: about.config.journal,
    accountFolder: account,
    folder,
    session: name,
    variables: parts.variables,
    backends: parts.options.secretBackends ?? {},
    absolute: (path) => parts.absolute(path),
    onAlarm: (text) => void parts.voice.alarm(text),
    onSecrets: (secrets) => parts.voice.redactor.keep(secrets),
  });
  try {
    const run = await lead(parts, store, journal, folder, name);
    void run.done.then(() => store.close());
    return { folder, run };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function lead(
  parts: StartLiveParts,
  store: SessionStore,
  journal: SessionJournal | undefined,
  folder: string,
  name: string,
): Promise<LiveRun> {
  const { env, options, about } = parts;
  const { config, strategy, loaded, connection } = about;
  const taken = await store.takeLeadership({
    orderLifeUs: config.loop.orderDeadlineUs + connection.execution.horizonUs,
    usedEpoch: await store.lastEpoch(),
    onWait: (waitUs) => {
      const text = `the process before did not end in order: ${Math.ceil(waitUs / 1e6)} s until nothing that it sent can arrive any more`;
      parts.voice.say("info", "waits", text, { waitUs });
    },
    onLost: (epoch) => void parts.voice.alarm(`another process leads this account now, in epoch ${epoch}`),
  });
  if (!taken.ok) return refuseConfig(taken.failure.code, taken.failure.message, taken.failure.details, taken.failure.next);
  const leadership = taken.value;
  // Two processes must not write into the same file, so not before this one leads.
  parts.voice.openLog(folder);
  try {
    const known = await store.findRecord();
    const readUpTo = known === undefined ? await readBaseline(env, about) : undefined;
    const record = known === undefined ? await begin(parts, journal, name) : checkSame(known, about, folder);
    if (known === undefined) await store.writeRecord(record, leadership.epoch);
    const run = new LiveRun({
      env,
      config,
      folder,
      record,
      strategy,
      codeDigest: loaded.codeDigest,
      optionsOf: options.optionsOf ?? recordedOptions,
      connection,
      leadership,
      openJournal: store.openJournal,
      snapshots: store.snapshots,
      engineVersion: options.engineVersion ?? "",
      readUpTo,
      voice: parts.voice,
    });
    parts.onRun(run);
    await run.start();
    return run;
  } catch (error) {
    await leadership.release();
    throw error;
  }
}

async function begin({ env, options, about }: BeginParts, journal: SessionJournal | undefined, name: string): Promise<SessionRecord> {
  const money = await readOpeningMoney(env, about);
  return freshRecord(about, { name, mode: "live", startedUs: env.wallUs(), engineVersion: options.engineVersion ?? "", money, journal });
}
