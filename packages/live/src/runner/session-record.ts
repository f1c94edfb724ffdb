import type { RiskLimits } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import type { DatabaseConfig } from "../config/live-config.ts";
import { isTable } from "../config/read-value.ts";
import { refuseConfig } from "../config/refuse-config.ts";
import type { LiveInstrument } from "../session/live-instrument.ts";
import { sessionFlaw } from "./session-flaw.ts";

/** A series of the strategy as the session feeds it, in the order of the strategy's inputs. */
export interface SessionSeries {
  readonly name: string;
  readonly instrumentIndex: number;
  readonly symbol: string;
  readonly intervalUs: number;
  /** True when it is built from the shorter bars of the same symbol. */
  readonly isBuilt: boolean;
  readonly volumeKnown: boolean;
  /** Bars held in memory; at least half of them can be looked back on. */
  readonly capacity: number;
}

export interface SessionStrategy {
  readonly name: string;
  /** Absolute path; `null` for one that was not read from a file. */
  readonly path: string | null;
  readonly codeDigest: string | null;
  readonly modules: readonly { readonly name: string; readonly digest: string }[];
  readonly params: Readonly<Record<string, unknown>>;
}

/** Where the bars of a session came from. */
export type SessionSource =
  | {
      readonly kind: "dataset";
      /** What loads each input again, as the one who started the session wrote it. */
      readonly inputs: Readonly<Record<string, unknown>>;
      readonly digest: string;
    }
  | {
      readonly kind: "venue";
      readonly venue: string;
      readonly adapter: string;
      readonly sandbox: boolean;
      readonly account: string | null;
    };

/** Where the journal of a session is, when it is not in a folder beside its record. */
export interface SessionJournal {
  readonly kind: "postgres";
  /** Its names in the database. */
  readonly account: string;
  readonly session: string;
  /** How it is reached; without the password. */
  readonly database: DatabaseConfig;
}

/** What a session is: all that is needed, besides its journal, to run it again bit for bit. Kept as `session.json` in its folder. */
export interface SessionRecord {
  readonly schema: 1;
  readonly mode: "paper" | "live";
  readonly name: string;
  readonly startedUs: number;
  readonly engineVersion: string;
  readonly strategy: SessionStrategy;
  readonly instruments: readonly LiveInstrument[];
  readonly series: readonly SessionSeries[];
  /** Orders may be sent from here on; bars before it warm up. `null` for all. */
  readonly tradeFromUs: number | null;
  readonly capital: number;
  readonly risk: RiskLimits;
  /** What the simulated venue charges, and what sizes are worsened by. */
  readonly costs: { readonly fee: number; readonly slippage: number };
  /** Options of a run in the form of whoever started it; `null` for those that follow from the lines above. */
  readonly options: object | null;
  readonly source: SessionSource;
  /** Folder of the kill latch, from the session's folder. Sessions of one account share it. */
  readonly latch: string;
  /** Absent for a journal in files. */
  readonly journal?: SessionJournal;
  /** What was on the account when the session began and is none of its business, by asset, as exact decimals. */
  readonly unmanaged: Readonly<Record<string, string>>;
}

const NAME = "session.json";

export async function writeSessionRecord(env: Env, folder: string, record: SessionRecord): Promise<void> {
  await env.files.replace(`${folder}/${NAME}`, new TextEncoder().encode(`${JSON.stringify(record, undefined, 2)}\n`));
}

/** The record of a session folder; `undefined` when there is none. Throws `TP_LIVE_SESSION` when it cannot be understood. */
export async function findSessionRecord(env: Env, folder: string): Promise<SessionRecord | undefined> {
  if (!(await env.files.list(folder)).includes(NAME)) return undefined;
  const text = new TextDecoder().decode(await env.files.read(`${folder}/${NAME}`));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuseSession(folder, `its ${NAME} is not JSON`, error);
  }
  const schema = isTable(value) ? value["schema"] : undefined;
  if (schema !== 1) return refuseSession(folder, `its ${NAME} has schema ${JSON.stringify(schema) ?? "none"}, allowed is 1`);
  const flaw = sessionFlaw(value);
  if (flaw !== undefined) return refuseSession(folder, `in its ${NAME} ${flaw}`);
  return value as SessionRecord;
}

/** The record of a session folder. Throws `TP_LIVE_SESSION` when it is none. */
export async function readSessionRecord(env: Env, folder: string): Promise<SessionRecord> {
  return (await findSessionRecord(env, folder)) ?? refuseSession(folder, `it holds no ${NAME}`);
}

function refuseSession(folder: string, why: string, cause?: unknown): never {
  return refuseConfig(
    "TP_LIVE_SESSION",
    `Cannot read session "${folder}": ${why}`,
    [],
    "name the folder of a paper or live session",
    cause,
  );
}

/** Absolute folder of the latch of a session. */
export function latchFolder(sessionFolder: string, record: SessionRecord): string {
  return record.latch.startsWith("../")
    ? `${sessionFolder.slice(0, sessionFolder.lastIndexOf("/"))}/${record.latch.slice(3)}`
    : `${sessionFolder}/${record.latch}`;
}

export function journalFolder(sessionFolder: string): string {
  return `${sessionFolder}/journal`;
}
