import { type BoundStrategy, EVENT_KIND_NAMES, type EventList, runHash } from "@tradepulse/core";
import type { Env } from "@tradepulse/platform";
import { firstOtherEvent, recordedEvents } from "../recovery/event-records.ts";
import { type Divergence, type ReadRecord, replay } from "../recovery/replay.ts";
import { buildEngine, type SessionEngine, type SessionOptions } from "./build-engine.ts";
import type { SessionRecord } from "./session-record.ts";
import { sessionRecords } from "./session-records.ts";

/** What a replay of a session came to. */
export interface SessionReplay {
  readonly built: SessionEngine;
  readonly records: readonly ReadRecord[];
  readonly facts: number;
  readonly commands: number;
  /** What the session itself recorded of its decisions and what came of them. */
  readonly recorded: EventList;
  /** The first event that came out otherwise; `undefined` when all that were recorded came out the same. */
  readonly otherEvent: { readonly seq: number; readonly recorded: string; readonly replayed: string } | undefined;
  /** Where the engine decided otherwise than it did then; empty for a replay that is bit-identical. */
  readonly divergences: readonly Divergence[];
  /** Over the event list, the end of the session included. */
  readonly runHash: string;
  /** The same as the session recorded it; `undefined` when it did not end by itself, or still runs. */
  readonly recordedHash: string | undefined;
}

/** Feeds the journal of a session through a fresh engine, and ends the run where the journal ends. */
export async function replaySession(
  env: Env,
  folder: string,
  record: SessionRecord,
  strategy: BoundStrategy,
  optionsOf: SessionOptions,
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<SessionReplay> {
  const records: ReadRecord[] = [];
  for await (const each of sessionRecords(env, folder, record, variables)) records.push(each);
  const built = buildEngine(record, strategy, optionsOf);
  const { facts, commands, divergences } = replay(records, built.driver);
  built.driver.finish();
  const recorded = recordedEvents(records);
  const { events } = built.engine;
  const at = firstOtherEvent(recorded, events);
  return {
    built,
    records,
    facts,
    commands: commands.length,
    recorded,
    otherEvent: at === undefined ? undefined : { seq: at + 1, recorded: eventText(recorded, at), replayed: eventText(events, at) },
    divergences,
    runHash: runHash(events),
    recordedHash: recordedHash(records),
  };
}

/** `submitted order 12, 20000 lots`: enough to find it again. */
function eventText(events: EventList, at: number): string {
  if (at >= events.length) return "nothing";
  const { kind, timeUs, orderId, fields } = events.record(at);
  return `${EVENT_KIND_NAMES[kind]} of order ${orderId} at ${timeUs} us: ${fields.join(" ")}`;
}

function recordedHash(records: readonly ReadRecord[]): string | undefined {
  const last = records.findLast(({ kind }) => kind === "metadata");
  return last !== undefined && "runHash" in last.payload ? String(last.payload.runHash) : undefined;
}
