import { columnKey } from "./column-names.ts";

/** What the rows of a file are. Only the first three can be loaded. */
export type CsvKind =
  | "bars"
  | "bid-ask bars"
  | "wide closes"
  | "trades"
  | "quotes"
  | "depth"
  | "factor file"
  | "map file"
  | "symbol properties"
  | "unknown";

const DEPTH_KEYS = ["firstupdateid", "lastupdateid", "updatetype", "issnapshot", "bids0price", "asks0price", "bidpx00", "bids", "bookside"];
const PROPERTY_KEYS = ["minimumpricevariation", "lotsize", "ticksize", "contractmultiplier"];
const TRADE_KEYS = ["amount", "size", "qty", "quantity", "volume", "side", "tradeid", "aggtradeid", "isbuyermaker", "cost"];
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The kind of a file that has a header line. `sampleRows` are the first lines below it. */
export function sniffKind(header: readonly string[], sampleRows: readonly (readonly string[])[]): CsvKind {
  const keys = header.map(columnKey);
  const has = (key: string): boolean => keys.includes(key);
  const hasAny = (names: readonly string[]): boolean => names.some(has);
  const hasAll = (names: readonly string[]): boolean => names.every(has);

  if (hasAny(DEPTH_KEYS)) return "depth";
  if (PROPERTY_KEYS.filter(has).length >= 2) return "symbol properties";
  if (has("pricefactor") || has("splitfactor")) return "factor file";
  if (has("mappedsymbol") || (has("ticker") && has("exchange") && has("date") && keys.length === 3)) return "map file";
  if (hasAll(["open", "high", "low", "close"]) || hasAll(["o", "h", "l", "c"])) return "bars";
  const sided = (side: string): boolean => ["open", "high", "low", "close"].every((part) => has(side + part) || has(part + side));
  if (sided("bid") || sided("ask")) return "bid-ask bars";
  if ((has("bid") && has("ask")) || (has("bidprice") && has("askprice"))) return "quotes";
  if (has("price") && hasAny(TRADE_KEYS)) return "trades";
  if (hasAny(["open", "high", "low"])) return "unknown";
  if (has("close") || has("closelast")) return "bars";
  return isWide(keys, sampleRows) ? "wide closes" : "unknown";
}

/** The kind of a file without a header, from its first rows. */
export function sniffHeadlessKind(rows: readonly (readonly string[])[]): CsvKind {
  const first = rows[0] ?? [];
  const isDate = /^\d{8}$/.test(first[0] ?? "");
  const numeric = first.slice(1).filter((cell) => NUMBER.test(cell)).length;
  if (isDate && first.length >= 2 && numeric === 0) return "map file";
  if (isDate && first.length === 4 && numeric === 3) return "factor file";
  if (first.some((cell) => /^(true|false|buy|sell)$/i.test(cell))) return "trades";
  if (first.length === 3 && numeric === 2) return "trades";
  if ((first.length === 5 || first.length === 6 || first.length >= 11) && rows.every(looksLikeBar)) return "bars";
  return "unknown";
}

/** Whether cells 1 to 4 are an open, high, low and close in this order. */
function looksLikeBar(row: readonly string[]): boolean {
  const [open, high, low, close] = row.slice(1, 5).map(Number);
  return high! >= low! && high! >= open! && high! >= close! && low! <= open! && low! <= close!;
}

/** A time and otherwise only numbers, under names of instruments. */
function isWide(keys: readonly string[], sampleRows: readonly (readonly string[])[]): boolean {
  const time = keys.findIndex((key) => ["date", "datetime", "timestamp", "time", ""].includes(key));
  if (time < 0 || keys.length < 2 || sampleRows.length === 0) return false;
  return sampleRows.every((row) => row.every((cell, i) => i === time || cell === "" || NUMBER.test(cell)));
}
