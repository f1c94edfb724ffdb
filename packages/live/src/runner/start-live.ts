import type { Env } from "@tradepulse/platform";
import { refuseConfig } from "../config/refuse-config.ts";
import { recordedOptions } from "./build-engine.ts";
import { freshRecord } from "./fresh-record.ts";
import { LiveRun } from "./live-run.ts";
import type { LiveRunnerOptions } from "./live-trading-runner.ts";
import { readBaseline, readOpeningMoney } from "./opening-reads.ts";
import { findSessionRecord, writeSessionRecord } from "./session-record.ts";
import { fileSessionStore, lastEpoch, type SessionStore } from "./session-store.ts";
import { accountFolder, checkSame, type SessionAbout } from "./session-terms.ts";
import type { SessionVoice } from "./session-voice.ts";

export interface StartLiveParts {
  readonly env: Env;
  /** Absolute folder of the state of all accounts. */
  readonly stateFolder: string;
  readonly options: LiveRunnerOptions;
  readonly about: SessionAbout;
  readonly voice: SessionVoice;
  /** Told before the run starts, so that it can be stopped meanwhile. */
  onRun(run: LiveRun): void;
}

/** Takes the leadership of the account, finds or begins the session, and starts its run. Gives the folder of the session with the run. */
export async function startLive(parts: StartLiveParts): Promise<{ readonly folder: string; readonly run: LiveRun }> {
  const { env, about } = parts;
  const { venue, strategy, strategyConfig } = about;
  const account = accountFolder(parts.stateFolder, venue);
  const name = strategyConfig.name ?? strategy.name;
  const folder = `${account}/${name}`;
  const store = fileSessionStore(env, account, folder);
  try {
    const run = await lead(parts, store, folder, name);
    void run.done.then(() => store.close());
    return { folder, run };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function lead(parts: StartLiveParts, store: SessionStore, folder: string, name: string): Promise<LiveRun> {
  const { env, options, about } = parts;
  const { config, strategy, loaded, connection } = about;
  const taken = await store.takeLeadership({
    orderLifeUs: config.loop.orderDeadlineUs + connection.execution.horizonUs,
    usedEpoch: await lastEpoch(store),
    onLost: (epoch) => void parts.voice.alarm(`another process leads this account now, in epoch ${epoch}`),
  });
  if (!taken.ok) return refuseConfig(taken.failure.code, taken.failure.message, taken.failure.details, taken.failure.next);
  const leadership = taken.value;
  // Two processes must not write into the same file, so not before this one leads.
  parts.voice.openLog(folder);
  try {
    const known = await findSessionRecord(env, folder);
    const readUpTo = known === undefined ? await readBaseline(env, about) : undefined;
    const record = known === undefined ? await begin(env, options, about, folder, name) : checkSame(known, about, folder);
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

async function begin(env: Env, options: LiveRunnerOptions, about: SessionAbout, folder: string, name: string) {
  const money = await readOpeningMoney(env, about);
  const { engineVersion = "" } = options;
  const record = freshRecord(about, { name, mode: "live", startedUs: env.wallUs(), engineVersion, money });
  await env.files.makeFolder(folder);
  await writeSessionRecord(env, folder, record);
  return record;
}
