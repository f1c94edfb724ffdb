import { BarSeries, Engine, engineOptions, FactDriver, instrument, riskEngine, runHash, US_PER_MINUTE } from "@tradepulse/core";
import { Dice, RandomFacts, randomTrader } from "@tradepulse/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { clientIdOf } from "../dispatch/client-id.ts";
import type { SeriesPlan } from "../session/bar-assembler.ts";
import { type SessionState, stateDigest } from "../snapshot/session-snapshot.ts";
import { decodeState, encodeState } from "../snapshot/state-codec.ts";
import { eventsFrom } from "./event-records.ts";
import { Recovery } from "./recover.ts";
import type { ReadRecord } from "./replay.ts";
import { SessionFold } from "./session-fold.ts";

const PLANS: readonly SeriesPlan[] = [
  { symbol: "AAA", intervalUs: US_PER_MINUTE, isBuilt: false },
  { symbol: "BBB", intervalUs: US_PER_MINUTE, isBuilt: false },
];

function makeEngine(seed: number): { readonly engine: Engine; readonly driver: FactDriver } {
  const instruments = [instrument({ id: "AAA@LIVE", lotScale: 0 }), instrument({ id: "BBB@LIVE", lotScale: 0 })];
  const engine = new Engine({
    instruments,
    series: ["a", "b"].map((name, index) => BarSeries.growing(name, index, US_PER_MINUTE, 32)),
    strategy: randomTrader(seed, ["a", "b"]),
    options: engineOptions({ capital: 20_000, risk: riskEngine({ maxOpenOrders: 20, maxConsecutiveLosses: 5 }, instruments) }),
    live: true,
  });
  return { engine, driver: new FactDriver(engine) };
}

interface Taken {
  readonly seq: number;
  readonly state: SessionState;
}

/** The record of a session out of dice, and a snapshot taken after one of its records. */
function recordSession(seed: number, facts: number, cut: number): { readonly records: readonly ReadRecord[]; readonly taken: Taken } {
  const dice = new Dice(seed ^ 0x5bd1);
  const world = new RandomFacts(seed, PLANS.length);
  const { engine, driver } = makeEngine(seed);
  const fold = new SessionFold(PLANS);
  const records: ReadRecord[] = [];
  let [epoch, recorded] = [1, 0];
  let taken: Taken | undefined;
  const write = (kind: string, payload: object): number => {
    const record = { seq: records.length + 1, kind, payload };
    records.push(record);
    fold.take(record);
    return record.seq;
  };
  write("leader", { epoch });
  for (let at = 0; at < facts; at += 1) {
    for (const loose of world.next()) {
      const { kind, ...body } = loose;
      const seq = write(kind, { ...body, receiveUs: loose.timeUs });
      driver.process({ ...loose, seq, receiveUs: loose.timeUs });
      const commands = driver.takeCommands();
      world.take(commands);
      for (const command of commands) {
        write("command", { ...command, factSeq: seq });
        fold.decided(command);
        const { orderId, instrumentIndex } = command;
        if (command.kind !== "submit" || dice.chance(0.1)) continue;
        const clientId = dice.chance(0.05) ? `other-${orderId}` : clientIdOf(epoch, orderId);
        write("intent", {
          orderId,
          instrumentIndex,
          epoch,
          clientId,
          deadlineUs: loose.timeUs + 5,
          request: { symbol: PLANS[instrumentIndex]!.symbol },
        });
        if (dice.chance(0.1)) write("not-sent", { orderId, cause: "expired" });
      }
      if (engine.events.length > recorded) write("evidence", { events: eventsFrom(engine.events, recorded) });
      recorded = engine.events.length;
    }
    if (dice.chance(0.05)) write("evidence", { readUpTo: [dice.whole(-1, 50), dice.whole(-1, 50)] });
    if (dice.chance(0.02)) {
      epoch += 1;
      write("leader", { epoch });
    }
    if (at !== cut) continue;
    const seq = write("snapshot", { state: "taken" });
    taken = { seq, state: { engine: driver.carry(), session: fold.carry(engine.openOrderIds()) } };
  }
  return { records, taken: taken! };
}

function recoverTo(seed: number, records: readonly ReadRecord[], taken?: Taken) {
  const { engine, driver } = makeEngine(seed);
  if (taken !== undefined) driver.resume(taken.state.engine);
  const recovery = new Recovery(engine, driver, PLANS, taken === undefined ? undefined : { seq: taken.seq, session: taken.state.session });
  for (const record of records) if (taken === undefined || record.seq > taken.seq) recovery.take(record);
  const { replay, bars, ...plan } = recovery.plan();
  const { facts: _facts, commandCount: _count, ...outcome } = replay;
  const state = { engine: driver.carry(), session: recovery.fold.carry(engine.openOrderIds()) };
  return { plan: { ...plan, ...outcome, bars: bars?.carry() }, state, hash: runHash(engine.events), events: recovery.fold.events };
}

test("law: a start from a snapshot plans what a start from the first record plans, wherever the journal ends behind it", () => {
  const seen = { neverSent: 0, unknown: 0, cancels: 0, orders: 0 };
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 0, max: 120 }),
      fc.integer({ min: 1, max: 120 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, cut, more, share) => {
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
      },
    ),
    { numRuns: 150 },
  );
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(20);
}, 60_000);
