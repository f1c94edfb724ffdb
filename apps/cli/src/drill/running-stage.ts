import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import {
  accountFolder,
  adapterFor,
  CredentialSource,
  checkMoney,
  decodeHeartbeat,
  HEARTBEAT_NAME,
  type IntentRecord,
  journalFolder,
  type LiveConfig,
  readConfig,
  readJournal,
  type VenueConfig,
  watchedSymbols,
} from "@tradepulse/live";
import { realEnv } from "@tradepulse/platform";
import { refuseUsage } from "../usage-error.ts";
import type { DrillStage } from "./drill-stage.ts";
import { localTruth, placedAfter } from "./local-venue-control.ts";

export interface RunningStageOptions {
  readonly configPath: string;
  readonly venue: string | undefined;
  /** The account whose real money may be halted. */
  readonly live: string | undefined;
  readonly flags: Readonly<Record<string, string>>;
}

/** A session of a configuration that runs somewhere on this machine, looked at with the keys of its sentinel. */
export interface RunningStage extends DrillStage {
  readonly config: { readonly path: string; readonly sha256: string };
  readonly stateFolder: string;
  readonly isRealMoney: boolean;
}

/** Finds the running session of a configuration. Refuses real money that was not asked for by its account. */
export async function runningStage({ configPath, venue: named, live, flags }: RunningStageOptions): Promise<RunningStage> {
  const env = realEnv();
  const path = resolve(configPath);
  const config = await readConfig(env, path, { variables: process.env, flags });
  const venue = venueOf(config, named);
  checkMoney(venue, live);
  const stateFolder = resolve(config.loop.stateDir);
  const account = accountFolder(stateFolder, venue);
  const session = await sessionOf(account);
  const client = await looker(config, venue);
  const { rest_url: restUrl } = venue.options;
  return {
    env,
    session,
    account,
    stateFolder,
    name: session.slice(stateFolder.length + 1),
    beatUs: config.loop.heartbeatIntervalUs,
    timeoutUs: config.sentinel?.heartbeatTimeoutUs,
    config: {
      path: configPath,
      sha256: createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    },
    isRealMoney: !venue.sandbox,
    working: client,
    lookMs: 500,
    sentAfter: async (wallUs) => {
      const truth = typeof restUrl === "string" && isLocal(restUrl) ? await localTruth(restUrl) : undefined;
      if (truth === undefined && !existsSync(journalFolder(session))) return undefined;
      return truth === undefined ? await intentsAfter(session, wallUs, config.loop.orderDeadlineUs) : placedAfter(truth, wallUs);
    },
    signal: (name) => process.kill(traderPid(account), name),
  };
}

function venueOf(config: LiveConfig, name: string | undefined): VenueConfig {
  const wanted = name ?? config.strategies[0]?.venue ?? config.venues[0]?.name;
  const venue = config.venues.find((each) => each.name === wanted);
  if (venue !== undefined) return venue;
  return refuseUsage(
    "TP_CLI_OPTION_VALUE",
    `Cannot drill venue "${wanted ?? ""}": the configuration has no such venue`,
    "name one of the file with --venue",
  );
}

/** The session of the account that led last. */
async function sessionOf(account: string): Promise<string> {
  const env = realEnv();
  let found: { readonly folder: string; readonly epoch: number } | undefined;
  for (const name of await env.files.list(account)) {
    const folder = `${account}/${name}`;
    const beat = decodeHeartbeat(await env.files.read(`${folder}/${HEARTBEAT_NAME}`).catch(() => new Uint8Array()));
    // The sentinel beats too, and leads nothing.
    if (beat !== undefined && beat.epoch > (found?.epoch ?? 0)) found = { folder, epoch: beat.epoch };
  }
  if (found !== undefined) return found.folder;
  return refuseUsage(
    "TP_CLI_SESSION",
    `Cannot drill "${account}": no session of it has ever run`,
    "start it with live --config and arm it, or leave --config out for a drill at the local venue",
  );
}

/** Reads how many orders work, by a connection of its own and with keys that can at most cancel, where there are such. */
async function looker(config: LiveConfig, venue: VenueConfig): Promise<() => Promise<number>> {
  const env = realEnv();
  const credentials = config.sentinel?.credentials ?? venue.credentials;
  if (credentials === undefined) {
    return refuseUsage(
      "TP_CLI_OPTION_VALUE",
      "Cannot drill: the configuration names no keys to look at the venue with",
      "add [sentinel.credentials]",
    );
  }
  const symbols =
    config.sentinel === undefined ? watchedSymbols(config, venue, { instruments: [] }) : watchedSymbols(config, venue, config.sentinel);
  const source = new CredentialSource({
    env,
    venue: venue.name,
    config: credentials,
    backends: {},
    variables: process.env,
    onAlarm: () => undefined,
  });
  const connection = adapterFor(venue).connect({
    env,
    config: venue,
    symbols,
    credentials: source,
    stateFolder: resolve(config.loop.stateDir),
  });
  await connection.prepare();
  await connection.execution.measureClock();
  return async () => {
    let working = 0;
    for (const symbol of symbols) {
      const read = await connection.execution.openOrders(symbol);
      if (read.kind === "unavailable") {
        await connection.execution.measureClock();
        await env.sleep(read.retryAfterUs);
        return Number.NaN;
      }
      working += read.value.length;
    }
    return working;
  };
}

/** By the journal: intents that were written after an instant and not held back. */
async function intentsAfter(session: string, wallUs: number, orderLifeUs: number): Promise<number[]> {
  const sent = new Map<number, number>();
  for await (const { kind, payload } of readJournal(realEnv().files, journalFolder(session))) {
    if (kind === "intent") {
      const { orderId, deadlineUs } = payload as unknown as IntentRecord;
      if (deadlineUs - orderLifeUs > wallUs) sent.set(orderId, deadlineUs - orderLifeUs);
    } else if (kind === "not-sent") sent.delete((payload as unknown as { readonly orderId: number }).orderId);
  }
  return [...sent.values()];
}

function isLocal(url: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url);
}

/** The process that leads the account, by its lock. */
function traderPid(account: string): number {
  const path = `${account}/leader/leader.lock`;
  try {
    const { pid, host } = JSON.parse(readFileSync(path, "utf8")) as { readonly pid: number; readonly host: string };
    if (host === hostname() && Number.isSafeInteger(pid) && pid > 1) return pid;
  } catch {
    // Told below.
  }
  return refuseUsage(
    "TP_CLI_SESSION",
    `Cannot stop the trader of "${account}": its lock names no process of this machine`,
    "drill the sentinel on the machine of the trader",
  );
}
