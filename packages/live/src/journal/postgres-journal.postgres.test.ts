import { realEnv } from "@tradepulse/platform";
import { type PostgresServer, startPostgresServer } from "@tradepulse/platform/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { journalContract } from "../testing/journal-contract.ts";
import { type JournalDatabase, makeJournalDatabase } from "../testing/journal-database.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import { openPostgresJournal } from "./open-postgres-journal.ts";
import type { PostgresJournalOptions } from "./postgres-journal.ts";

let server: PostgresServer;
let base: JournalDatabase;
const env = realEnv();
beforeAll(async () => {
  server = await startPostgresServer();
  base = await makeJournalDatabase(server);
}, 60_000);
afterAll(async () => {
  await server.end();
});

let places = 0;

/** A session of its own in an account of its own, led in epoch 1. */
async function place(options: Partial<PostgresJournalOptions> = {}) {
  places += 1;
  const account = `account ${places}`;
  const epoch = await base.lead(account);
  return {
    account,
    epoch,
    open: () => openPostgresJournal({ env, account, session: "one", epoch, connect: () => base.connect(), ...options }),
  };
}

describe("contract", () => {
  for (const law of journalContract("PostgreSQL journal", () => place())) test(law.name, law.check);
  for (const law of journalContract("PostgreSQL journal, one transaction at a time", () => place({ pipeline: 1 })))
    test(law.name, law.check);
});

async function all(journal: Journal, from?: number): Promise<JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of journal.records(from)) found.push(record);
  return found;
}

test("numbers that JSON cannot carry come back in a bar", async () => {
  const journal = await (await place()).open();
  const bar = { seriesIndex: 0, timeUs: 1, receiveUs: 1, openUs: 0, closeUs: 1, open: 1, high: 1, low: 1, close: 1, volume: Number.NaN };
  await journal.durable(journal.append("bar", bar));
  expect((await all(journal))[0]!.payload).toEqual(bar);
  await journal.close();
});
