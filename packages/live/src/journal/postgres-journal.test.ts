import { type RandomStream, SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import { journalContract } from "../testing/journal-contract.ts";
import type { StatementFate } from "../testing/simulated-connection.ts";
import { SimulatedDatabase } from "../testing/simulated-database.ts";
import { openPostgresJournal } from "./open-postgres-journal.ts";
import type { PostgresJournal, PostgresJournalOptions } from "./postgres-journal.ts";

/** The journal over a simulated database, under virtual time. What a real server does is in the tests named `*.postgres.test.ts`. */

function world(seed: number) {
  const clock = new SimClock({ seed });
  const random = seededStream(seed, "database");
  const database = new SimulatedDatabase();
  const env = new SimEnv({ clock, process: new SimProcess("trader"), seed, files: new SimFiles(new SimDisk(random)), postgres: database });
  const alarms: string[] = [];
  const open = (options: Partial<PostgresJournalOptions> = {}): Promise<PostgresJournal> =>
    openPostgresJournal({
      env,
      account: "main",
      session: "one",
      epoch: 1,
      connect: () => database.connect(),
      onAlarm: ({ code }) => alarms.push(code),
      ...options,
    });
  database.lead("main");
  return { clock, random, database, env, alarms, open };
}

describe("contract", () => {
  const place = () => Promise.resolve({ open: world(1).open });
  for (const law of journalContract("PostgreSQL journal over a simulated database", place)) test(law.name, law.check);
});

const FATES: readonly StatementFate[] = ["answered", "lost-before", "lost-after", "canceled"];

function fateOf(random: RandomStream): StatementFate {
  return random.next() < 0.6 ? "answered" : FATES[random.below(FATES.length)]!;
}

test("whatever becomes of its statements, the journal keeps every record once and in order, and calls durable only what is there", async () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { clock, random, env, ...rest } = world(seed);
    const database = new SimulatedDatabase({ pause: () => env.sleep(random.below(3_000)) });
    database.lead("main");
    const journal = await pumped(clock, rest.open({ connect: () => database.connect(), pipeline: 1 + random.below(4), retryUs: 1_000 }));
    database.fate = () => fateOf(random);
    const count = 20 + random.below(100);
    for (let at = 1; at <= count; at += 1) {
      const seq = journal.append("intent", { at });
      void journal.durable(seq).then(() => expect(database.payloads("main").length, `seed ${seed}`).toBeGreaterThanOrEqual(seq));
      if (random.next() < 0.3) await clock.run(clock.nowUs + random.below(10_000));
      if (random.next() < 0.03) database.cutAll();
      if (random.next() < 0.03) {
        database.stop();
        env.timer(random.below(30_000), () => database.start());
      }
    }
    await pumped(clock, journal.durable(count));
    await pumped(clock, journal.close());
    expect(database.payloads("main"), `seed ${seed}`).toEqual(Array.from({ length: count }, (_, k) => ({ at: k + 1 })));
  }
});

test("an epoch that ends in the middle ends the journal, and nothing of it comes after the next one's first record", async () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const { clock, random, env, open } = world(seed);
    const database = new SimulatedDatabase({ pause: () => env.sleep(random.below(3_000)) });
    database.lead("main");
    const more = { connect: () => database.connect(), retryUs: 1_000 };
    const old = await pumped(clock, open(more));
    database.fate = () => fateOf(random);
    const takeoverAt = random.below(40_000);
    let next: PostgresJournal | undefined;
    const confirmed: number[] = [];
    env.timer(takeoverAt, () => {
      const epoch = database.lead("main");
      void open({ ...more, epoch }).then((journal) => {
        next = journal;
        journal.append("leader", { at: -1 });
      });
    });
    for (let at = 1; at <= 60 && old.refusal?.code !== "TP_JOURNAL_EPOCH"; at += 1) {
      try {
        const seq = old.append("intent", { at });
        old.durable(seq).then(
          () => confirmed.push(seq),
          () => undefined,
        );
      } catch {
        break;
      }
      await clock.run(clock.nowUs + random.below(2_000));
    }
    database.fate = () => "answered";
    await clock.run(clock.nowUs + 60_000_000);
    expect(next, `seed ${seed}`).toBeDefined();
    await pumped(clock, next!.close());
    const epochs = database.batchEpochs("main");
    expect(epochs, `seed ${seed}`).toEqual(epochs.toSorted((a, b) => a - b));
    const payloads = database.payloads("main") as readonly { readonly at: number }[];
    expect(payloads.at(-1), `seed ${seed}`).toEqual({ at: -1 });
    expect(payloads.slice(0, -1).map(({ at }) => at)).toEqual(Array.from({ length: payloads.length - 1 }, (_, k) => k + 1));
    expect(Math.max(0, ...confirmed)).toBeLessThanOrEqual(payloads.length - 1);
  }
});

test("pauses between attempts grow and stay bounded, and a database that is back is used at once", async () => {
  const { clock, database, open, alarms } = world(5);
  const journal = await pumped(clock, open());
  let attempts = 0;
  const connect = database.connect.bind(database);
  database.connect = () => {
    attempts += 1;
    return connect();
  };
  database.stop();
  journal.append("intent", { at: 1 });
  await clock.run(clock.nowUs + 60_000_000);
  expect(attempts).toBeGreaterThan(10);
  expect(attempts).toBeLessThan(30);
  expect([journal.refusal?.code, alarms]).toEqual(["TP_JOURNAL_AWAY", ["TP_JOURNAL_AWAY"]]);
  database.start();
  await pumped(clock, journal.durable(1));
  expect(journal.refusal).toBeUndefined();
  await pumped(clock, journal.close());
});

/** Lets virtual time pass until the promise settles. */
async function pumped<T>(clock: SimClock, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  promise.then(settle, settle);
  for (let turn = 0; !isSettled; turn += 1) {
    if (turn > 100_000) throw new Error("nothing settles any more");
    await clock.run(clock.nowUs + 1_000);
  }
  return await promise;
}
