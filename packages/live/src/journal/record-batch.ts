import type { RecordText } from "./record-text.ts";

/** Records that go to the database in one transaction, and again as the same ones when nobody knows whether they arrived. */
export class RecordBatch {
  readonly firstSeq: number;
  count = 0;
  /** UTF-16 units of the payloads, and some more for each record. */
  length = 0;
  private readonly kindIds: number[] = [];
  private readonly payloads: string[] = [];

  constructor(firstSeq: number) {
    this.firstSeq = firstSeq;
  }

  get lastSeq(): number {
    return this.firstSeq + this.count - 1;
  }

  add({ kindId, payload }: RecordText): void {
    this.kindIds.push(kindId);
    this.payloads.push(payload);
    this.count += 1;
    this.length += payload.length + 20;
  }

  /** Numbers of the kinds, with blanks between them. */
  kindText(): string {
    return this.kindIds.join(" ");
  }

  /** A payload on each line. */
  payloadText(): string {
    return this.payloads.join("\n");
  }
}
