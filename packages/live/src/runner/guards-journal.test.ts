import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import type { ExecutionClient } from "@tradepulse/venues";
import { expect, test } from "vitest";
import { configOf } from "../config/read-config.ts";
import { openPostgresJournal } from "../journal/open-postgres-journal.ts";
import { SimulatedDatabase } from "../testing/simulated-database.ts";
import { Guards } from "./guards.ts";

/** Guards over a journal in a simulated database; everything else is well. */
async function watched() {
  const clock = new SimClock({ seed: 1 });
  const database = new SimulatedDatabase();
  const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
  const env = new SimEnv({ clock, process: new SimProcess("trader"), seed: 1, files, postgres: database });
  const epoch = database.lead("main");
  const journal = await openPostgresJournal({ env, account: "main", session: "one", epoch, connect: () => database.connect() });
  const trips: string[] = [];
  const measureClock: ExecutionClient["measureClock"] = () =>
    Promise.resolve({ kind: "read", value: { offsetUs: 0, errorUs: 1 }, readUs: 0 });
  const guards = new Guards({
    env,
    config: configOf("x.toml", "[guards]\njournal_away = 30").guards,
    client: { measureClock } as ExecutionClient,
    journal,
    marketSilentUs: () => 0,
    privateSilentUs: () => 0,
    refusals: () => undefined,
    drawdown: () => undefined,
    trip: (reason, by) => trips.push(`${by}: ${reason}`),
    onAlarm: (text) => trips.push(text),
  });
  guards.start();
  return { database, journal, trips, pass: (seconds: number) => clock.run(clock.nowUs + seconds * 1e6), lead: () => database.lead("main") };
}

test("a database that is away for a moment halts nothing", async () => {
  const { database, journal, trips, pass } = await watched();
  for (let time = 0; time < 3; time += 1) {
    database.stop();
    await pass(20);
    expect(journal.refusal?.code).toBe("TP_JOURNAL_AWAY");
    database.start();
    await pass(20);
    expect(journal.refusal).toBeUndefined();
  }
  expect(trips).toEqual([]);
});

test("a database that is away for longer halts trading once", async () => {
  const { database, trips, pass } = await watched();
  database.stop();
  await pass(60);
  expect(trips).toEqual([expect.stringMatching(/^journal: .*the database does not answer/)]);
});

test("a journal whose epoch has ended halts trading at once", async () => {
  const { journal, trips, pass, lead } = await watched();
  lead();
  journal.append("metadata", { at: 1 });
  await pass(1);
  expect(trips).toEqual([expect.stringMatching(/^journal: .*the account is led in another epoch/)]);
});
