import type { Failure } from "@tradepulse/core";
import { realEnv, seededStream } from "@tradepulse/platform";
import { type CuttingProxy, type PostgresServer, startCuttingProxy, startPostgresServer } from "@tradepulse/platform/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JournalDatabase, makeJournalDatabase } from "../testing/journal-database.ts";
import type { Journal } from "./journal.ts";
import { openPostgresJournal, type PostgresJournal, type PostgresJournalOptions } from "./postgres-journal.ts";

const env = realEnv();
let server: PostgresServer;
let base: JournalDatabase;
let proxy: CuttingProxy;
beforeAll(async () => {
  server = await startPostgresServer();
  base = await makeJournalDatabase(server);
  proxy = await startCuttingProxy(server.port);
});
afterAll(async () => {
  await proxy.close();
  await server.end();
});

let accounts = 0;

async function begin(options: Partial<PostgresJournalOptions> = {}) {
  accounts += 1;
  const account = `account ${accounts}`;
  const epoch = await base.lead(account);
  const alarms: string[] = [];
  const open = (more: Partial<PostgresJournalOptions> = {}): Promise<PostgresJournal> =>
    openPostgresJournal({
      env,
      account,
      session: "one",
      epoch,
      connect: () => base.connect(proxy.port),
      retryUs: 1_000,
      onAlarm: ({ code }: Failure) => alarms.push(code),
      ...options,
      ...more,
    });
  proxy.plan = () => ({});
  return { account, epoch, alarms, open };
}

/** What is in the database, read past everything that stands in between. */
async function stored(account: string): Promise<readonly number[]> {
  const owner = await base.connectOwner();
  const rows = await owner.query(
    "SELECT r.seq, r.payload FROM tradepulse.journal_record r JOIN tradepulse.journal_session s ON s.id = r.session_id WHERE s.account = $1 ORDER BY r.seq",
    [account],
  );
  await owner.close();
  expect(rows.map((row) => Number(row["seq"]))).toEqual(upTo(rows.length));
  return rows.map((row) => (JSON.parse(String(row["payload"])) as { at: number }).at);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k + 1);
}

async function rejection(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "nothing",
    (error: unknown) => (error instanceof Error ? error.message.split(":", 1)[0]! : String(error)),
  );
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await env.sleep(1_000);
}

describe("a connection that is cut", () => {
  test("at every byte of the question and of its answer leaves neither a gap nor a double", async () => {
    const { account, open } = await begin({ pipeline: 1 });
    const journal = await open();
    let at = 0;
    const appendOne = async (): Promise<void> => {
      at += 1;
      await journal.durable(journal.append("intent", { at }));
    };
    const again = async (): Promise<void> => {
      const { connections } = proxy;
      proxy.cutAll();
      await until(() => proxy.connections > connections && journal.refusal === undefined);
    };
    await appendOne();
    await again();
    const login = { up: proxy.up, down: proxy.down };
    await appendOne();
    const first = { up: proxy.up - login.up, down: proxy.down - login.down };
    const cutsBefore = proxy.cuts;
    for (const way of ["up", "down"] as const) {
      // The login of another connection differs by a few bytes, so that some cuts fall before the question.
      for (let byte = -5; byte < first[way] + 5; byte += way === "up" ? 7 : 1) {
        let isPlanned = true;
        proxy.plan = () => {
          const cut = isPlanned ? { [way]: login[way] + byte } : {};
          isPlanned = false;
          return cut;
        };
        proxy.cutAll();
        await appendOne();
      }
    }
    expect(proxy.cuts - cutsBefore).toBeGreaterThan(80);
    proxy.plan = () => ({});
    await journal.close();
    expect(await stored(account)).toEqual(upTo(at));
    expect(at).toBeGreaterThan(100);
  });

  test("at random, with many records under way, keeps all of them once and in order", async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const random = seededStream(seed, "cuts");
      const { account, open } = await begin({ pipeline: 1 + random.below(4) });
      const journal = await open();
      let connections = 0;
      proxy.plan = () => {
        connections += 1;
        if (connections > 6 || random.next() < 0.2) return {};
        if (random.next() < 0.2) return "refuse";
        return random.next() < 0.5 ? { up: 600 + random.below(3_000) } : { down: 900 + random.below(1_500) };
      };
      proxy.cutAll();
      const count = 40 + random.below(60);
      const acknowledged: number[] = [];
      for (let at = 1; at <= count; at += 1) {
        const seq = journal.append(random.next() < 0.3 ? "intent" : "metadata", { at });
        void journal.durable(seq).then(() => acknowledged.push(seq));
        if (random.next() < 0.2) await env.sleep(random.below(3_000));
        if (random.next() < 0.05) proxy.cutAll();
      }
      await journal.durable(count);
      await journal.close();
      expect(
        acknowledged.toSorted((a, b) => a - b),
        `seed ${seed}`,
      ).toEqual(upTo(count));
      expect(await stored(account), `seed ${seed}`).toEqual(upTo(count));
    }
  });

  test("by the server, whenever it likes, is taken up again", async () => {
    const { account, open } = await begin();
    const journal = await open();
    const owner = await base.connectOwner();
    let isOver = false;
    const killing = (async () => {
      while (!isOver) {
        await owner.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'trader'",
        );
        await env.sleep(4_000);
      }
    })();
    for (let at = 1; at <= 300; at += 1) {
      journal.append("intent", { at });
      if (at % 5 === 0) await env.sleep(1_500);
    }
    isOver = true;
    await killing;
    await owner.close();
    await journal.durable(300);
    await journal.close();
    expect(await stored(account)).toEqual(upTo(300));
  });

  test("while the commit hangs in the server does not write it twice when both come through", async () => {
    const { account, open } = await begin({ pipeline: 1 });
    const journal = await open();
    const owner = await base.connectOwner();
    await owner.transaction(async (query) => {
      // The append waits for this row; its connection is cut meanwhile, and the next one asks the same again.
      await query("SELECT 1 FROM tradepulse.leader WHERE account = $1 FOR UPDATE", [account]);
      for (let at = 1; at <= 5; at += 1) journal.append("intent", { at });
      await env.sleep(30_000);
      proxy.cutAll();
      await env.sleep(60_000);
      const [waiting] = await query(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%append_batch%'",
      );
      expect(waiting!["n"]).toBe(2);
    });
    await journal.durable(5);
    journal.append("intent", { at: 6 });
    await journal.close();
    await owner.close();
    expect(await stored(account)).toEqual(upTo(6));
  });
});

test("a statement that the server canceled goes again, and what followed it on the way is not taken for a conflict", async () => {
  const { account, open } = await begin({ pipeline: 3 });
  const journal = await open();
  await journal.durable(journal.append("metadata", { at: 1 }));
  const owner = await base.connectOwner();
  await owner.transaction(async (query) => {
    await query("SELECT 1 FROM tradepulse.leader WHERE account = $1 FOR UPDATE", [account]);
    for (let at = 2; at <= 4; at += 1) {
      journal.append("intent", { at });
      await env.sleep(5_000);
    }
    await query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%append_batch%'");
    await env.sleep(20_000);
  });
  await owner.close();
  await journal.durable(4);
  await journal.close();
  expect(await stored(account)).toEqual(upTo(4));
});

describe("two leaders", () => {
  test("the one before writes nothing after the takeover, and what it was told durable stays", async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const random = seededStream(seed, "leaders");
      const { account, open, alarms } = await begin();
      const old = await open();
      let isOver = false;
      let at = 0;
      let confirmed = 0;
      const writing = (async () => {
        while (!isOver) {
          try {
            at += 1;
            const seq = old.append("intent", { at });
            void old.durable(seq).then(
              () => {
                confirmed = Math.max(confirmed, seq);
              },
              () => undefined,
            );
          } catch {
            return;
          }
          await env.sleep(random.below(1_000));
        }
      })();
      await env.sleep(random.below(20_000));
      const epoch = await base.lead(account);
      const atTakeover = await stored(account);
      const next = await open({ epoch });
      expect(next.lastSeq).toBe(atTakeover.length);
      await next.durable(next.append("leader", { at: -1 }));
      await until(() => old.refusal !== undefined);
      isOver = true;
      await writing;
      expect(old.refusal?.code).toBe("TP_JOURNAL_EPOCH");
      expect(alarms).toEqual(["TP_JOURNAL_EPOCH"]);
      expect(() => old.append("intent", { at: 0 })).toThrow("TP_JOURNAL_EPOCH");
      expect(await rejection(old.durable(old.lastSeq))).toBe("TP_JOURNAL_EPOCH");
      expect(await rejection(old.close())).toBe("TP_JOURNAL_EPOCH");
      await next.close();
      expect(await stored(account), `seed ${seed}`).toEqual([...upTo(atTakeover.length), -1]);
      expect(confirmed).toBeLessThanOrEqual(atTakeover.length);
    }
  });

  test("a stale one cannot even open", async () => {
    const { account, open } = await begin();
    await base.lead(account);
    expect(await rejection(open())).toBe("TP_JOURNAL_EPOCH");
  });
});

describe("the database", () => {
  test("that is away refuses new risk, bounds what waits, and takes everything when it is back", async () => {
    const { account, open, alarms } = await begin({ queueBytes: 20_000 });
    const journal = await open();
    await journal.durable(journal.append("metadata", { at: 1 }));
    await server.stop("immediate");
    await until(() => journal.refusal?.code === "TP_JOURNAL_AWAY");
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
    await server.start();
    await journal.durable(at);
    expect(journal.refusal).toBeUndefined();
    expect(alarms).toEqual(["TP_JOURNAL_AWAY", "TP_JOURNAL_BEHIND"]);
    await journal.close();
    expect(await stored(account)).toEqual(upTo(at));
  });

  test("that stays away too long ends the journal", async () => {
    const { open } = await begin({ giveUpUs: 50_000 });
    const journal = await open();
    proxy.plan = () => "refuse";
    proxy.cutAll();
    expect(await rejection(journal.durable(journal.append("intent", { at: 1 })))).toBe("TP_JOURNAL_AWAY");
    expect(await rejection(journal.close())).toBe("TP_JOURNAL_AWAY");
    proxy.plan = () => ({});
  });

  test("that is away at the end is waited for, but not for ever", async () => {
    const { open } = await begin({ closeWaitUs: 50_000 });
    const journal = await open();
    proxy.plan = () => "refuse";
    proxy.cutAll();
    journal.append("intent", { at: 1 });
    expect(await rejection(journal.close())).toBe("TP_JOURNAL_AWAY");
    proxy.plan = () => ({});
  });

  for (const [name, value] of [
    ["fsync", "off"],
    ["full_page_writes", "off"],
    ["synchronous_commit", "off"],
    ["synchronous_commit", "local"],
    ["data_sync_retry", "on"],
  ] as const) {
    test(`with ${name} = ${value} keeps no journal, also when it comes back so from a restart`, async () => {
      const { open } = await begin();
      const journal = await open();
      await server.stop("fast");
      await server.start({ [name]: value });
      try {
        expect(await rejection(open())).toBe("TP_JOURNAL_UNSAFE");
        await until(() => journal.refusal?.code === "TP_JOURNAL_UNSAFE");
        expect(() => journal.append("intent", { at: 1 })).toThrow("TP_JOURNAL_UNSAFE");
        await journal.close();
      } finally {
        await server.stop("fast");
        await server.start();
      }
    });
  }

  test("that was restored from an older copy ends the journal instead of numbering anew", async () => {
    const { account, open } = await begin();
    const journal = await open();
    for (let at = 1; at <= 10; at += 1) await journal.durable(journal.append("metadata", { at }));
    const owner = await base.connectOwner();
    await owner.query("SET session_replication_role = replica");
    const session = "(SELECT id FROM tradepulse.journal_session WHERE account = $1)";
    await owner.query(`DELETE FROM tradepulse.journal_record WHERE seq > 7 AND session_id = ${session}`, [account]);
    await owner.query(`DELETE FROM tradepulse.journal_batch WHERE first_seq > 7 AND session_id = ${session}`, [account]);
    await owner.close();
    expect(await rejection(journal.durable(journal.append("intent", { at: 11 })))).toBe("TP_JOURNAL_CONFLICT");
    expect(await rejection(journal.close())).toBe("TP_JOURNAL_CONFLICT");
    expect(await stored(account)).toEqual(upTo(7));
  });

  test("gives a fresh connection to a journal whose own has become old, in the middle of the work", async () => {
    const { account, open } = await begin({ maxAgeUs: 3_000 });
    const before = proxy.connections;
    const journal = await open();
    for (let at = 1; at <= 40; at += 1) await journal.durable(journal.append("metadata", { at }));
    await journal.close();
    expect(proxy.connections - before).toBeGreaterThan(3);
    expect(await stored(account)).toEqual(upTo(40));
  });
});

test("a reader gets thousands of records while the journal goes on, and ends its connection when it stops early", async () => {
  const { open } = await begin();
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
  const owner = await base.connectOwner();
  const count = async (): Promise<number> => {
    const [row] = await owner.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'trader' AND datname = current_database()",
    );
    return row!["n"] as number;
  };
  while ((await count()) > 0) await env.sleep(10_000);
  await owner.close();
});
