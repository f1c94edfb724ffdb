/** Where the snapshots of one session are kept, each under the number of the record that it stands at. Keeps bytes, and knows nothing of what they mean. */
export interface SnapshotStore {
  /** The numbers of those that were written to their end, newest first. */
  list(): Promise<readonly number[]>;
  read(seq: number): Promise<Uint8Array>;
  /** Keeps a snapshot whole and durable, or, when this or its parts throw, not at all. */
  write(seq: number, parts: AsyncIterable<Uint8Array>): Promise<void>;
  remove(seq: number): Promise<void>;
}
