import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatTimeUs } from "@tradepulse/core";
import { decodeHeartbeat, type Heartbeat, readCounters, readSessionRecord, type SessionRecord } from "@tradepulse/live";
import { type InputCount, realEnv } from "@tradepulse/platform";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { refuseUsage } from "../usage-error.ts";
import { findSession } from "./find-session.ts";

const LINES = 10;
const MOST_LINES = 10_000;

interface SeenSession {
  readonly folder: string;
  readonly record: SessionRecord;
  /** The last sign of life that is there; a paper session gives none. */
  readonly heartbeat: Heartbeat | undefined;
  readonly badInput: readonly InputCount[];
  /** The last lines of its log, the oldest first. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
}

/** `tradepulse runs session`: what a session is, whether it lives, what it could not use, and what it said last. */
export async function showSession(
  word: string,
  options: { readonly sessions?: string; readonly lines?: string; readonly json?: boolean },
): Promise<void> {
  const count = lineCount(options.lines);
  const folder = await findSession(word, { root: options.sessions });
  const env = realEnv();
  const record = await readSessionRecord(env, folder);
  const counters = await readCounters(env.files, folder);
  const beat = await readFile(join(folder, "heartbeat.json")).catch(() => undefined);
  const seen: SeenSession = {
    folder,
    record,
    heartbeat: beat === undefined ? undefined : decodeHeartbeat(new Uint8Array(beat)),
    badInput: counters?.badInput ?? [],
    log: await lastLines(join(folder, "log"), count),
  };
  if (options.json === true) {
    const { name, mode, startedUs, strategy, instruments } = record;
    const { heartbeat, badInput, log } = seen;
    const ids = instruments.map(({ instrument }) => instrument.id);
    const about = { session: name, mode, folder, startedUs, strategy: strategy.name, instruments: ids };
    sayJson({ schema: 1, ok: true, command: "runs session", ...about, heartbeat: heartbeat ?? null, badInput, log });
    return;
  }
  for (const line of sessionLines(seen, outputWidth())) say(line);
}

function lineCount(given: string | undefined): number {
  if (given === undefined) return LINES;
  const count = Number(given);
  if (Number.isInteger(count) && count >= 0 && count <= MOST_LINES) return count;
  return refuseUsage(
    "TP_CLI_OPTION_VALUE",
    `Cannot show ${JSON.stringify(given)} lines: allowed are whole numbers from 0 up to ${MOST_LINES}`,
    "for example --lines 50",
  );
}

function sessionLines({ folder, record, heartbeat, badInput, log }: SeenSession, width: number): string[] {
  const lines = [hangingText("", paint("bold", record.name), width)];
  const row = (label: string, text: string): void => {
    lines.push(hangingText(`  ${label.padEnd(9)}  `, text, width));
  };
  const { source } = record;
  const where =
    source.kind === "dataset"
      ? "recorded bars"
      : `${source.venue}${source.sandbox ? ", its test environment" : `, account "${source.account}"`}`;
  row("mode", `${record.mode} at ${where}`);
  row("strategy", `${record.strategy.name} on ${record.instruments.map(({ instrument }) => instrument.id).join(", ")}`);
  row("started", formatTimeUs(record.startedUs));
  if (heartbeat !== undefined) {
    const why = heartbeat.why === "" ? "" : `: ${heartbeat.why}`;
    const ready = heartbeat.isReady ? "ready" : "not ready";
    row(
      "last sign",
      `${formatTimeUs(heartbeat.atUs)}, ${heartbeat.phase}${why}, trading ${heartbeat.state}, ${ready}, ${heartbeat.openOrders} orders at work`,
    );
  }
  row("bad input", badInput.length === 0 ? "none" : badInput.map(({ source: from, kind, count }) => `${from} ${kind} ${count}`).join(", "));
  row("log", shownPath(join(folder, "log")));
  if (log.length > 0) lines.push("");
  for (const { time, level, text } of log) lines.push(hangingText(`  ${String(time)}  ${String(level).padEnd(5)}  `, String(text), width));
  return lines;
}

/** Lines of the newest files of a log. What is no line of ours, a torn one say, is passed over. */
async function lastLines(folder: string, count: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^log-\d{6}\.jsonl$/.test(name)).sort();
  const lines: Readonly<Record<string, unknown>>[] = [];
  while (lines.length < count && names.length > 0) {
    const text = await readFile(join(folder, names.pop()!), "utf8").catch(() => "");
    lines.unshift(...text.split("\n").flatMap(parsedLine));
  }
  return count === 0 ? [] : lines.slice(-count);
}

function parsedLine(line: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "event" in value ? [value] : [];
  } catch {
    return [];
  }
}
