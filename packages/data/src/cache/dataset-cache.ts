import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { BarColumns } from "@tradepulse/core";
import type { DatasetInstrument, WholeDataset } from "../dataset.ts";
import { openColumnFile, writeColumnFile } from "./column-file.ts";

/** Raised when importing changes what it makes of the same file: older cache files are then made anew. */
const FORMAT = 2;
const PARTS = ["openUs", "closeUs", "open", "high", "low", "close", "volume"] as const;

/** What a cached dataset was made from. */
export interface CacheKey {
  readonly directory: string;
  /** Absolute path of the source. */
  readonly source: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** Options that change what is made of the source, as plain data. */
  readonly options: Readonly<Record<string, unknown>>;
}

interface CachedInstrument extends Omit<DatasetInstrument, "columns" | "warmupBars"> {
  /** Per part of the bars the number of its column in the file; parts may share one. */
  readonly parts: readonly number[];
  readonly volumeKnown: boolean;
}

interface Meta {
  readonly format: number;
  readonly size: number;
  readonly modifiedMs: number;
  readonly dataset: Omit<WholeDataset, "instruments">;
  readonly instruments: readonly CachedInstrument[];
}

/** `TRADEPULSE_DATA_DIR/cache`, else `.tradepulse/cache` in the project: the nearest folder upwards with a `package.json`, `.git` or `.tradepulse`. */
export function defaultCacheDirectory(
  from: string = process.cwd(),
  dataDirectory: string | undefined = process.env["TRADEPULSE_DATA_DIR"],
): string {
  if (dataDirectory !== undefined && dataDirectory !== "") return join(resolve(dataDirectory), "cache");
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if ([".tradepulse", "package.json", ".git"].some((mark) => existsSync(join(folder, mark)))) return join(folder, ".tradepulse", "cache");
    if (folder === dirname(folder)) return join(resolve(from), ".tradepulse", "cache");
  }
}

/** The cached dataset of a source; `undefined` when there is none, it is damaged, or the source has changed since. */
export async function readCachedDataset(key: CacheKey): Promise<WholeDataset | undefined> {
  const file = await openColumnFile(pathOf(key));
  if (file === undefined) return undefined;
  try {
    const meta = file.meta as Meta;
    if (meta.format !== FORMAT || meta.size !== key.size || meta.modifiedMs !== key.modifiedMs) return undefined;
    const columns = await file.readColumns();
    if (columns === undefined) return undefined;
    const instruments = meta.instruments.map(({ parts, volumeKnown, ...rest }) => ({
      ...rest,
      warmupBars: 0,
      columns: barsFrom(columns, parts, volumeKnown),
    }));
    return { ...meta.dataset, instruments };
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** Keeps a dataset; `false` when the folder cannot be written, which is no failure of a load. */
export async function writeCachedDataset(key: CacheKey, whole: WholeDataset): Promise<boolean> {
  const columns: Float64Array[] = [];
  const numbers = new Map<Float64Array, number>();
  const numberOf = (column: Float64Array): number => {
    const known = numbers.get(column);
    if (known !== undefined) return known;
    numbers.set(column, columns.length);
    return columns.push(column) - 1;
  };
  const { instruments, ...dataset } = whole;
  const meta: Meta = {
    format: FORMAT,
    size: key.size,
    modifiedMs: key.modifiedMs,
    dataset,
    instruments: instruments.map(({ columns: bars, warmupBars: _, ...rest }) => ({
      ...rest,
      parts: PARTS.map((part) => numberOf(bars[part])),
      volumeKnown: bars.volumeKnown,
    })),
  };
  try {
    await writeColumnFile(pathOf(key), meta, columns);
    return true;
  } catch {
    return false;
  }
}

function barsFrom(columns: readonly Float64Array[], parts: readonly number[], volumeKnown: boolean): BarColumns {
  const [openUs, closeUs, open, high, low, close, volume] = parts.map((part) => columns[part]!);
  return {
    length: close!.length,
    openUs: openUs!,
    closeUs: closeUs!,
    open: open!,
    high: high!,
    low: low!,
    close: close!,
    volume: volume!,
    volumeKnown,
  };
}

function pathOf(key: CacheKey): string {
  const name = createHash("sha256")
    .update(JSON.stringify([key.source, Object.entries(key.options).toSorted(([a], [b]) => (a < b ? -1 : 1))]))
    .digest("hex");
  return join(key.directory, `${name.slice(0, 32)}.columns`);
}
