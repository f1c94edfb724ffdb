import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Fixtures that are shared beside this repository; `SOURCES.md` says what they are. */
const folder = new URL("../../../../../shared/data/fixtures/exchange/", import.meta.url);
/** False where the fixtures are absent. */
export const isThere = existsSync(fileURLToPath(folder));

/** A case of a fixture. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly exchange: string };

/** The cases of a file that are of Binance. */
export function rows(file: string): readonly Row[] {
  if (!isThere) return [];
  const all = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as readonly Row[];
  return all.filter((row) => row.exchange === "binance");
}

/** A text of the fixture; empty when it is none. */
export const plain = (value: unknown): string => (typeof value === "string" ? value : "");

/** `BTC/USDT` to `BTCUSDT`. */
export const symbolOfPair = (pair: unknown): string => String(pair).replace("/", "");
