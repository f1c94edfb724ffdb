import { type Failure, fail, invariant, ok, type Result } from "@tradepulse/core";
import type { Files } from "@tradepulse/platform";
import { canonicalJson } from "./canonical-json.ts";
import { crc32c } from "./crc32c.ts";

/** A position of one strategy in one instrument. Lots signed, money in quanta of the quote currency. */
export interface SnapshotPosition {
  readonly strategyId: number;
  readonly instrument: string;
  readonly signedLots: number;
  readonly basis: number;
  readonly realized: number;
  readonly fees: number;
}

/** An order that was not at its end. */
export interface SnapshotOrder {
  readonly orderId: number;
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly instrument: string;
  readonly side: number;
  readonly lots: number;
  readonly filledLots: number;
  readonly limitUnits: number;
  readonly triggerUnits: number;
  readonly wasSent: boolean;
}

/** Where a session stood after one record of its journal. */
export interface SessionSnapshot {
  /** The last record that is contained. */
  readonly seq: number;
  readonly epoch: number;
  /** Time of that record. */
  readonly timeUs: number;
  /** By currency, in its quanta. */
  readonly cash: Readonly<Record<string, number>>;
  readonly fees: Readonly<Record<string, number>>;
  readonly positions: readonly SnapshotPosition[];
  readonly openOrders: readonly SnapshotOrder[];
}

const NAME = "snapshot.json";
const SCHEMA = 1;
const TEXT = new TextEncoder();

/** Writes the snapshot of a folder: after a crash the old or the new one is there. `durableSeq` is the journal's; a snapshot is never ahead of it. */
export async function writeSnapshot(files: Files, folder: string, snapshot: SessionSnapshot, durableSeq: number): Promise<void> {
  invariant(
    snapshot.seq <= durableSeq,
    `a snapshot of record ${snapshot.seq} is ahead of the journal, which is durable up to ${durableSeq}`,
  );
  const body = canonicalJson(snapshot);
  const head = `tradepulse-snapshot ${SCHEMA} ${checksum(TEXT.encode(body))}\n`;
  await files.makeFolder(folder);
  await files.replace(`${folder}/${NAME}`, TEXT.encode(head + body));
}

/**
 * The snapshot of a folder; `undefined` when there is none. A damaged one is a failure (`TP_SNAPSHOT_CORRUPT`): the journal is then read from its
 * first record, as without a snapshot. One that is ahead of the journal is such a damage too: the journal lost records that were durable.
 */
export async function readSnapshot(files: Files, folder: string, lastSeq: number): Promise<Result<SessionSnapshot | undefined>> {
  if (!(await files.list(folder)).includes(NAME)) return ok(undefined);
  const bytes = await files.read(`${folder}/${NAME}`);
  const headEnd = bytes.indexOf(10);
  const body = bytes.subarray(headEnd + 1);
  const head = new TextDecoder().decode(bytes.subarray(0, Math.max(0, headEnd)));
  const match = /^tradepulse-snapshot (\d+) ([0-9a-f]{8})$/.exec(head);
  if (match === null) return fail(refused(folder, "its first line is not that of a snapshot, it must name schema and checksum"));
  if (match[1] !== String(SCHEMA)) return fail(refused(folder, `its schema is ${match[1]!}, this version reads ${SCHEMA}`));
  const found = checksum(body);
  if (match[2] !== found) return fail(refused(folder, `its checksum is ${found}, its first line says ${match[2]!}`));
  const snapshot = JSON.parse(new TextDecoder().decode(body)) as SessionSnapshot;
  if (snapshot.seq > lastSeq) return fail(refused(folder, `it contains record ${snapshot.seq}, the journal ends with record ${lastSeq}`));
  return ok(snapshot);
}

function checksum(bytes: Uint8Array): string {
  return crc32c(bytes).toString(16).padStart(8, "0");
}

function refused(folder: string, why: string): Failure {
  return {
    code: "TP_SNAPSHOT_CORRUPT",
    message: `Cannot use snapshot "${folder}/${NAME}": ${why}`,
    details: [],
    next: "nothing when the journal is complete: it is read from its first record",
  };
}
