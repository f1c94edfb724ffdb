import type { Finding } from "../quality/finding.ts";
import { refuse, shown } from "../refuse.ts";
import { detectTimeForm, type EpochUnit } from "../time/parse-timestamp.ts";
import { columnKey, columnRoles, UNIT_IN_NAME } from "./column-names.ts";
import type { CsvHead } from "./read-head.ts";
import { type CsvKind, sniffHeadlessKind, sniffKind } from "./sniff-kind.ts";

export type QuoteSide = "bid" | "ask";

/** How the columns of a file were understood. */
export interface CsvLayout {
  readonly kind: "bars" | "bid-ask bars" | "wide closes";
  readonly columnNames: readonly string[];
  /** Position of the first data row. */
  readonly dataOffset: number;
  readonly hasHeader: boolean;
  readonly timeField: number;
  /** A second field with the time of day, where the time field holds only a date. */
  readonly clockField: number | undefined;
  /** Unit that the name of the time column states. */
  readonly namedUnit: EpochUnit | undefined;
  /** Bars: fields of open, high, low, close (all the same where a file has closes only). Wide closes: one per instrument. */
  readonly priceFields: readonly number[];
  /** Names of the instruments of wide closes. */
  readonly instrumentNames: readonly string[];
  readonly volumeField: number | undefined;
  readonly findings: readonly Finding[];
}

export interface LayoutOptions {
  readonly side?: QuoteSide;
  /** Columns to pass over although their names are not known. */
  readonly ignoreColumns?: readonly string[];
}

const LOADABLE = "loaded are bars (time, open, high, low, close, volume), bid-ask bars, and closes with one column per instrument";

/** Understands the columns of a file or refuses it, naming its kind or the columns that are not known. */
export function layoutOf(head: CsvHead, options: LayoutOptions): CsvLayout {
  const { path, firstRow, sampleRows } = head;
  const isHeadless = detectTimeForm(firstRow[0] ?? "") !== undefined && firstRow.length > 1;
  const kind = isHeadless ? sniffHeadlessKind([firstRow, ...sampleRows]) : sniffKind(firstRow, sampleRows);
  if (kind === "unknown") return isHeadless ? refuseHeadless(head) : refuseUnknown(head);
  if (kind !== "bars" && kind !== "bid-ask bars" && kind !== "wide closes") {
    return refuse(
      "TP_DATA_KIND",
      `Cannot load "${path}" as bars: it holds ${kindText(kind)}, ${LOADABLE}`,
      [["columns", columnsText(firstRow)]],
      KIND_NEXT[kind],
    );
  }
  if (isHeadless) return headlessBars(head);
  return kind === "wide closes" ? wideCloses(head) : barsWithHeader(head, kind, options);
}

const KIND_NEXT: Readonly<Record<Exclude<CsvKind, "bars" | "bid-ask bars" | "wide closes" | "unknown">, string>> = {
  trades: "aggregate the trades to bars first, for example one row per minute: time,open,high,low,close,volume",
  quotes: "aggregate the quotes to bars first, for example bid and ask bars per minute",
  depth: "name a file of bars; order books are not read yet",
  "factor file": "name the file of bars that the factors belong to; they are not applied yet",
  "map file": "name a file of bars; the mapping of names is not applied yet",
  "symbol properties": "name a file of bars; give tick and lot with --tick and --lot",
};

function kindText(kind: CsvKind): string {
  return kind === "factor file" || kind === "map file" ? `a ${kind}` : kind;
}

function columnsText(names: readonly string[]): string {
  const text = names.map((name) => (name === "" ? "(unnamed)" : name)).join(", ");
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}

function refuseUnknown(head: CsvHead): never {
  const { path, firstRow } = head;
  const keys = firstRow.map(columnKey);
  const missing = ["open", "high", "low", "close"].filter((name) => !keys.includes(name));
  return refuse(
    "TP_DATA_COLUMNS_MISSING",
    `Cannot load "${path}" as bars: its columns do not include ${missing.join(", ")}; ${LOADABLE}`,
    [["columns", columnsText(firstRow)]],
    "rename the columns in the first line of the file: time,open,high,low,close,volume",
  );
}

function refuseHeadless(head: CsvHead): never {
  return refuse(
    "TP_DATA_HEADER",
    `Cannot load "${head.path}": it has no header line, and its ${head.firstRow.length} columns are not time, open, high, low, close and perhaps volume`,
    [
      ["line", "1"],
      ["value", shown(head.firstRow.join(head.delimiter))],
    ],
    "put a first line with the names of the columns: time,open,high,low,close,volume",
  );
}

function headlessBars(head: CsvHead): CsvLayout {
  const count = head.firstRow.length;
  const names = ["time", "open", "high", "low", "close", "volume"];
  return {
    kind: "bars",
    columnNames: head.firstRow.map((_, i) => names[i] ?? `column ${i + 1}`),
    dataOffset: head.firstOffset,
    hasHeader: false,
    timeField: 0,
    clockField: undefined,
    namedUnit: undefined,
    priceFields: [1, 2, 3, 4],
    instrumentNames: [],
    volumeField: count > 5 ? 5 : undefined,
    findings: [
      {
        code: "no-header",
        severity: "note",
        text: `no header line: columns read as ${names.slice(0, Math.min(count, 6)).join(", ")}${count > 6 ? `, the other ${count - 6} ignored` : ""}`,
      },
    ],
  };
}

function barsWithHeader(head: CsvHead, kind: "bars" | "bid-ask bars", options: LayoutOptions): CsvLayout {
  const names = head.firstRow;
  const roles = columnRoles(names);
  const ignored = new Set((options.ignoreColumns ?? []).map(columnKey));
  const unknown = names.filter((name, i) => roles[i] === undefined && !ignored.has(columnKey(name)));
  if (unknown.length > 0) {
    refuse(
      "TP_DATA_COLUMNS_UNKNOWN",
      `Cannot load "${head.path}": the meaning of ${unknown.length === 1 ? "column" : "columns"} ${unknown.map(shown).join(", ")} is not known`,
      [["columns", columnsText(names)]],
      `pass over ${unknown.length === 1 ? "it" : "them"} with --ignore-columns ${shown(unknown.join(","))}, or rename ${unknown.length === 1 ? "it" : "them"}`,
    );
  }
  if (kind === "bid-ask bars" && options.side === undefined) {
    refuse(
      "TP_DATA_SIDE",
      `Cannot load "${head.path}": it holds bid and ask bars, one side is loaded`,
      [["columns", columnsText(names)]],
      "choose one: --side bid or --side ask",
    );
  }
  const prefix = kind === "bid-ask bars" ? (`${options.side!}-` as const) : "";
  const closeOnly = kind === "bars" && !roles.includes("open");
  const find = (part: "open" | "high" | "low" | "close"): number => {
    const field = roles.indexOf(`${prefix}${part}`);
    if (field >= 0) return field;
    return refuse(
      "TP_DATA_COLUMNS_MISSING",
      `Cannot load "${head.path}": it has no column ${shown(`${prefix}${part}`)}`,
      [["columns", columnsText(names)]],
      "choose the other side with --side, or add the column",
    );
  };
  const close = find("close");
  const priceFields = closeOnly ? [close, close, close, close] : [find("open"), find("high"), find("low"), close];
  const volume = roles.indexOf("volume");
  const timeField = requireTime(head, roles.indexOf("time"));
  const clockField = clockFieldOf(head, timeField);
  const used = new Set([timeField, clockField, ...priceFields, volume]);
  const passedOver = names.filter((_, i) => !used.has(i));
  const findings: Finding[] = [];
  if (passedOver.length > 0) {
    findings.push({
      code: "columns-ignored",
      severity: "note",
      count: passedOver.length,
      text: `columns not used: ${columnsText(passedOver)}`,
    });
  }
  if (closeOnly) findings.push({ code: "close-only", severity: "note", text: "closes only: open, high and low of each bar are its close" });
  return {
    kind,
    columnNames: names,
    dataOffset: head.secondOffset,
    hasHeader: true,
    timeField,
    clockField,
    namedUnit: UNIT_IN_NAME[columnKey(names[timeField]!)],
    priceFields,
    instrumentNames: [],
    volumeField: volume < 0 ? undefined : volume,
    findings,
  };
}

function wideCloses(head: CsvHead): CsvLayout {
  const names = head.firstRow;
  const timeField = requireTime(head, columnRoles(names).indexOf("time"));
  const priceFields = names.map((_, i) => i).filter((i) => i !== timeField);
  const instrumentNames = priceFields.map((i) => names[i]!);
  const repeated = instrumentNames.find((name, i) => instrumentNames.indexOf(name) !== i);
  if (repeated !== undefined) {
    refuse(
      "TP_DATA_COLUMNS_UNKNOWN",
      `Cannot load "${head.path}": two columns are named ${shown(repeated)}, each instrument needs its own name`,
      [["columns", columnsText(names)]],
      "rename one of them",
    );
  }
  return {
    kind: "wide closes",
    columnNames: names,
    dataOffset: head.secondOffset,
    hasHeader: true,
    timeField,
    clockField: undefined,
    namedUnit: UNIT_IN_NAME[columnKey(names[timeField]!)],
    priceFields,
    instrumentNames,
    volumeField: undefined,
    findings: [
      {
        code: "close-only",
        severity: "note",
        text: `closes of ${priceFields.length} instruments: open, high and low of each bar are its close`,
      },
    ],
  };
}

function requireTime(head: CsvHead, field: number): number {
  if (field >= 0) return field;
  return refuse(
    "TP_DATA_COLUMNS_MISSING",
    `Cannot load "${head.path}": it has no time column, one named time, timestamp, datetime or date is needed`,
    [["columns", columnsText(head.firstRow)]],
    "name the time column in the first line of the file",
  );
}

/** The `time` field beside a `date` field, when the first is a time of day and the second only a date. */
function clockFieldOf(head: CsvHead, timeField: number): number | undefined {
  const keys = head.firstRow.map(columnKey);
  const clock = keys.indexOf("time");
  if (keys[timeField] !== "date" || clock < 0) return undefined;
  return /^\d{1,2}:\d{2}/.test(head.sampleRows[0]?.[clock] ?? "") ? clock : undefined;
}
