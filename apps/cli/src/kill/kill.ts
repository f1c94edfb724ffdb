import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TradingState } from "@tradepulse/core";
import {
  decodeHeartbeat,
  HEARTBEAT_NAME,
  journalFolder,
  leaveWord,
  openKillLatch,
  readSessionRecord,
  sentinelFolder,
  waitingWords,
} from "@tradepulse/live";
import { type Env, realEnv } from "@tradepulse/platform";
import { findSession, writtenMs } from "../sessions/find-session.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { refuseUsage } from "../usage-error.ts";
import { haltedSession } from "./halted-session.ts";
import { operatorName } from "./operator-name.ts";

export interface KillOptions {
  readonly sessions?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly reduceOnly?: boolean;
  readonly cancelAll?: boolean;
  readonly flatten?: boolean;
  readonly arm?: boolean;
  readonly status?: boolean;
  readonly json?: boolean;
}

/** A session on paper that has written nothing for so long may have ended. */
const QUIET_MS = 120_000;
/** Signs of life that may be late before a process counts as silent. */
const SILENT_BEATS = 3;

/** `tradepulse kill`: halts a session, or arms it again. The latch is on the disk when this returns, whether the session's process lives or not. */
export async function kill(word: string, options: KillOptions): Promise<void> {
  checkTogether(options);
  const folder = await findSession(word, { root: options.sessions, isLiveFirst: true });
  const env = realEnv();
  const session = await haltedSession(env, folder);
  // Whoever lets trade must know what.
  if (options.arm === true && session.flaw !== undefined) await readSessionRecord(env, folder);
  const latch = await openKillLatch({ env, folder: session.latch });
  const by = options.by ?? operatorName();
  try {
    if (options.arm === true) await latch.arm("enabled", armReason(options), by);
    else if (options.status !== true) {
      const reason = options.reason ?? "operator";
      await latch.trip(options.reduceOnly === true ? "reduce-only" : "halted", reason, by);
      // Latched first: what follows needs the process, the latch does not.
      if (options.cancelAll === true || options.flatten === true) await leaveWord(env, folder, { action: "cancel-all", reason, by });
      if (options.flatten === true) await leaveWord(env, folder, { action: "flatten", reason, by });
    }
    const { state, reason, by: who, atUs } = latch.current;
    const notes = [
      ...(session.flaw === undefined ? [] : [session.flaw]),
      ...stricterNote(options, state),
      ...(await processNotes(folder, options)),
      ...(await waitingNote(env, folder, options)),
      ...(await endedNote(folder, session.mode)),
    ];
    if (options.json === true) {
      sayJson({
        schema: 1,
        ok: true,
        command: "kill",
        session: session.name,
        mode: session.mode,
        folder,
        state,
        reason,
        by: who,
        atUs,
        notes,
      });
      return;
    }
    say(`trading is ${paint(state === "enabled" ? "green" : "red", state)}  ${session.mode} session ${shownPath(folder)}`);
    say(paint("dim", hangingText("  ", `${reason} (${who})`, outputWidth())));
    for (const note of notes) say(hangingText(`  ${paint("yellow", "note")}  `, note, outputWidth()));
    if (state === "halted" && (await isWatched(env, folder)))
      say(paint("dim", "  a sentinel watches this account: orders that still work after its halted_grace are its business"));
  } finally {
    latch.stop();
  }
}

/** True when a sentinel of the account has not said that it ended. */
async function isWatched(env: Env, sessionFolder: string): Promise<boolean> {
  const account = sessionFolder.slice(0, sessionFolder.lastIndexOf("/"));
  const bytes = await env.files.read(`${sentinelFolder(account)}/${HEARTBEAT_NAME}`).catch(() => new Uint8Array());
  return decodeHeartbeat(bytes)?.phase === "running";
}

/** What was asked for is less strict than what stands, and only arming undoes that. */
function stricterNote(options: KillOptions, state: TradingState): string[] {
  const isAsked = options.status !== true && options.arm !== true;
  return isAsked && options.reduceOnly === true && state === "halted" ? ["it stays halted: only --arm lets anything more pass"] : [];
}

/** A word for the process is worth what the process is: silent ones must not be taken for working ones. */
async function processNotes(folder: string, options: KillOptions): Promise<string[]> {
  if (options.arm === true || options.status === true || (options.cancelAll !== true && options.flatten !== true)) return [];
  const bytes = await readFile(join(folder, HEARTBEAT_NAME)).catch(() => undefined);
  const beat = bytes === undefined ? undefined : decodeHeartbeat(bytes);
  if (beat === undefined) return [];
  const silentUs = Date.now() * 1_000 - beat.atUs;
  const isOver = beat.phase === "stopped" || beat.phase === "failed";
  if (!isOver && silentUs <= SILENT_BEATS * beat.intervalUs) return [];
  const wanted = options.flatten === true ? "orders are canceled and positions closed" : "orders are canceled";
  return [
    `no process of this session ${isOver ? "runs" : `has given a sign of life for ${Math.round(silentUs / 1e6)} s`}: ${wanted} when one starts, and until then only by hand at the venue`,
  ];
}

/** Words that no process has carried out yet: whoever lets trade again must know that positions will be closed first. */
async function waitingNote(env: Env, folder: string, options: KillOptions): Promise<string[]> {
  if (options.arm !== true && options.status !== true) return [];
  const words = await waitingWords(env, folder);
  if (words.length === 0) return [];
  return [
    `${words.join(", ")} still waits for a process of this session, and is carried out when one starts; to take it back, empty ${shownPath(join(folder, "operator"))}`,
  ];
}

/** A session on paper shows no signs of life but what it records. */
async function endedNote(folder: string, mode: "live" | "paper"): Promise<string[]> {
  if (mode === "live") return [];
  const silentMs = Date.now() - (await writtenMs(journalFolder(folder)));
  return silentMs < QUIET_MS
    ? []
    : [`this session on paper has written nothing for ${Math.round(silentMs / 60_000)} min: it may have ended`];
}

function checkTogether(options: KillOptions): void {
  const restricts = options.reduceOnly === true || options.cancelAll === true || options.flatten === true;
  if (options.arm === true && (restricts || options.status === true)) {
    refuseUsage(
      "TP_CLI_OPTION_TWICE",
      'Cannot run "tradepulse kill": --arm allows trading, and another option restricts it',
      "keep one of them",
    );
  }
}

function armReason(options: KillOptions): string {
  if (options.reason !== undefined && options.by !== undefined) return options.reason;
  return refuseUsage(
    "TP_CLI_OPTION_VALUE",
    `Cannot arm trading: ${options.reason === undefined ? "--reason" : "--by"} is missing, needed are who arms it and why`,
    'for example --arm --by ada --reason "positions checked"',
  );
}
