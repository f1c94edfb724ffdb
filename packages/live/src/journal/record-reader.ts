import { FailureError } from "@tradepulse/core";
import { crc32c } from "./crc32c.ts";
import { factFieldsOf } from "./fact-fields.ts";
import type { JournalRecord } from "./journal.ts";
import { laterSchema } from "./journal-failures.ts";
import { CRC_FROM, HEADER_BYTES, PAYLOAD_BYTES_MAX, RECORD_SCHEMA } from "./record-buffer.ts";
import { MARK_KIND, RECORD_KINDS, recordKindOf } from "./record-kinds.ts";

const TEXT = new TextDecoder();

/** Walks the records of one segment from its start to the first place that holds no valid next record. */
export class RecordReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly segment: string;
  private kindId = 0;
  private payloadFrom = 0;
  /** Where the next record begins, or where the valid part ends. */
  offset = 0;
  /** Number that the next record must have. */
  nextSeq: number;
  /** Where the last mark begins; everything before it was durable when it was written. */
  markOffset = 0;

  /** `segment` names it in failures. */
  constructor(bytes: Uint8Array, firstSeq: number, segment: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.nextSeq = firstSeq;
    this.segment = segment;
  }

  /** Steps to the next record, past marks. False at the end of the valid part. Throws `TP_JOURNAL_SCHEMA` for a record of a later version. */
  next(): boolean {
    for (;;) {
      const length = validLength(this.bytes, this.view, this.offset);
      if (length === undefined) return false;
      const { offset, view } = this;
      const seq = seqAt(view, offset);
      const kindId = view.getUint16(offset + 10, true);
      const isMark = kindId === MARK_KIND;
      if (isMark ? seq >= this.nextSeq : seq !== this.nextSeq) return false;
      const schema = view.getUint16(offset + 8, true);
      if (schema > RECORD_SCHEMA || (!isMark && recordKindOf(kindId) === undefined)) {
        throw new FailureError(laterSchema(this.segment, offset, schema, kindId));
      }
      this.offset = offset + HEADER_BYTES + length;
      if (isMark) {
        this.markOffset = offset;
        continue;
      }
      this.nextSeq += 1;
      this.kindId = kindId;
      this.payloadFrom = offset + HEADER_BYTES;
      return true;
    }
  }

  /** The record that {@link next} stepped to. */
  record(): JournalRecord {
    const kind = recordKindOf(this.kindId)!;
    const payload =
      RECORD_KINDS[kind].form === "binary"
        ? this.fields(kind)
        : (JSON.parse(TEXT.decode(this.bytes.subarray(this.payloadFrom, this.offset))) as Readonly<Record<string, unknown>>);
    return { seq: this.nextSeq - 1, kind, payload };
  }

  private fields(kind: string): Readonly<Record<string, unknown>> {
    const payload: Record<string, number> = {};
    let at = this.payloadFrom;
    for (const [name, form] of factFieldsOf(kind)!) {
      payload[name] = form === "u32" ? this.view.getUint32(at, true) : this.view.getFloat64(at, true);
      at += form === "u32" ? 4 : 8;
    }
    return payload;
  }
}

/** The highest number that a valid mark anywhere behind `from` calls durable; 0 when there is none. Records need not be readable in between. */
export function provenDurable(bytes: Uint8Array, from: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let proven = 0;
  for (let at = from; at + HEADER_BYTES <= bytes.length; at += 1) {
    if (view.getUint16(at + 10, true) !== MARK_KIND || validLength(bytes, view, at) !== 0) continue;
    proven = Math.max(proven, seqAt(view, at));
  }
  return proven;
}

function validLength(bytes: Uint8Array, view: DataView, offset: number): number | undefined {
  if (offset + HEADER_BYTES > bytes.length) return undefined;
  const length = view.getUint32(offset, true);
  const end = offset + HEADER_BYTES + length;
  if (length > PAYLOAD_BYTES_MAX || end > bytes.length) return undefined;
  return crc32c(bytes, offset + CRC_FROM, end, view) === view.getUint32(offset + 4, true) ? length : undefined;
}

function seqAt(view: DataView, offset: number): number {
  return view.getUint32(offset + 16, true) * 0x1_0000_0000 + view.getUint32(offset + 12, true);
}
