import { createHash } from "node:crypto";
import { FailureError } from "@tradepulse/core";
import type { Env, PostgresConnection, PostgresQuery } from "@tradepulse/platform";

/** A change of the schema, in the order of its number. */
interface Migration {
  readonly name: string;
  readonly text: string;
  readonly digest: string;
}

/** One process at a time changes the schema. The number is any, and the same everywhere. */
const LOCK = "7305612230091";

const FOLDER = decodeURIComponent(new URL("./migrations", import.meta.url).pathname);

/**
 * Brings the schema `tradepulse` up to date, in one transaction, and lets a role use it: to read the tables and to call the functions that write them,
 * nothing else. The connection is the owner's, who should trade with it never. Gives the names of what was done now. Throws `TP_JOURNAL_MIGRATION` when
 * the schema is of a later version, or a migration was changed after it had run.
 */
export async function migrateJournal(env: Env, connection: PostgresConnection, applicationRole: string): Promise<readonly string[]> {
  const migrations = await readMigrations(env);
  return await connection.transaction(async (query) => {
    await query(`SELECT pg_advisory_xact_lock(${LOCK})`);
    await query("CREATE SCHEMA IF NOT EXISTS tradepulse");
    await query(
      "CREATE TABLE IF NOT EXISTS tradepulse.migration (name text PRIMARY KEY, digest text NOT NULL, run_at timestamptz NOT NULL DEFAULT now())",
    );
    const done = await doneMigrations(query, migrations);
    const open = migrations.slice(done);
    for (const { name, text, digest } of open) {
      await query(text);
      await query("INSERT INTO tradepulse.migration (name, digest) VALUES ($1, $2)", [name, digest]);
    }
    await grant(query, applicationRole);
    return open.map(({ name }) => name);
  });
}

/** Refuses a schema that is not exactly the one that this version writes. Throws `TP_JOURNAL_MIGRATION`. */
export async function checkMigrations(env: Env, query: PostgresQuery): Promise<void> {
  const migrations = await readMigrations(env);
  const [found] = await query("SELECT to_regclass('tradepulse.migration') IS NOT NULL AS is_there");
  const done = found?.["is_there"] === true ? await doneMigrations(query, migrations) : 0;
  if (done < migrations.length)
    refuseSchema(`${done} of ${migrations.length} migrations have run`, "run tradepulse database migrate as the owner of the schema");
}

async function readMigrations(env: Env): Promise<readonly Migration[]> {
  const names = (await env.files.list(FOLDER)).filter((name) => name.endsWith(".sql"));
  return await Promise.all(
    names.map(async (name) => {
      const text = new TextDecoder().decode(await env.files.read(`${FOLDER}/${name}`)).replaceAll("\r\n", "\n");
      return { name, text, digest: createHash("sha256").update(text).digest("hex") };
    }),
  );
}

/** How many have run. */
async function doneMigrations(query: PostgresQuery, migrations: readonly Migration[]): Promise<number> {
  const rows = await query("SELECT name, digest FROM tradepulse.migration ORDER BY name");
  for (const [k, { name, digest }] of rows.entries()) {
    const known = migrations[k];
    if (known === undefined || known.name !== name)
      refuseSchema(
        `it has migration "${String(name)}", which this version does not know`,
        "start the version that made the schema, or a later one",
      );
    if (known.digest !== digest)
      refuseSchema(`migration "${known.name}" has run with another text than this version has`, "start the version that made the schema");
  }
  return rows.length;
}

async function grant(query: PostgresQuery, role: string): Promise<void> {
  const name = `"${role.replaceAll('"', '""')}"`;
  await query(`GRANT USAGE ON SCHEMA tradepulse TO ${name}`);
  await query(`GRANT SELECT ON ALL TABLES IN SCHEMA tradepulse TO ${name}`);
  await query(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tradepulse TO ${name}`);
}

function refuseSchema(why: string, next: string): never {
  throw new FailureError({
    code: "TP_JOURNAL_MIGRATION",
    message: `Cannot use schema "tradepulse" of the database: ${why}, it must be the one of this version`,
    details: [],
    next,
  });
}
