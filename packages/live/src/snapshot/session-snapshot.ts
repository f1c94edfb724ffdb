import { createHash } from "node:crypto";
import { type CarriedState, type Failure, fail, ok, type Result } from "@tradepulse/core";
import type { CarriedSession } from "../recovery/session-fold.ts";
import { decodeState, encodeState } from "./state-codec.ts";

/** Where a session stood after one record of its journal: its engine, and what it is beside it. */
export interface SessionState {
  readonly engine: CarriedState;
  readonly session: CarriedSession;
}

/** What must agree for a state to be taken over: the same code with the same parameters would have come to it. */
export interface SnapshotAbout {
  readonly session: string;
  readonly strategy: string;
  readonly codeDigest: string | null;
  readonly engineVersion: string;
}

export interface SnapshotHead {
  /** The last record that is contained. */
  readonly seq: number;
  readonly epoch: number;
  readonly takenUs: number;
  readonly about: SnapshotAbout;
}

export interface SessionSnapshot {
  readonly head: SnapshotHead;
  readonly state: SessionState;
  /** Of the state, as the journal keeps it. */
  readonly digest: string;
}

const FIRST_LINE = "tradepulse-snapshot 4\n";
const DIGEST_BYTES = 32;
const TEXT = new TextEncoder();

/** SHA-256 over the bytes of a state: equal states have equal digests, on every machine. */
export function stateDigest(state: SessionState): string {
  const hash = createHash("sha256");
  for (const part of encodeState(state)) hash.update(part);
  return hash.digest("hex");
}

/**
 * The bytes of a snapshot in parts: a line with the format, a line about it, the state, and SHA-256 over all before. `turn` is awaited between two parts,
 * so that the process goes on meanwhile; `onDigest` is told the digest of the state before the last part.
 */
export async function* snapshotParts(
  head: SnapshotHead,
  state: SessionState,
  turn: () => Promise<void>,
  onDigest: (digest: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const whole = createHash("sha256");
  const inner = createHash("sha256");
  const first = TEXT.encode(`${FIRST_LINE}${JSON.stringify(head)}\n`);
  whole.update(first);
  yield first;
  for (const part of encodeState(state)) {
    whole.update(part);
    inner.update(part);
    yield part;
    await turn();
  }
  onDigest(inner.digest("hex"));
  yield new Uint8Array(whole.digest());
}

/** What a snapshot is, when it is in every bit what was written; else a failure (`TP_SNAPSHOT_CORRUPT`). */
export function readSnapshotHead(bytes: Uint8Array, seq: number): Result<SnapshotHead> {
  const end = bytes.length - DIGEST_BYTES;
  const first = TEXT.encode(FIRST_LINE);
  if (end < first.length || !first.every((byte, at) => bytes[at] === byte))
    return fail(refused(seq, `its first line is not "${FIRST_LINE.trim()}"`));
  const found = createHash("sha256").update(bytes.subarray(0, end)).digest();
  if (!found.every((byte, at) => bytes[end + at] === byte)) return fail(refused(seq, "its digest is not that of its content"));
  try {
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(first.length, bodyFrom(bytes) - 1))) as SnapshotHead;
    return head.seq === seq ? ok(head) : fail(refused(seq, `it stands at record ${head.seq}, and is kept under ${seq}`));
  } catch (error) {
    return fail(refused(seq, `what it is about cannot be read: ${String(error)}`));
  }
}

/** Reads a whole snapshot back; fails as {@link readSnapshotHead} does. */
export function readSnapshot(bytes: Uint8Array, seq: number): Result<SessionSnapshot> {
  const head = readSnapshotHead(bytes, seq);
  if (!head.ok) return head;
  const body = bytes.subarray(bodyFrom(bytes), bytes.length - DIGEST_BYTES);
  try {
    const state = decodeState(body) as SessionState;
    return ok({ head: head.value, state, digest: createHash("sha256").update(body).digest("hex") });
  } catch (error) {
    return fail(refused(seq, `its content cannot be read: ${String(error)}`));
  }
}

/** Behind the two lines. */
function bodyFrom(bytes: Uint8Array): number {
  return bytes.indexOf(10, FIRST_LINE.length) + 1;
}

/** Why a snapshot is not taken, though it is whole; `undefined` when it may be. */
export function notOurs({ about, seq }: SnapshotHead, ours: SnapshotAbout): Failure | undefined {
  for (const [what, name] of NAMES) {
    if (about[what] === ours[what]) continue;
    return {
      code: "TP_SNAPSHOT_OTHER",
      message: `Cannot start from snapshot ${seq}: its ${name} is "${String(about[what])}", now it is "${String(ours[what])}"`,
      details: [["session", ours.session]],
      next: "nothing when the journal is complete: it is replayed, and says where the new code decides otherwise",
    };
  }
  return undefined;
}

const NAMES = [
  ["session", "session"],
  ["strategy", "strategy"],
  ["codeDigest", "code"],
  ["engineVersion", "version of TradePulse"],
] as const;

function refused(seq: number, why: string): Failure {
  return {
    code: "TP_SNAPSHOT_CORRUPT",
    message: `Cannot start from snapshot ${seq}: ${why}`,
    details: [],
    next: "nothing when the journal is complete: the snapshot before it is taken, or the journal from its first record",
  };
}
