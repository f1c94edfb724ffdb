import { runHash } from "@tradepulse/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type SessionState, stateDigest } from "../snapshot/session-snapshot.ts";
import { decodeState, encodeState } from "../snapshot/state-codec.ts";
import { RANDOM_PLANS, RandomSession, randomSessionEngine } from "../testing/random-session.ts";
import { Recovery } from "./recover.ts";
import { commandOf, type ReadRecord } from "./replay.ts";
import { SessionFold } from "./session-fold.ts";

interface Taken {
  readonly seq: number;
  readonly state: SessionState;
}

/** The record of a session out of dice, and a snapshot taken after one of its records. */
function recordSession(seed: number, steps: number, cut: number): { readonly records: readonly ReadRecord[]; readonly taken: Taken } {
  const fold = new SessionFold(RANDOM_PLANS);
  const records: ReadRecord[] = [];
  let taken: Taken | undefined;
  const write = (kind: string, payload: object): number => {
    const record = { seq: records.length + 1, kind, payload };
    records.push(record);
    fold.take(record);
    if (kind === "command") fold.decided(commandOf(payload));
    return record.seq;
  };
  const session = new RandomSession(seed, write);
  for (let at = 0; at < steps; at += 1) {
    session.step();
    if (at !== cut) continue;
    const { driver, engine } = session;
    const state = { engine: driver.carry(), session: fold.carry(engine.openOrderIds()) };
    taken = { seq: write("snapshot", { state: "taken" }), state };
  }
  return { records, taken: taken! };
}

function recoverTo(seed: number, records: readonly ReadRecord[], taken?: Taken) {
  const { engine, driver } = randomSessionEngine(seed);
  if (taken !== undefined) driver.resume(taken.state.engine);
  const recovery = new Recovery(
    engine,
    driver,
    RANDOM_PLANS,
    taken === undefined ? undefined : { seq: taken.seq, session: taken.state.session },
  );
  for (const record of records) if (taken === undefined || record.seq > taken.seq) recovery.take(record);
  const { replay, bars, ...plan } = recovery.plan();
  const { facts: _facts, commandCount: _count, ...outcome } = replay;
  const state = { engine: driver.carry(), session: recovery.fold.carry(engine.openOrderIds()) };
  return { plan: { ...plan, ...outcome, bars: bars?.carry() }, state, hash: runHash(engine.events), events: recovery.fold.events };
}

const anyShare = fc.double({ min: 0, max: 1, noNaN: true });

test("law: a start from a snapshot plans what a start from the first record plans, wherever the journal ends behind it", () => {
  const seen = { neverSent: 0, unknown: 0, cancels: 0, orders: 0 };
  fc.assert(
    fc.property(fc.integer(), fc.nat(120), fc.integer({ min: 1, max: 120 }), anyShare, (seed, cut, more, share) => {
      const { records, taken } = recordSession(seed, cut + more, cut);
      const kept = { seq: taken.seq, state: decodeState(Buffer.concat([...encodeState(taken.state)])) as SessionState };
      const end = taken.seq + Math.round((records.length - taken.seq) * share);
      const whole = recoverTo(seed, records.slice(0, end));
      const short = recoverTo(seed, records.slice(0, end), kept);
      expect(short).toEqual(whole);
      expect(stateDigest(short.state)).toBe(stateDigest(whole.state));
      // The state that the running session took is the one that a replay reaches.
      expect(stateDigest(recoverTo(seed, records.slice(0, taken.seq)).state)).toBe(stateDigest(kept.state));
      expect(whole.plan.divergences).toEqual([]);
      for (const what of ["neverSent", "unknown", "cancels", "orders"] as const) if (whole.plan[what].length > 0) seen[what] += 1;
    }),
    { numRuns: 150 },
  );
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(20);
}, 60_000);
