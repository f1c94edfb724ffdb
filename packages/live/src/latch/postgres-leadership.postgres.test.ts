import { unwrap } from "@tradepulse/core";
import { type PostgresConnection, realEnv } from "@tradepulse/platform";
import { type CuttingProxy, type PostgresServer, startCuttingProxy, startPostgresServer } from "@tradepulse/platform/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPostgresJournal } from "../journal/open-postgres-journal.ts";
import { type JournalDatabase, makeJournalDatabase } from "../testing/journal-database.ts";
import { type LeadershipProcess, type LeadershipWorld, leadershipContract } from "../testing/leadership-contract.ts";
import { takePostgresLeadership } from "./postgres-leadership.ts";

const env = realEnv();
let server: PostgresServer;
let base: JournalDatabase;
const proxies: CuttingProxy[] = [];
beforeAll(async () => {
  server = await startPostgresServer();
  base = await makeJournalDatabase(server);
});
afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await server.end();
});

let accounts = 0;

interface ProxiedProcess extends LeadershipProcess {
  connect(): Promise<PostgresConnection>;
}

interface ProxiedWorld extends LeadershipWorld {
  readonly account: string;
  readonly begin: () => Promise<ProxiedProcess>;
}

/** Each process reaches the server over a way of its own, which can be cut. */
function world(): Promise<ProxiedWorld> {
  accounts += 1;
  const account = `account ${accounts}`;
  return Promise.resolve({
    account,
    nowUs: () => env.monoUs(),
    pass: (us: number) => env.sleep(us),
    settled: <T>(promise: Promise<T>) => promise,
    begin: async () => {
      const proxy = await startCuttingProxy(server.port);
      proxies.push(proxy);
      const cut = (): void => {
        proxy.plan = () => "refuse";
        proxy.cutAll();
      };
      const connect = () => base.connect(proxy.port);
      return {
        connect,
        take: (terms) => takePostgresLeadership({ ...terms, env, account, holder: "test", connect }),
        kill: cut,
        standStill: cut,
        goOn: () => {
          proxy.plan = () => ({});
        },
      };
    },
  });
}

for (const law of leadershipContract("leadership in PostgreSQL", world)) test(law.name, law.check);

const TERMS = { orderLifeUs: 10_000, staleUs: 1_000_000, pollUs: 20_000 };

test("a leader outlives a restart of the server and a connection that is terminated", async () => {
  const { begin, account } = await world();
  const process = await begin();
  const leader = unwrap(await process.take(TERMS));
  for (const disturb of [
    async () => {
      await server.stop("immediate");
      await server.start();
    },
    async () => {
      const owner = await base.connectOwner();
      await owner.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'trader'");
      await owner.close();
    },
  ]) {
    await disturb();
    await env.sleep(100_000);
    while (!leader.leads) await env.sleep(10_000);
    const rival = await (await begin()).take(TERMS);
    expect(rival).toMatchObject({ ok: false, failure: { code: "TP_LEADER_HELD" } });
  }
  // It is the very epoch in which the journal may be written.
  const journal = await openPostgresJournal({ env, account, session: "one", epoch: leader.epoch, connect: () => process.connect() });
  await journal.durable(journal.append("leader", { epoch: leader.epoch }));
  await journal.close();
  await leader.release();
});

test("of many that want to lead at the same time exactly one does", async () => {
  const { begin } = await world();
  const processes = await Promise.all(Array.from({ length: 8 }, () => begin()));
  const results = await Promise.all(processes.map((process) => process.take(TERMS)));
  const leaders = results.filter((result) => result.ok);
  expect(leaders).toHaveLength(1);
  for (const result of results) if (result.ok) await result.value.release();
});
