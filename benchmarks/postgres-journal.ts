/**
 * The journal in PostgreSQL against a bare `INSERT` and `COMMIT` of the same records through the same driver, and against the file journal, all in one
 * process on one file system, in turns. The bare side is one statement into a table with the same key; ours also checks the epoch, keeps the batch and
 * chains an audit row for every intent, in the same transaction.
 *
 *     node benchmarks/postgres-journal.ts [rounds=300]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileJournal } from "@tradepulse/live";
import { type PostgresConnection, realEnv } from "@tradepulse/platform";
import { findPostgres, startPostgresServer } from "@tradepulse/platform/testing";
import type { Journal } from "../packages/live/src/journal/journal.ts";
import { openPostgresJournal } from "../packages/live/src/journal/open-postgres-journal.ts";
import { makeJournalDatabase } from "../packages/live/src/testing/journal-database.ts";
import { type BenchRow, median, printRows } from "./statistics.ts";

const REQUEST = {
  symbol: "BTCUSDT",
  side: "buy",
  type: "limit",
  timeInForce: "GTC",
  quantity: "0.00125",
  price: "65000.10",
  deadlineUs: 1e15,
};
const INTENT = { orderId: 812, instrumentIndex: 0, epoch: 1, clientId: "tp-3-mk", deadlineUs: 1e15, commandSeq: 90_233, request: REQUEST };
const BAR = {
  seriesIndex: 1,
  timeUs: 1e15,
  receiveUs: 1e15,
  openUs: 1e15,
  closeUs: 1e15,
  open: 1.5,
  high: 2.5,
  low: 0.5,
  close: 2,
  volume: 12.25,
};
const GOAL = "journal";
const WARM_UP = 20;
const BARE =
  "INSERT INTO bare (seq, payload) SELECT $1::bigint + n - 1, payload FROM unnest(string_to_array($2, E'\\n')) WITH ORDINALITY AS r (payload, n)";

const env = realEnv();

/** All rows; none where there is no PostgreSQL on the machine. */
export async function benchPostgresJournal(rounds: number): Promise<BenchRow[]> {
  if (findPostgres() === undefined) return [];
  const server = await startPostgresServer();
  const folder = mkdtempSync(join(tmpdir(), "tradepulse-bench-"));
  try {
    const base = await makeJournalDatabase(server);
    const owner = await base.connectOwner();
    await owner.query("CREATE TABLE bare (seq bigint PRIMARY KEY, payload text NOT NULL)");
    await owner.query("GRANT INSERT ON bare TO trader");
    await owner.close();
    const bare = await base.connect();
    const epoch = await base.lead("bench");
    const database = await openPostgresJournal({ env, account: "bench", session: "one", epoch, connect: () => base.connect() });
    const file = await openFileJournal({ env, folder: join(folder, "journal") });
    const rows: BenchRow[] = [];
    for (const [what, kind, records] of [
      ["1 intent, waited for", "intent", 1],
      ["16 bars, waited for", "bar", 16],
      ["256 bars, waited for", "bar", 256],
    ] as const) {
      rows.push(await compare({ database, file, bare }, what, kind, records, records > 100 ? Math.ceil(rounds / 3) : rounds));
    }
    for (const clients of [1, 16, 128]) rows.push(...(await throughput(database, file, clients, rounds)));
    for (const journal of [database, file]) await journal.close();
    await bare.close();
    return rows;
  } finally {
    await server.end();
    rmSync(folder, { recursive: true });
  }
}

interface Sides {
  readonly database: Journal;
  readonly file: Journal;
  readonly bare: PostgresConnection;
}

/** The three in turns, the order turning; the median of the ratios. */
async function compare(
  { database, file, bare }: Sides,
  what: string,
  kind: "intent" | "bar",
  records: number,
  rounds: number,
): Promise<BenchRow> {
  const payload = kind === "intent" ? INTENT : BAR;
  const text = Array.from({ length: records }, () => JSON.stringify(payload)).join("\n");
  const times = { database: [] as number[], file: [] as number[], bare: [] as number[] };
  const write = async (journal: Journal): Promise<void> => {
    for (let at = 0; at < records; at += 1) journal.append(kind, payload);
    await journal.durable(journal.lastSeq);
  };
  const sides = [
    async () => times.database.push(await timeOf(() => write(database))),
    async () => times.bare.push(await timeOf(() => insert(bare, text, records))),
    async () => times.file.push(await timeOf(() => write(file))),
  ];
  for (let turn = 0; turn < rounds + WARM_UP; turn += 1) for (let k = 0; k < 3; k += 1) await sides[(turn + k) % 3]!();
  const ratio = (than: readonly number[]): number => median(times.database.map((time, at) => time / than[at]!).slice(WARM_UP));
  const ms = (of: readonly number[]): string => median(of.slice(WARM_UP)).toFixed(2);
  return {
    goal: GOAL,
    what: `committed: ${what}`,
    value: ratio(times.bare),
    unit: "x bare insert",
    target: "",
    met: undefined,
    note: `ours ${ms(times.database)} ms, bare ${ms(times.bare)} ms, file journal ${ms(times.file)} ms (${ratio(times.file).toFixed(1)} x)`,
  };
}

let bareSeq = 1;

async function insert(connection: PostgresConnection, text: string, records: number): Promise<void> {
  await connection.query(BARE, [bareSeq, text], "bare");
  bareSeq += records;
}

/** So many senders, each of which waits for its intent before the next one: what group commit is for. */
async function throughput(database: Journal, file: Journal, clients: number, rounds: number): Promise<BenchRow[]> {
  const each = Math.max(20, Math.ceil((4 * rounds) / clients));
  const run = async (journal: Journal): Promise<{ perSecond: number; p99: number }> => {
    const waits: number[] = [];
    const before = performance.now();
    const client = async (): Promise<void> => {
      for (let at = 0; at < each; at += 1) waits.push(await timeOf(async () => journal.durable(journal.append("intent", INTENT))));
    };
    await Promise.all(Array.from({ length: clients }, client));
    const took = performance.now() - before;
    waits.sort((a, b) => a - b);
    return { perSecond: (1_000 * waits.length) / took, p99: waits[Math.floor(0.99 * (waits.length - 1))]! };
  };
  await run(database);
  const ours = await run(database);
  const other = await run(file);
  const what = `intents of ${clients} senders`;
  const beside = `file journal ${other.perSecond.toFixed(0)} a second, p99 ${other.p99.toFixed(2)} ms`;
  return [
    {
      goal: GOAL,
      what,
      value: ours.perSecond,
      unit: "a second",
      target: "",
      met: undefined,
      note: `p99 commit ${ours.p99.toFixed(2)} ms; ${beside}`,
    },
  ];
}

async function timeOf(run: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await run();
  return performance.now() - before;
}

if (import.meta.main) {
  const rows = await benchPostgresJournal(Number(process.argv[2] ?? 300));
  if (rows.length === 0) console.error("No PostgreSQL server is installed, so there is nothing to measure.");
  else printRows(rows);
}
