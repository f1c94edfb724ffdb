import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JournalServer, rejection, startJournalServer, upTo } from "../testing/journal-server.ts";
import type { Journal } from "./journal.ts";

let town: JournalServer;
beforeAll(async () => {
  town = await startJournalServer();
});
afterAll(() => town.end());

describe("the database", () => {
  test("that is away refuses new risk, bounds what waits, and takes everything when it is back", async () => {
    const { account, open, alarms } = await town.begin({ queueBytes: 20_000 });
    const journal = await open();
    await journal.durable(journal.append("metadata", { at: 1 }));
    await town.server.stop("immediate");
    await town.until(() => journal.refusal?.code === "TP_JOURNAL_AWAY");
    let at = 1;
    const text = "x".repeat(500);
    const overfull = (): void => {
      for (;;) {
        journal.append("metadata", { at: at + 1, text });
        at += 1;
      }
    };
    expect(overfull).toThrow("TP_JOURNAL_AWAY");
    expect(at).toBeGreaterThan(20);
    expect(at).toBeLessThan(50);
    await town.server.start();
    await journal.durable(at);
    expect(journal.refusal).toBeUndefined();
    expect(alarms).toEqual(["TP_JOURNAL_AWAY", "TP_JOURNAL_BEHIND"]);
    await journal.close();
    expect(await town.stored(account)).toEqual(upTo(at));
  });

  test("that stays away too long ends the journal", async () => {
    const { open } = await town.begin({ giveUpUs: 50_000 });
    const journal = await open();
    town.proxy.plan = () => "refuse";
    town.proxy.cutAll();
    expect(await rejection(journal.durable(journal.append("intent", { at: 1 })))).toBe("TP_JOURNAL_AWAY");
    expect(await rejection(journal.close())).toBe("TP_JOURNAL_AWAY");
    town.proxy.plan = () => ({});
  });

  test("that is away at the end is waited for, but not for ever", async () => {
    const { open } = await town.begin({ closeWaitUs: 50_000 });
    const journal = await open();
    town.proxy.plan = () => "refuse";
    town.proxy.cutAll();
    journal.append("intent", { at: 1 });
    expect(await rejection(journal.close())).toBe("TP_JOURNAL_AWAY");
    town.proxy.plan = () => ({});
  });

  for (const [name, value] of [
    ["fsync", "off"],
    ["full_page_writes", "off"],
    ["synchronous_commit", "off"],
    ["synchronous_commit", "local"],
    ["data_sync_retry", "on"],
  ] as const) {
    test(`with ${name} = ${value} keeps no journal, also when it comes back so from a restart`, async () => {
      const { open } = await town.begin();
      const journal = await open();
      await town.server.stop("fast");
      await town.server.start({ [name]: value });
      try {
        expect(await rejection(open())).toBe("TP_JOURNAL_UNSAFE");
        await town.until(() => journal.refusal?.code === "TP_JOURNAL_UNSAFE");
        expect(() => journal.append("intent", { at: 1 })).toThrow("TP_JOURNAL_UNSAFE");
        await journal.close();
      } finally {
        await town.server.stop("fast");
        await town.server.start();
      }
    });
  }

  test("that was restored from an older copy ends the journal instead of numbering anew", async () => {
    const { account, open } = await town.begin();
    const journal = await open();
    for (let at = 1; at <= 10; at += 1) await journal.durable(journal.append("metadata", { at }));
    const owner = await town.base.connectOwner();
    await owner.query("SET session_replication_role = replica");
    const session = "(SELECT id FROM tradepulse.journal_session WHERE account = $1)";
    await owner.query(`DELETE FROM tradepulse.journal_record WHERE seq > 7 AND session_id = ${session}`, [account]);
    await owner.query(`DELETE FROM tradepulse.journal_batch WHERE first_seq > 7 AND session_id = ${session}`, [account]);
    await owner.close();
    expect(await rejection(journal.durable(journal.append("intent", { at: 11 })))).toBe("TP_JOURNAL_CONFLICT");
    expect(await rejection(journal.close())).toBe("TP_JOURNAL_CONFLICT");
    expect(await town.stored(account)).toEqual(upTo(7));
  });

  test("gives a fresh connection to a journal whose own has become old, in the middle of the work", async () => {
    const { account, open } = await town.begin({ maxAgeUs: 3_000 });
    const before = town.proxy.connections;
    const journal = await open();
    for (let at = 1; at <= 40; at += 1) await journal.durable(journal.append("metadata", { at }));
    await journal.close();
    expect(town.proxy.connections - before).toBeGreaterThan(3);
    expect(await town.stored(account)).toEqual(upTo(40));
  });
});

test("a reader gets thousands of records while the journal goes on, and ends its connection when it stops early", async () => {
  const { open } = await town.begin();
  const journal: Journal = await open();
  for (let at = 1; at <= 9_000; at += 1) journal.append("metadata", { at });
  await journal.durable(9_000);
  let seen = 0;
  for await (const { seq } of journal.records(5)) {
    if (seq === 4_500) break;
    seen += 1;
    if (seen % 1_000 === 0) journal.append("metadata", { at: 0 });
  }
  expect(seen).toBe(4_495);
  await journal.close();
  const owner = await town.base.connectOwner();
  const count = async (): Promise<number> => {
    const [row] = await owner.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'trader' AND datname = current_database()",
    );
    return row!["n"] as number;
  };
  while ((await count()) > 0) await town.env.sleep(10_000);
  await owner.close();
});
