import { FailureError } from "@tradepulse/core";
import type { PostgresQuery } from "@tradepulse/platform";

/** What the server must be set to, so that what it calls committed is on the disk. */
const SAFE: Readonly<Record<string, readonly string[]>> = {
  fsync: ["on"],
  full_page_writes: ["on"],
  synchronous_commit: ["on", "remote_apply"],
  data_sync_retry: ["off"],
};

const TABLES = ["journal_batch", "journal_record", "audit", "leader", "journal_session"];

/**
 * Refuses a server whose commit is not durable (`TP_JOURNAL_UNSAFE`), and a user who may change what was written (`TP_JOURNAL_ROLE`). Asked at every
 * connection, since a server comes back from a restart with other settings.
 */
export async function checkDatabase(query: PostgresQuery): Promise<void> {
  await checkDurability(query);
  const changes = TABLES.map((table) => `has_table_privilege(current_user, 'tradepulse.${table}', 'INSERT, UPDATE, DELETE, TRUNCATE')`);
  const [role] = await query(
    `SELECT current_user AS name, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS is_super, ${changes.join(" OR ")} AS may_change`,
  );
  if (role?.["is_super"] !== true && role?.["may_change"] !== true) return;
  throw new FailureError({
    code: "TP_JOURNAL_ROLE",
    message: `Cannot keep the journal as user "${String(role["name"])}": it may change what was written, it must only read the tables and call the functions`,
    details: [["it is", role["is_super"] === true ? "a superuser" : "the owner of the schema, or has its rights"]],
    next: "trade as another user: tradepulse database migrate grants what it needs",
  });
}

async function checkDurability(query: PostgresQuery): Promise<void> {
  const names = Object.keys(SAFE);
  const [settings] = await query(`SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(", ")}`);
  for (const name of names) {
    const found = String(settings?.[name]);
    if (SAFE[name]!.includes(found)) continue;
    throw new FailureError({
      code: "TP_JOURNAL_UNSAFE",
      message: `Cannot keep the journal in this database: its ${name} is "${found}", allowed is ${SAFE[name]!.map((each) => `"${each}"`).join(" or ")}`,
      details: [],
      next: `set ${name} = ${SAFE[name]![0]!} on the server; with anything else a commit may be lost when the power goes`,
    });
  }
}
