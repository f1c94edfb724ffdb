import { type PostgresQuery, seededStream } from "@tradepulse/platform";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JournalServer, rejection, startJournalServer, upTo } from "../testing/journal-server.ts";

let town: JournalServer;
beforeAll(async () => {
  town = await startJournalServer();
});
afterAll(() => town.end());

describe("a connection that is cut", () => {
  test("at every byte of the question and of its answer leaves neither a gap nor a double", async () => {
    const { account, open } = await town.begin({ pipeline: 1 });
    const journal = await open();
    let at = 0;
    const appendOne = async (): Promise<void> => {
      at += 1;
      await journal.durable(journal.append("intent", { at }));
    };
    const again = async (): Promise<void> => {
      const { connections } = town.proxy;
      town.proxy.cutAll();
      await town.until(() => town.proxy.connections > connections && journal.refusal === undefined);
    };
    await appendOne();
    await again();
    const login = { up: town.proxy.up, down: town.proxy.down };
    await appendOne();
    const first = { up: town.proxy.up - login.up, down: town.proxy.down - login.down };
    const cutsBefore = town.proxy.cuts;
    for (const way of ["up", "down"] as const) {
      // The login of another connection differs by a few bytes, so that some cuts fall before the question.
      for (let byte = -5; byte < first[way] + 5; byte += way === "up" ? 7 : 1) {
        let isPlanned = true;
        town.proxy.plan = () => {
          const cut = isPlanned ? { [way]: login[way] + byte } : {};
          isPlanned = false;
          return cut;
        };
        town.proxy.cutAll();
        await appendOne();
      }
    }
    expect(town.proxy.cuts - cutsBefore).toBeGreaterThan(80);
    town.proxy.plan = () => ({});
    await journal.close();
    expect(await town.stored(account)).toEqual(upTo(at));
    expect(at).toBeGreaterThan(100);
  });

  test("at random, with many records under way, keeps all of them once and in order", async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const random = seededStream(seed, "cuts");
      const { account, open } = await town.begin({ pipeline: 1 + random.below(4) });
      const journal = await open();
      let connections = 0;
      town.proxy.plan = () => {
        connections += 1;
        if (connections > 6 || random.next() < 0.2) return {};
        if (random.next() < 0.2) return "refuse";
        return random.next() < 0.5 ? { up: 600 + random.below(3_000) } : { down: 900 + random.below(1_500) };
      };
      town.proxy.cutAll();
      const count = 40 + random.below(60);
      const acknowledged: number[] = [];
      for (let at = 1; at <= count; at += 1) {
        const seq = journal.append(random.next() < 0.3 ? "intent" : "metadata", { at });
        void journal.durable(seq).then(() => acknowledged.push(seq));
        if (random.next() < 0.2) await town.env.sleep(random.below(3_000));
        if (random.next() < 0.05) town.proxy.cutAll();
      }
      await journal.durable(count);
      await journal.close();
      expect(
        acknowledged.toSorted((a, b) => a - b),
        `seed ${seed}`,
      ).toEqual(upTo(count));
      expect(await town.stored(account), `seed ${seed}`).toEqual(upTo(count));
    }
  });

  test("by the server, whenever it likes, is taken up again", async () => {
    const { account, open } = await town.begin();
    const journal = await open();
    const owner = await town.base.connectOwner();
    let isOver = false;
    const killing = (async () => {
      while (!isOver) {
        await owner.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'trader'",
        );
        await town.env.sleep(4_000);
      }
    })();
    for (let at = 1; at <= 300; at += 1) {
      journal.append("intent", { at });
      if (at % 5 === 0) await town.env.sleep(1_500);
    }
    isOver = true;
    await killing;
    await owner.close();
    await journal.durable(300);
    await journal.close();
    expect(await town.stored(account)).toEqual(upTo(300));
  });

  test("while the commit hangs in the server does not write it twice when both come through", async () => {
    const { account, open } = await town.begin({ pipeline: 1 });
    const journal = await open();
    const owner = await town.base.connectOwner();
    await owner.transaction(async (query) => {
      // The append waits for this row; its connection is cut meanwhile, and the next one asks the same again.
      await query("SELECT 1 FROM tradepulse.leader WHERE account = $1 FOR UPDATE", [account]);
      for (let at = 1; at <= 5; at += 1) journal.append("intent", { at });
      expect(await appendsWaiting(query, 1)).toBe(1);
      town.proxy.cutAll();
      expect(await appendsWaiting(query, 2)).toBe(2);
    });
    await journal.durable(5);
    journal.append("intent", { at: 6 });
    await journal.close();
    await owner.close();
    expect(await town.stored(account)).toEqual(upTo(6));
  });
});

test("a statement that the server canceled goes again, and what followed it on the way is not taken for a conflict", async () => {
  const { account, open } = await town.begin({ pipeline: 3 });
  const journal = await open();
  await journal.durable(journal.append("metadata", { at: 1 }));
  const owner = await town.base.connectOwner();
  await owner.transaction(async (query) => {
    await query("SELECT 1 FROM tradepulse.leader WHERE account = $1 FOR UPDATE", [account]);
    for (let at = 2; at <= 4; at += 1) {
      journal.append("intent", { at });
      await town.env.sleep(5_000);
    }
    expect(await appendsWaiting(query, 1)).toBe(1);
    await query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%append_batch%'");
    await town.env.sleep(20_000);
  });
  await owner.close();
  await journal.durable(4);
  await journal.close();
  expect(await town.stored(account)).toEqual(upTo(4));
});

describe("two leaders", () => {
  test("the one before writes nothing after the takeover, and what it was told durable stays", async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const random = seededStream(seed, "leaders");
      const { account, open, alarms } = await town.begin();
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
          await town.env.sleep(random.below(1_000));
        }
      })();
      await town.env.sleep(random.below(20_000));
      const epoch = await town.base.lead(account);
      const atTakeover = await town.stored(account);
      const next = await open({ epoch });
      expect(next.lastSeq).toBe(atTakeover.length);
      await next.durable(next.append("leader", { at: -1 }));
      await town.until(() => old.refusal !== undefined);
      isOver = true;
      await writing;
      expect(old.refusal?.code).toBe("TP_JOURNAL_EPOCH");
      expect(alarms).toEqual(["TP_JOURNAL_EPOCH"]);
      expect(() => old.append("intent", { at: 0 })).toThrow("TP_JOURNAL_EPOCH");
      expect(await rejection(old.durable(old.lastSeq))).toBe("TP_JOURNAL_EPOCH");
      expect(await rejection(old.close())).toBe("TP_JOURNAL_EPOCH");
      await next.close();
      expect(await town.stored(account), `seed ${seed}`).toEqual([...upTo(atTakeover.length), -1]);
      expect(confirmed).toBeLessThanOrEqual(atTakeover.length);
    }
  });

  test("a stale one cannot even open", async () => {
    const { account, open } = await town.begin();
    await town.base.lead(account);
    expect(await rejection(open())).toBe("TP_JOURNAL_EPOCH");
  });
});

/** How many batches wait for a row, looked at until there are as many as wanted, within ten seconds. */
async function appendsWaiting(query: PostgresQuery, wanted: number): Promise<number> {
  for (let looks = 0; ; looks += 1) {
    // A transaction sees the activity of its first look until it says otherwise.
    await query("SELECT pg_stat_clear_snapshot()");
    const [row] = await query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%append_batch%'",
    );
    const found = Number(row!["n"]);
    if (found >= wanted || looks === 500) return found;
    await town.env.sleep(20_000);
  }
}
