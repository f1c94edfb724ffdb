/**
 * Goal P7, first half: importing CSV against naive split and Number, and against DuckDB's read_csv where @duckdb/node-api
 * is installed. Both sides in one process, interleaved, the median of the ratios per round; checksums must agree first.
 *
 *     node --max-old-space-size=8192 benchmarks/csv-import.ts [rows=5000000] [rounds=5]
 *
 * (the naive form needs the memory)
 */
import { createReadStream, readFileSync } from "node:fs";
import { importCsv } from "@tradepulse/data";
import { barsCsv, median, megabytes, timed } from "./bars-csv.ts";

type Columns = readonly Float64Array[];

/** Ours: all that the product does with a file, its checks included. */
async function ours(path: string): Promise<Columns> {
  const { columns } = (await importCsv(path)).series[0]!;
  const { openUs, open, high, low, close, volume } = columns;
  return [openUs, open, high, low, close, volume];
}

/** What most people write first: the whole text, `split` and `map(Number)`, then columns. No checks. */
function naive(path: string): Columns {
  const table = readFileSync(path, "utf8")
    .split("\n")
    .slice(1, -1)
    .map((line) => line.split(",").map(Number));
  const scales = [1_000, 1, 1, 1, 1, 1];
  return scales.map((scale, field) => Float64Array.from(table, (fields) => fields[field]! * scale));
}

/** The lean form of the same: chunks of 4 MB, `split` and `Number` into columns of the right length. No checks. */
async function lean(path: string, rows: number): Promise<Columns> {
  const columns = Array.from({ length: 6 }, () => new Float64Array(rows));
  let row = -1;
  let carried = "";
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22, encoding: "latin1" })) {
    const lines = (carried + String(chunk)).split("\n");
    carried = lines.pop()!;
    for (const line of lines) {
      if (row >= 0) {
        const fields = line.split(",");
        columns[0]![row] = Number(fields[0]) * 1_000;
        for (let field = 1; field < 6; field += 1) columns[field]![row] = Number(fields[field]);
      }
      row += 1;
    }
  }
  return columns;
}

/** What we use of @duckdb/node-api, which may not be installed. */
interface DuckDb {
  readonly DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<DuckDbConnection> }> };
}
interface DuckDbConnection {
  stream(sql: string): Promise<{ fetchChunk(): Promise<DuckDbChunk | null> }>;
}
interface DuckDbChunk {
  readonly rowCount: number;
  getColumnVector(column: number): { readonly items: ArrayLike<number | bigint> };
}

async function duckDb(): Promise<((path: string, rows: number) => Promise<Columns>) | undefined> {
  const name = "@duckdb/node-api";
  const api = (await import(name).catch(() => undefined)) as DuckDb | undefined;
  if (api === undefined) return undefined;
  const connection = await (await api.DuckDBInstance.create(":memory:")).connect();
  return async (path, rows) => {
    const columns = Array.from({ length: 6 }, () => new Float64Array(rows));
    const types = "{'timestamp':'BIGINT','open':'DOUBLE','high':'DOUBLE','low':'DOUBLE','close':'DOUBLE','volume':'DOUBLE'}";
    const result = await connection.stream(`select * from read_csv('${path}', header = true, columns = ${types})`);
    let row = 0;
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      for (let field = 0; field < 6; field += 1) {
        const { items } = chunk.getColumnVector(field);
        const column = columns[field]!;
        const scale = field === 0 ? 1_000 : 1;
        for (let i = 0; i < chunk.rowCount; i += 1) column[row + i] = Number(items[i]!) * scale;
      }
      row += chunk.rowCount;
    }
    return columns;
  };
}

/** A sum over all columns in which the order of rows matters. */
function checksum(columns: Columns): number {
  let sum = 0;
  for (const column of columns) for (let row = 0; row < column.length; row += 1) sum = (sum * 0.999 + column[row]! * 1e-3) % 1e12;
  return sum;
}

const rows = Number(process.argv[2] ?? 5_000_000);
const rounds = Number(process.argv[3] ?? 5);
const path = barsCsv(rows);
const duck = await duckDb();
const contenders: (readonly [name: string, run: (path: string, rows: number) => Promise<Columns> | Columns, rounds: number])[] = [
  ["split + map(Number), whole text", naive, Math.min(rounds, 3)],
  ["split + Number, lean, chunks", lean, rounds],
  ...(duck === undefined ? [] : [["DuckDB read_csv, all cores", duck, rounds] as const]),
];

console.log(`${rows.toLocaleString("en-US")} rows x 6 columns, ${megabytes(path).toFixed(0)} MB, warm file cache`);
const expected = checksum(await ours(path));
for (const [name, run] of contenders) {
  const sum = checksum(await run(path, rows));
  if (sum !== expected) throw new Error(`checksums differ: ours ${expected}, ${name} ${sum}`);
}
console.log(`checksums agree: ${expected}`);

const ourTimes: number[] = [];
const theirTimes = new Map<string, number[]>(contenders.map(([name]) => [name, []]));
const ratios = new Map<string, number[]>(contenders.map(([name]) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  const { ms } = await timed(() => ours(path));
  ourTimes.push(ms);
  for (const [name, run, most] of contenders) {
    if (round >= most) continue;
    const their = await timed(() => run(path, rows));
    theirTimes.get(name)!.push(their.ms);
    ratios.get(name)!.push(their.ms / ms);
  }
}
const rate = (ms: number): string => `${ms.toFixed(0).padStart(6)} ms  ${(rows / ms / 1_000).toFixed(2).padStart(6)} M rows/s`;
console.log(`${"ours, with all checks".padEnd(34)}${rate(median(ourTimes))}   best ${Math.min(...ourTimes).toFixed(0)} ms`);
for (const [name] of contenders) {
  console.log(`${name.padEnd(34)}${rate(median(theirTimes.get(name)!))}   ${median(ratios.get(name)!).toFixed(1)} times ours`);
}
if (duck === undefined) console.log("DuckDB                            not measured: @duckdb/node-api is not installed");
