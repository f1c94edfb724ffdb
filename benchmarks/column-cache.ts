/**
 * Goal P7, second half: loading cached columns against importing the same CSV, both as the product does them, and both
 * again with the page faults of fresh memory taken out (columns read into memory touched before).
 *
 *     node benchmarks/column-cache.ts [rows=5000000] [rounds=7]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importCsv, loadDataset, openColumnFile, writeColumnFile } from "@tradepulse/data";
import { barsCsv, median, megabytes, timed } from "./bars-csv.ts";

const rows = Number(process.argv[2] ?? 5_000_000);
const rounds = Number(process.argv[3] ?? 7);
const path = barsCsv(rows);
const folder = mkdtempSync(join(tmpdir(), "tradepulse-bench-cache-"));

try {
  const options = { cache: "always", cacheDirectory: folder } as const;
  const first = await timed(() => loadDataset(path, options));
  const again = await timed(() => loadDataset(path, options));
  if (again.value.cache !== "read" || again.value.digest !== first.value.digest) throw new Error("the cache was not read");
  const { columns } = first.value.instruments[0]!;
  const cached = again.value.instruments[0]!.columns;
  for (const part of ["openUs", "closeUs", "open", "high", "low", "close", "volume"] as const) {
    if (!columns[part].every((value, row) => value === cached[part][row])) throw new Error(`column ${part} differs`);
  }
  console.log(
    `${rows.toLocaleString("en-US")} rows, CSV ${megabytes(path).toFixed(0)} MB, columns ${((rows * 56) / 1e6).toFixed(0)} MB; columns agree`,
  );

  const raw = join(folder, "raw.columns");
  const six = [columns.openUs, columns.open, columns.high, columns.low, columns.close, columns.volume];
  await writeColumnFile(raw, null, six);
  const memory = six.map(({ length }) => new SharedArrayBuffer(length * 8));
  for (const buffer of memory) new Float64Array(buffer).fill(1);

  const times = { import: [] as number[], load: [] as number[], fresh: [] as number[], warm: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    times.import.push((await timed(() => importCsv(path))).ms);
    times.load.push((await timed(() => loadDataset(path, options))).ms);
    times.fresh.push((await timed(() => readRaw(raw))).ms);
    times.warm.push((await timed(() => readRaw(raw, memory))).ms);
  }
  const line = (name: string, list: readonly number[]): string => {
    const ratios = list.map((ms, round) => times.import[round]! / ms);
    return `${name.padEnd(44)}${median(list).toFixed(0).padStart(6)} ms  ${(rows / median(list) / 1_000).toFixed(0).padStart(5)} M rows/s  ${median(ratios).toFixed(1).padStart(5)} times as fast as the import`;
  };
  console.log(line("CSV import, with all checks", times.import));
  console.log(line("cached dataset, checked, fresh memory", times.load));
  console.log(line("raw columns (6), checked, fresh memory", times.fresh));
  console.log(line("raw columns (6), checked, memory in use before", times.warm));
  console.log(`first load: import, findings, digest, cache written  ${first.ms.toFixed(0)} ms`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function readRaw(file: string, memory?: readonly SharedArrayBuffer[]): Promise<void> {
  const opened = await openColumnFile(file);
  const read = await opened!.readColumns(memory);
  await opened!.close();
  if (read === undefined) throw new Error("the column file is damaged");
}
