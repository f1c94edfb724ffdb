import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realEnv, Secret } from "@tradepulse/platform";
import {
  type CertificateAuthority,
  hasOpenssl,
  makeAuthority,
  type PostgresServer,
  startPostgresServer,
} from "@tradepulse/platform/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JournalDatabase, makeJournalDatabase } from "../testing/journal-database.ts";
import { journalConnector } from "./connect-journal.ts";
import { openPostgresJournal } from "./open-postgres-journal.ts";
import type { PostgresJournal } from "./postgres-journal.ts";

const env = realEnv();
const NAMES = { names: ["IP:127.0.0.1"] };
const folder = mkdtempSync(join(tmpdir(), "tradepulse-rotation-"));
const trusted = join(folder, "trusted.pem");
let server: PostgresServer;
let base: JournalDatabase;
let old: CertificateAuthority;
let fresh: CertificateAuthority;

describe.runIf(hasOpenssl())("a server with another certificate after a restart", () => {
  beforeAll(async () => {
    server = await startPostgresServer();
    base = await makeJournalDatabase(server);
    old = makeAuthority(join(folder, "old"));
    fresh = makeAuthority(join(folder, "fresh"));
  });
  afterAll(async () => {
    await server.end();
    rmSync(folder, { recursive: true });
  });

  let accounts = 0;

  async function open(): Promise<PostgresJournal> {
    accounts += 1;
    const account = `account ${accounts}`;
    const where = { url: undefined, host: "127.0.0.1", port: server.port, database: base.database, user: "trader", sslmode: "verify-full" };
    const files = { caFile: trusted, certFile: undefined, keyFile: undefined };
    const connect = journalConnector({
      env,
      database: { ...where, ...files, connectTimeoutUs: 20_000_000, answerTimeoutUs: 20_000_000 },
      variables: {},
      password: () => Promise.resolve(new Secret("throw-away too")),
      applicationName: "test",
    });
    return await openPostgresJournal({ env, account, session: "one", epoch: 1, connect, retryUs: 1_000, maxAgeUs: 50_000 });
  }

  async function present(authority: CertificateAuthority): Promise<void> {
    await server.stop("fast");
    server.certify(authority.issue(NAMES));
    await server.start();
  }

  /** The database is made over the certificate of its first start, so a lead is taken before it changes. */
  async function led(): Promise<void> {
    const owner = await base.connectOwner();
    for (let account = 1; account <= 4; account += 1) {
      await owner.query("INSERT INTO tradepulse.leader (account, epoch, released, holder) VALUES ($1, 1, false, 'test')", [
        `account ${account}`,
      ]);
    }
    await owner.close();
  }

  test("of an authority that is not trusted ends the journal; it is not asked again and again", async () => {
    await led();
    writeFileSync(trusted, old.ca);
    await present(old);
    const journal = await open();
    await journal.durable(journal.append("metadata", { at: 1 }));
    await present(fresh);
    while (journal.refusal?.code !== "TP_JOURNAL_DEAD") await env.sleep(1_000);
    expect(journal.refusal.details).toContainEqual(["cause", expect.stringContaining("certificate")]);
    expect(() => journal.append("intent", { at: 2 })).toThrow("TP_JOURNAL_DEAD");
    await journal.close();
  });

  test("of the next authority goes on while both are trusted, and when the old one is no longer", async () => {
    writeFileSync(trusted, `${old.ca}${fresh.ca}`);
    await present(old);
    const journal = await open();
    await journal.durable(journal.append("metadata", { at: 1 }));
    await present(fresh);
    await journal.durable(journal.append("metadata", { at: 2 }));
    writeFileSync(trusted, fresh.ca);
    for (let at = 3; at <= 12; at += 1) {
      await env.sleep(20_000);
      await journal.durable(journal.append("metadata", { at }));
    }
    expect(journal.refusal).toBeUndefined();
    await journal.close();
    expect(readFileSync(trusted, "utf8")).not.toContain(old.ca);
  });

  test("of the old authority gets no connection once that one is not trusted", async () => {
    writeFileSync(trusted, fresh.ca);
    await present(old);
    await expect(open()).rejects.toMatchObject({ kind: "insecure" });
  });
});
