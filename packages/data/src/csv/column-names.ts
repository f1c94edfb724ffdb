/** What a column holds, as far as a bar file is concerned. */
export type ColumnRole =
  | "time"
  | "open"
  | "high"
  | "low"
  | "close"
  | "volume"
  | `${"bid" | "ask"}-${"open" | "high" | "low" | "close" | "size"}`
  /** Known, of no use to a bar, reported. */
  | "known-extra";

/** A header cell in the form the tables below use: lower case letters and digits, a leading `1. ` dropped. */
export function columnKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\d+\.\s*/, "")
    .replace(/[^a-z0-9]/g, "");
}

/** Names of time columns, the better first: a file may have several. The empty one is the unnamed index of a data frame. */
export const TIME_KEYS: readonly string[] = [
  "timestamp",
  "timestampms",
  "timestampus",
  "timestampns",
  "timestamps",
  "unixtimestamp",
  "unix",
  "epoch",
  "epochms",
  "datetime",
  "opentime",
  "opentimems",
  "timems",
  "gmttime",
  "utctime",
  "localtime",
  "date",
  "time",
  "ts",
  "t",
  "",
];

/** Units that the name of a time column states. */
export const UNIT_IN_NAME: Readonly<Record<string, "s" | "ms" | "us" | "ns">> = {
  timestampms: "ms",
  timems: "ms",
  epochms: "ms",
  opentimems: "ms",
  timestampus: "us",
  timestampns: "ns",
};

const BAR_KEYS: Readonly<Record<string, ColumnRole>> = {
  open: "open",
  o: "open",
  openprice: "open",
  high: "high",
  h: "high",
  highprice: "high",
  low: "low",
  l: "low",
  lowprice: "low",
  close: "close",
  c: "close",
  closeprice: "close",
  closelast: "close",
  volume: "volume",
  vol: "volume",
  v: "volume",
  tickvol: "known-extra",
  tickvolume: "known-extra",
};

const KNOWN_EXTRAS = new Set([
  "adjclose",
  "adjustedclose",
  "closeadj",
  "adjopen",
  "adjhigh",
  "adjlow",
  "adjvolume",
  "dividend",
  "dividends",
  "dividendamount",
  "stocksplits",
  "splits",
  "splitcoefficient",
  "splitratio",
  "closetime",
  "endtime",
  "quotevolume",
  "quoteassetvolume",
  "turnover",
  "amount",
  "count",
  "trades",
  "tradecount",
  "tradescount",
  "numberoftrades",
  "nooftrades",
  "takerbuyvolume",
  "takerbuybasevolume",
  "takerbuybaseassetvolume",
  "takerbuyquotevolume",
  "takerbuyquoteassetvolume",
  "ignore",
  "vwap",
  "openinterest",
  "openint",
  "spread",
  "symbol",
  "ticker",
  "name",
  "index",
  "unnamed0",
  "weekday",
]);

/** Roles of a header's cells; `undefined` for a name we do not know. Of several time columns the best is `time`, the rest are extras. */
export function columnRoles(header: readonly string[]): (ColumnRole | undefined)[] {
  const keys = header.map(columnKey);
  const best = TIME_KEYS.find((key) => keys.includes(key));
  const time = best === undefined ? -1 : keys.indexOf(best);
  const taken = new Set<ColumnRole>();
  return keys.map((key, column) => {
    if (column === time) return "time";
    const role = roleOf(key);
    if (role === "volume" && taken.has("volume") && key !== "volume") return "known-extra";
    if (role === undefined || role === "known-extra") return role;
    // The second column of a role is not understood, rather than silently passed over.
    if (taken.has(role)) return undefined;
    taken.add(role);
    return role;
  });
}

function roleOf(key: string): ColumnRole | undefined {
  const role = BAR_KEYS[key];
  if (role !== undefined) return role;
  if (KNOWN_EXTRAS.has(key) || TIME_KEYS.includes(key)) return "known-extra";
  // `Volume BTC`, `Volume USDT`: the first is in base units.
  if (/^volume[a-z]{2,5}$/.test(key)) return "volume";
  const sided = /^(bid|ask)(open|high|low|close|size|volume|qty)$/.exec(key) ?? undefined;
  const reversed = sided === undefined ? /^(open|high|low|close)(bid|ask)$/.exec(key) : null;
  const side = (sided?.[1] ?? reversed?.[2]) as "bid" | "ask" | undefined;
  const part = sided?.[2] ?? reversed?.[1];
  if (side === undefined || part === undefined) return undefined;
  return `${side}-${part === "volume" || part === "qty" ? "size" : (part as "open" | "high" | "low" | "close" | "size")}`;
}
