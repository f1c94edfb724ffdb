import { FailureError } from "@tradepulse/core";
import { type PostgresConnection, PostgresError, realEnv } from "@tradepulse/platform";
import { type PostgresServer, startPostgresServer } from "@tradepulse/platform/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JournalDatabase, makeJournalDatabase } from "../testing/journal-database.ts";
import { checkDatabase } from "./check-database.ts";
import { checkMigrations, migrateJournal } from "./migrate-journal.ts";
import { openPostgresJournal } from "./open-postgres-journal.ts";
import { verifyAudit } from "./verify-audit.ts";

const env = realEnv();
let server: PostgresServer;
let base: JournalDatabase;
let trader: PostgresConnection;
let owner: PostgresConnection;
beforeAll(async () => {
  server = await startPostgresServer();
  base = await makeJournalDatabase(server);
  trader = await base.connect();
  owner = await base.connectOwner();
});
afterAll(async () => {
  await trader.close();
  await owner.close();
  await server.end();
});

let accounts = 0;

/** An account with some records, audited and not. */
async function written(count = 20): Promise<string> {
  accounts += 1;
  const account = `account ${accounts}`;
  const epoch = await base.lead(account);
  const journal = await openPostgresJournal({ env, account, session: "one", epoch, connect: () => base.connect() });
  for (let at = 1; at <= count; at += 1)
    await journal.durable(journal.append(at % 2 === 0 ? "intent" : "step", { at, timeUs: at, receiveUs: at }));
  await journal.close();
  return account;
}

async function sqlStateOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof PostgresError) return error.sqlState ?? error.kind;
    throw error;
  }
  return "nothing";
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
  return "nothing";
}

describe("the application's role", () => {
  for (const table of ["journal_record", "journal_batch", "audit", "leader", "journal_session", "migration"]) {
    test(`reads ${table} and can neither insert, update, delete nor truncate there`, async () => {
      await trader.query(`SELECT * FROM tradepulse.${table} LIMIT 1`);
      for (const statement of [
        `INSERT INTO tradepulse.${table} DEFAULT VALUES`,
        `UPDATE tradepulse.${table} SET ${table === "leader" ? "epoch = 1" : table === "migration" ? "digest = ''" : "epoch = 1"}`,
        `DELETE FROM tradepulse.${table}`,
        `TRUNCATE tradepulse.${table}`,
      ]) {
        // 42501: permission denied; 42703: no such column, asked before the permission.
        expect(["42501", "42703"], statement).toContain(await sqlStateOf(trader.query(statement)));
      }
    });
  }

  test("cannot write in the name of an epoch that is not the last, nor take a number that is not the next", async () => {
    const account = await written(4);
    const [row] = await trader.query("SELECT id FROM tradepulse.journal_session WHERE account = $1", [account]);
    const append = async (epoch: number, first: number): Promise<unknown> => {
      const values = [row!["id"] as number, epoch, "test", first];
      return (await trader.query("SELECT tradepulse.append_batch($1, $2, $3, $4, 1::smallint, '67', '{}') AS answer", values))[0]![
        "answer"
      ];
    };
    expect(await append(0, 5)).toBe("epoch");
    expect(await append(2, 5)).toBe("epoch");
    expect(await append(1, 4)).toBe("sequence");
    expect(await append(1, 6)).toBe("sequence");
    expect(await append(1, 5)).toBe("ok");
    expect(await append(1, 5)).toBe("again");
    await trader.query("SELECT tradepulse.release_lead($1, 1)", [account]);
    expect(await append(1, 6)).toBe("epoch");
  });

  test("runs no program on the server", async () => {
    expect(await sqlStateOf(trader.query("COPY (SELECT 1) TO PROGRAM 'true'"))).toBe("42501");
  });
});

test("rows that were written are not changed by their owner either, as long as the triggers stand", async () => {
  await written(2);
  for (const table of ["journal_record", "journal_batch", "audit"]) {
    for (const statement of [`DELETE FROM tradepulse.${table}`, `TRUNCATE tradepulse.${table}`]) {
      expect(await sqlStateOf(owner.query(statement)), statement).toBe("42501");
    }
  }
});

test("the owner of the schema and a superuser keep no journal", async () => {
  expect(await codeOf(checkDatabase(owner.query))).toBe("TP_JOURNAL_ROLE");
  await owner.query("GRANT UPDATE ON tradepulse.audit TO trader");
  expect(await codeOf(checkDatabase(trader.query))).toBe("TP_JOURNAL_ROLE");
  await owner.query("REVOKE UPDATE ON tradepulse.audit FROM trader");
  await checkDatabase(trader.query);
});

describe("the audit", () => {
  test("has a row for every intent, in the transaction of the intent, and its chain holds", async () => {
    const account = await written(20);
    const verdict = await verifyAudit(trader.query, account);
    expect(verdict).toMatchObject({ rows: 10, bad: undefined });
    expect(await verifyAudit(trader.query, account, verdict.head)).toEqual(verdict);
    const rows = await trader.query(
      `SELECT a.xmin::text = r.xmin::text AS is_same, a.epoch FROM tradepulse.audit a
         JOIN tradepulse.journal_record r ON r.session_id = a.session_id AND r.seq = a.record_seq WHERE a.account = $1`,
      [account],
    );
    expect(rows).toHaveLength(10);
    for (const row of rows) expect(row).toEqual({ is_same: true, epoch: "1" });
  });

  const attacks: readonly (readonly [string, string, number])[] = [
    ["a changed content", "UPDATE tradepulse.audit SET payload = '{}' WHERE account = $1 AND seq = 4", 4],
    ["a changed time", "UPDATE tradepulse.audit SET at_us = at_us - 1 WHERE account = $1 AND seq = 5", 5],
    ["a row taken out", "DELETE FROM tradepulse.audit WHERE account = $1 AND seq = 6", 6],
    [
      "two rows exchanged",
      "UPDATE tradepulse.audit SET seq = CASE seq WHEN 3 THEN -4 WHEN 4 THEN -3 END WHERE account = $1 AND seq IN (3, 4)",
      3,
    ],
    [
      "a row with a hash of its own put in place of another",
      `UPDATE tradepulse.audit SET payload = '{"at":0}', hash = tradepulse.audit_hash(prev_hash, seq, at_us, epoch, session_id, record_seq, kind, '{"at":0}')
        WHERE account = $1 AND seq = 7`,
      8,
    ],
    ["an end that was cut off", "DELETE FROM tradepulse.audit WHERE account = $1 AND seq > 8", 9],
    [
      "a record of the journal that says something else",
      "UPDATE tradepulse.journal_record SET payload = '{}' WHERE seq = 4 AND session_id = (SELECT id FROM tradepulse.journal_session WHERE account = $1)",
      2,
    ],
  ];
  for (const [what, statement, first] of attacks) {
    test(`shows ${what}, and the first row of it`, async () => {
      const account = await written(20);
      const { head } = await verifyAudit(trader.query, account);
      await owner.query("SET session_replication_role = replica");
      await owner.query("ALTER TABLE tradepulse.audit DROP CONSTRAINT IF EXISTS audit_seq_check");
      await owner.query(statement, [account]);
      if (what.startsWith("two rows"))
        await owner.query("UPDATE tradepulse.audit SET seq = -seq WHERE account = $1 AND seq < 0", [account]);
      await owner.query("SET session_replication_role = origin");
      expect((await verifyAudit(trader.query, account, head)).bad?.seq).toBe(first);
    });
  }
});

describe("the migrations", () => {
  test("run once, from however many processes at the same time", async () => {
    const other = await makeJournalDatabase(server);
    const again = await other.connectOwner();
    await again.query("DROP SCHEMA tradepulse CASCADE");
    const several = await Promise.all(Array.from({ length: 4 }, () => other.connectOwner()));
    const done = await Promise.all(several.map((connection) => migrateJournal(env, connection, "trader")));
    expect(done.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await migrateJournal(env, again, "trader")).toEqual([]);
    await Promise.all([again, ...several].map((connection) => connection.close()));
  });

  test("leave nothing behind when one of them fails", async () => {
    const other = await makeJournalDatabase(server);
    const connection = await other.connectOwner();
    await connection.query("DROP SCHEMA tradepulse CASCADE");
    expect(await sqlStateOf(migrateJournal(env, connection, "nobody with this name"))).toBe("42704");
    expect(await connection.query("SELECT to_regnamespace('tradepulse') AS found")).toEqual([{ found: null }]);
    await connection.close();
  });

  test("that are missing, changed or of a later version are refused", async () => {
    const other = await makeJournalDatabase(server);
    const connection = await other.connectOwner();
    await checkMigrations(env, connection.query);
    await connection.query("INSERT INTO tradepulse.migration (name, digest) VALUES ('9999-later.sql', 'x')");
    expect(await codeOf(checkMigrations(env, connection.query))).toBe("TP_JOURNAL_MIGRATION");
    expect(await codeOf(migrateJournal(env, connection, "trader"))).toBe("TP_JOURNAL_MIGRATION");
    await connection.query("DELETE FROM tradepulse.migration WHERE name = '9999-later.sql'");
    await connection.query("UPDATE tradepulse.migration SET digest = 'x'");
    expect(await codeOf(checkMigrations(env, connection.query))).toBe("TP_JOURNAL_MIGRATION");
    await connection.query("DROP SCHEMA tradepulse CASCADE");
    expect(await codeOf(checkMigrations(env, connection.query))).toBe("TP_JOURNAL_MIGRATION");
    await connection.close();
  });
});

test("every connection of ours is encrypted, with TLS 1.2 at least", async (context) => {
  if (server.caFile === undefined) return context.skip("there is no OpenSSL to make a certificate with");
  const rows = await owner.query(
    "SELECT ssl, version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE backend_type = 'client backend' AND application_name = 'journal test'",
  );
  expect(rows.length).toBeGreaterThanOrEqual(2);
  for (const row of rows) expect([row["ssl"], String(row["version"]) >= "TLSv1.2"]).toEqual([true, true]);
});
