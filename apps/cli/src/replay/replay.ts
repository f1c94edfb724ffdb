import type { BoundStrategy } from "@tradepulse/core";
import { readSessionRecord, replaySession, type SessionRecord, type SessionReplay } from "@tradepulse/live";
import { realEnv, realSurroundings } from "@tradepulse/platform";
import { loadStrategy } from "@tradepulse/research";
import { ExitCode } from "../exit-codes.ts";
import { findSession } from "../sessions/find-session.ts";
import { sessionOptions } from "../sessions/session-options.ts";
import { counted } from "../terminal/number-text.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { refuseUsage } from "../usage-error.ts";

/** A session replayed with the strategy as it is now. */
export interface ReplayedSession {
  readonly folder: string;
  readonly record: SessionRecord;
  readonly strategy: BoundStrategy;
  /** Of the code as it is now. */
  readonly codeDigest: string;
  readonly replayed: SessionReplay;
}

/** Replays the session that a word means. */
export async function replayed(word: string, sessions: string | undefined): Promise<ReplayedSession> {
  const folder = await findSession(word, { root: sessions });
  const env = realEnv();
  const record = await readSessionRecord(env, folder);
  const { path } = record.strategy;
  if (path === null) {
    return refuseUsage(
      "TP_CLI_SESSION",
      `Cannot replay session "${record.name}": its strategy was not read from a file, needed is a strategy file`,
      "run it with a strategy file",
    );
  }
  const loaded = await loadStrategy(path);
  const strategy = loaded.strategy(record.strategy.params);
  return {
    folder,
    record,
    strategy,
    codeDigest: loaded.codeDigest,
    replayed: await replaySession(env, folder, record, strategy, sessionOptions, realSurroundings().variables),
  };
}

/** True when the engine decided as it did then: every command, and the run hash where the session recorded one. */
export function isBitIdentical({ replayed: result }: ReplayedSession): boolean {
  return (
    result.divergences.length === 0 &&
    result.otherEvent === undefined &&
    result.snapshots.every(({ isSame }) => isSame) &&
    (result.recordedHash === undefined || result.recordedHash === result.runHash)
  );
}

/** `tradepulse replay`: exit code 5 when it is not bit-identical. */
export async function replay(word: string, options: { readonly sessions?: string; readonly json?: boolean }): Promise<void> {
  const session = await replayed(word, options.sessions);
  const isSame = isBitIdentical(session);
  if (!isSame) process.exitCode = ExitCode.mismatch;
  if (options.json === true) sayJson(replayDocument(session, isSame));
  else for (const line of replayLines(session, isSame, outputWidth())) say(line);
}

function replayDocument(session: ReplayedSession, isSame: boolean): { readonly schema: 1 } & Record<string, unknown> {
  const { folder, record, codeDigest, replayed: result } = session;
  return {
    schema: 1,
    ok: isSame,
    command: "replay",
    session: record.name,
    folder,
    facts: result.facts,
    commands: result.commands,
    events: result.recorded.length,
    divergences: result.divergences,
    otherEvent: result.otherEvent ?? null,
    fromSeq: result.fromSeq,
    snapshots: result.snapshots,
    runHash: result.runHash,
    recordedHash: result.recordedHash ?? null,
    codeDigest,
    recordedCodeDigest: record.strategy.codeDigest,
  };
}

/** Nothing for a session that kept none. */
function snapshotRows(
  snapshots: ReplayedSession["replayed"]["snapshots"],
  row: (same: boolean, text: string) => string,
): readonly string[] {
  if (snapshots.length === 0) return [];
  const other = snapshots.find(({ isSame }) => !isSame);
  const text = `${counted(snapshots.length, "snapshot")} of the state that the replay comes to`;
  return [row(other === undefined, other === undefined ? text : `snapshots: the one at record ${other.seq} is another state`)];
}

function replayLines(session: ReplayedSession, isSame: boolean, width: number): string[] {
  const { folder, record, codeDigest, replayed: result } = session;
  const isCodeSame = record.strategy.codeDigest === codeDigest;
  const hash =
    result.recordedHash === undefined ? `${result.runHash}, and none was recorded: the session did not end by itself` : result.runHash;
  const row = (same: boolean, text: string): string =>
    hangingText(`  ${same ? paint("green", "same  ") : paint("yellow", "other ")}  `, text, width);
  const { divergences, otherEvent } = result;
  const isHashSame = result.recordedHash === undefined || result.recordedHash === result.runHash;
  const lines = [
    `${isSame ? paint("green", "bit-identical") : paint("red", "DIFFERS")}  ${shownPath(folder)}`,
    row(
      true,
      `${counted(result.facts, "fact")} of the journal${result.fromSeq === 0 ? "" : `, behind the snapshot at record ${result.fromSeq}`}`,
    ),
    row(
      divergences.length === 0,
      `${counted(result.commands, "command")}${divergences.length === 0 ? "" : `, ${counted(divergences.length, "difference")}`}`,
    ),
    row(
      otherEvent === undefined,
      otherEvent === undefined ? `${counted(result.recorded.length, "event")}, word for word` : `events, from event ${otherEvent.seq} on`,
    ),
    ...snapshotRows(result.snapshots, row),
    row(isHashSame, isHashSame ? `run hash ${hash}` : `run hash: was ${result.recordedHash}, is ${result.runHash}`),
    row(isCodeSame, isCodeSame ? `code digest ${codeDigest}` : `code digest: was ${record.strategy.codeDigest}, is ${codeDigest}`),
  ];
  const first = divergences[0] ?? otherEvent;
  if (first !== undefined) {
    const place = "factSeq" in first ? `after fact ${first.factSeq}` : `event ${first.seq}`;
    lines.push(
      "",
      hangingText("first  ", place, width),
      hangingText("  was  ", first.recorded, width),
      hangingText("  is   ", first.replayed, width),
    );
  }
  if (!isSame && !isCodeSame)
    lines.push("", hangingText("next  ", "the strategy has changed since; take the version of that time to replay it", width));
  return lines;
}
