import { expect, test } from "vitest";
import { addTally, emptyTally, tallyRace, tallyReport } from "./kill-tally.ts";

test("a tally of races tells the latest byte, its 99.9th percentile in whole milliseconds, and the seeds that escaped", () => {
  let tally = emptyTally();
  for (let seed = 0; seed < 2_000; seed += 1)
    tally = tallyRace(tally, seed, { lastByteUs: seed === 7 ? 50_001 : seed % 10_000, sent: 1, held: 2 });
  expect(tallyReport(addTally(tally, emptyTally())).figures).toEqual({
    races: 2_000,
    ordersSent: 2_000,
    ordersHeld: 4_000,
    racesWithLateBytes: 1_999,
    lastByteUs: 50_001,
    p999Ms: 2,
    escaped: [7],
  });
});

test("a byte at the bound is in time, one microsecond later is an escape", () => {
  const at = tallyRace(emptyTally(), 1, { lastByteUs: 50_000, sent: 1, held: 0 });
  const after = tallyRace(at, 2, { lastByteUs: 50_001, sent: 1, held: 0 });
  expect([at.escaped, after.escaped]).toEqual([[], [2]]);
});
