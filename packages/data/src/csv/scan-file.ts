import { type ParsedTime, parseTimestamp, type TimeForm } from "../time/parse-timestamp.ts";
import { LONGEST_ROW_BYTES, readRowChunks } from "./chunk-reader.ts";
import { isoShapeOf } from "./iso-shape.ts";
import type { CsvLayout } from "./layout.ts";
import type { CsvHead } from "./read-head.ts";
import { type RowProblem, refuseRow } from "./row-problem.ts";
import { ALL_DIGITS, NANOSECOND_DIGITS, type RowPlan, type ScanCursor, scanPlainRows } from "./row-scanner.ts";
import { decodeText, splitRow } from "./row-text.ts";

/** How far an import is. Called after every few megabytes. */
export interface ImportProgress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly rows: number;
}

export interface ScanOptions {
  readonly progress?: (progress: ImportProgress) => void;
  /** Aborting ends the scan with the signal's reason, within a few milliseconds. */
  readonly signal?: AbortSignal;
  /** Bytes read at a time; 4 MB unless a test says otherwise. */
  readonly chunkBytes?: number;
}

/** The numbers of a file, one column per field that the layout uses. */
export interface ScannedColumns {
  readonly rows: number;
  /** As written: epoch numbers in their unit (nanoseconds as microseconds), other forms in microseconds. */
  readonly time: Float64Array;
  /** By field. Missing cells of wide closes are NaN. */
  readonly fields: ReadonlyMap<number, Float64Array>;
  /** Most digits after the point in a field, or a bound for numbers with an exponent. */
  readonly fractionDigits: Int32Array;
  /** Whether the times state their zone; epoch numbers do. */
  readonly zoned: boolean;
  /** Whether no row has a time of day. */
  readonly dateOnly: boolean;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const MISSING = /^(?:|nan|null|none|n\/a|na|-|#n\/a)$/i;
const LEAST_CAPACITY = 1_024;

/**
 * Reads all rows of a file into columns on shared memory. Plain rows go through {@link scanPlainRows}; any other row
 * through the slower reader here. Refuses the first row that is not what the layout says.
 */
export async function scanFile(
  head: CsvHead,
  layout: CsvLayout,
  form: TimeForm,
  firstTime: string,
  options: ScanOptions = {},
): Promise<ScannedColumns> {
  const reader = new RowReader(head, layout, form, firstTime);
  let endOffset = layout.dataOffset;
  let isWhole = false;
  for await (const chunk of readRowChunks(head.file, layout.dataOffset, options.chunkBytes)) {
    options.signal?.throwIfAborted();
    const offsetOf = (at: number): number => chunk.fileOffset + at - chunk.from;
    const problem = reader.take(chunk.bytes, chunk.from, chunk.to);
    if (problem !== undefined) return await refuseRow(head, layout, offsetOf(reader.cursor.at), problem);
    options.progress?.({ bytesDone: Math.min(offsetOf(chunk.to), head.size), bytesTotal: head.size, rows: reader.cursor.row });
    endOffset = offsetOf(chunk.to);
    isWhole = chunk.isLast;
  }
  if (!isWhole) {
    return await refuseRow(head, layout, endOffset, {
      code: "TP_DATA_ROW_LENGTH",
      state: `a row is longer than ${LONGEST_ROW_BYTES / 1_024} KB, no row of prices is`,
      next: "check that the lines of the file end with a line feed",
    });
  }
  return reader.columns();
}

class RowReader {
  readonly cursor: ScanCursor = { at: 0, row: 0 };
  readonly #head: CsvHead;
  readonly #layout: CsvLayout;
  readonly #form: TimeForm;
  readonly #fields: readonly number[];
  readonly #numbersMayMiss: boolean;
  readonly #isPlain: boolean;
  #plan: RowPlan;
  #capacity: number;
  #zoned: boolean | undefined;
  #dateOnly = true;

  constructor(head: CsvHead, layout: CsvLayout, form: TimeForm, firstTime: string) {
    this.#head = head;
    this.#layout = layout;
    this.#form = form;
    this.#fields = [...new Set([...layout.priceFields, ...(layout.volumeField === undefined ? [] : [layout.volumeField])])];
    this.#numbersMayMiss = layout.kind === "wide closes";
    this.#capacity = Math.max(LEAST_CAPACITY, Math.ceil((head.size / shortestRow(head)) * 1.05));
    const iso = form.kind === "iso" ? isoShapeOf(firstTime) : undefined;
    this.#isPlain = layout.clockField === undefined && (form.kind === "epoch" || iso !== undefined);
    const fieldCount = head.firstRow.length;
    const targets: (Float64Array | undefined)[] = Array.from({ length: fieldCount });
    for (const field of [layout.timeField, ...this.#fields]) targets[field] = sharedColumn(this.#capacity);
    this.#plan = {
      delimiterByte: head.delimiter.charCodeAt(0),
      fieldCount,
      timeField: layout.timeField,
      time: iso ?? (form.kind === "epoch" && form.unit === "ns" ? NANOSECOND_DIGITS : ALL_DIGITS),
      targets,
      fractionDigits: new Int32Array(fieldCount),
    };
    if (iso !== undefined) {
      this.#zoned = iso.suffix.length > 0;
      this.#dateOnly = iso.clockSeparator === 0;
    } else if (form.kind === "epoch") [this.#zoned, this.#dateOnly] = [true, false];
  }

  /** Reads `bytes[from, to)`, whole rows. On a problem the cursor stays at the start of its row. */
  take(bytes: Uint8Array, from: number, to: number): RowProblem | undefined {
    const { cursor } = this;
    cursor.at = from;
    while (cursor.at < to) {
      if (cursor.row === this.#capacity) this.#grow();
      if (this.#isPlain) scanPlainRows(this.#plan, bytes, to, this.#capacity, cursor);
      if (cursor.at >= to || cursor.row === this.#capacity) continue;
      const end = bytes.indexOf(10, cursor.at);
      const problem = this.#takeOther(decodeText(bytes, cursor.at, end));
      if (problem !== undefined) return problem;
      cursor.at = end + 1;
    }
    return undefined;
  }

  columns(): ScannedColumns {
    const rows = this.cursor.row;
    const part = (field: number): Float64Array => this.#plan.targets[field]!.subarray(0, rows);
    return {
      rows,
      time: part(this.#layout.timeField),
      fields: new Map(this.#fields.map((field) => [field, part(field)])),
      fractionDigits: this.#plan.fractionDigits,
      zoned: this.#zoned ?? false,
      dateOnly: this.#dateOnly,
    };
  }

  /** Any row at all, by text. */
  #takeOther(text: string): RowProblem | undefined {
    if (text.trim() === "") return undefined;
    const cells = splitRow(text.replace(/\r$/, ""), this.#head.delimiter);
    if (cells === undefined) {
      return {
        code: "TP_DATA_QUOTE",
        state: "a quote opened in a row is not closed there, quoted fields end on their line",
        value: text.trim(),
        next: "close the quote",
      };
    }
    const { fieldCount, timeField, targets, fractionDigits } = this.#plan;
    if (cells.length !== fieldCount) {
      return {
        code: "TP_DATA_FIELDS",
        state: `a row has ${cells.length} ${cells.length === 1 ? "field" : "fields"}, the first line has ${fieldCount}`,
        value: text.trim(),
        next: "correct the row; the last row of a download that was cut off can be removed",
      };
    }
    const problem = this.#takeTime(timeText(this.#layout, cells), targets[timeField]!);
    if (problem !== undefined) return problem;
    for (const field of this.#fields) {
      const cell = cells[field]!;
      const isNumber = NUMBER.test(cell);
      const value = isNumber ? Number(cell) : NaN;
      if (isNumber ? !Number.isFinite(value) : !(this.#numbersMayMiss && MISSING.test(cell))) return notANumber(field, cell);
      targets[field]![this.cursor.row] = value;
      fractionDigits[field] = Math.max(fractionDigits[field]!, placesOf(cell));
    }
    this.cursor.row += 1;
    return undefined;
  }

  #takeTime(text: string, column: Float64Array): RowProblem | undefined {
    const parsed = parseTimestamp(text, this.#form);
    const field = this.#layout.timeField;
    if (parsed === undefined) {
      return {
        code: "TP_DATA_TIME",
        state: `a time is ${text === "" ? "missing" : `no date, or not in the form of the first row, ${FORM_TEXT[this.#form.kind]}`}`,
        field,
        value: text,
        next: "write all times alike, for example 2026-03-01T00:04:00Z",
      };
    }
    this.#zoned ??= parsed.zoned;
    if (parsed.zoned !== this.#zoned) {
      return {
        code: "TP_DATA_TIME_ZONE",
        state: `a time states ${parsed.zoned ? "a zone and those before it do not" : "no zone and those before it do"}, all or none must`,
        field,
        value: text,
        next: "write all times alike, for example 2026-03-01T00:04:00Z",
      };
    }
    this.#dateOnly &&= parsed.dateOnly;
    column[this.cursor.row] = this.#asScanned(text, parsed);
    return undefined;
  }

  /** Epoch numbers stay in their unit until the whole column is converted, as the fast reader leaves them. */
  #asScanned(text: string, parsed: ParsedTime): number {
    return this.#form.kind === "epoch" && this.#form.unit !== "ns" ? Number(text) : parsed.timeUs;
  }

  #grow(): void {
    this.#capacity = Math.ceil(this.#capacity * 1.5);
    const targets = this.#plan.targets.map((old) => {
      if (old === undefined) return undefined;
      const column = sharedColumn(this.#capacity);
      column.set(old);
      return column;
    });
    this.#plan = { ...this.#plan, targets };
  }
}

const FORM_TEXT: Readonly<Record<TimeForm["kind"], string>> = {
  epoch: "a number",
  compact: "YYYYMMDD with or without a time of day",
  iso: "YYYY-MM-DD with or without a time of day",
  slash: "day, month, year",
};

/** The text of a row's time, date and clock joined where they are two fields. */
export function timeText(layout: CsvLayout, cells: readonly string[]): string {
  const date = cells[layout.timeField] ?? "";
  return layout.clockField === undefined ? date : `${date} ${cells[layout.clockField] ?? ""}`;
}

function notANumber(field: number, cell: string): RowProblem {
  const state = MISSING.test(cell)
    ? "a value is missing"
    : /^[+-]?inf/i.test(cell) || NUMBER.test(cell)
      ? "a value is infinite"
      : "a value is no number";
  return {
    code: "TP_DATA_NOT_A_NUMBER",
    state: `${state}, a plain number such as 1234.5 is needed`,
    field,
    value: cell,
    next: "fill in the value or remove the row",
  };
}

/** Digits after the point of a number as written, its exponent taken into account. */
function placesOf(text: string): number {
  const match = /^[+-]?\d*\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  return Math.max(0, (match?.[1]?.length ?? 0) - Number(match?.[2] ?? 0));
}

function shortestRow(head: CsvHead): number {
  const lengths = [head.firstRow, ...head.sampleRows].slice(head.sampleRows.length > 0 ? 1 : 0).map((cells) => cells.join(",").length + 1);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return Math.max(4, mean * 0.85);
}

function sharedColumn(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * 8));
}
