import type { FileHandle } from "node:fs/promises";

/** Bytes kept free in front of each chunk for the unfinished row of the chunk before. No row may be longer. */
export const LONGEST_ROW_BYTES = 1 << 18;
const CHUNK_BYTES = 1 << 22;

/** Whole rows: `bytes[from, to)` ends just after a line feed. */
export interface RowChunk {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Position in the file of `bytes[from]`. */
  readonly fileOffset: number;
  readonly isLast: boolean;
}

/**
 * The file from `start` as chunks of whole rows, the last row closed by a line feed if the file does not. The next
 * chunk is read while the caller works on this one, so a chunk is valid only until the next is asked for.
 * Ends with a chunk that is not the last when a row is longer than {@link LONGEST_ROW_BYTES}; the caller refuses it.
 */
export async function* readRowChunks(file: FileHandle, start: number, chunkBytes: number = CHUNK_BYTES): AsyncGenerator<RowChunk> {
  const buffers = [new Uint8Array(LONGEST_ROW_BYTES + chunkBytes + 1), new Uint8Array(LONGEST_ROW_BYTES + chunkBytes + 1)];
  let turn = 0;
  let position = start;
  let carried = 0;
  let pending = fill(file, buffers[0]!, chunkBytes, position);
  try {
    for (;;) {
      const bytes = buffers[turn]!;
      const count = await pending;
      position += count;
      const other = buffers[1 - turn]!;
      const isLast = count < chunkBytes;
      if (!isLast) pending = fill(file, other, chunkBytes, position);
      const from = LONGEST_ROW_BYTES - carried;
      let end = LONGEST_ROW_BYTES + count;
      if (isLast && end > from && bytes[end - 1] !== 10) {
        bytes[end] = 10;
        end += 1;
      }
      // A chunk without a line feed is all carried over; one found in front of it belongs to an older chunk.
      const to = isLast ? end : Math.max(from, bytes.lastIndexOf(10, end - 1) + 1);
      const fileOffset = position - count - carried;
      carried = end - to;
      const isTooLong = carried > LONGEST_ROW_BYTES;
      if (to > from || isLast || isTooLong) yield { bytes, from, to, fileOffset, isLast };
      if (isLast || isTooLong) return;
      other.set(bytes.subarray(to, end), LONGEST_ROW_BYTES - carried);
      turn = 1 - turn;
    }
  } finally {
    // A caller that stops early must not leave a read behind that writes into its buffer, or fails unheard.
    await pending.catch(() => 0);
  }
}

/** Reads until `length` bytes or the end of the file, into the part of the buffer behind the room for a carried row. */
async function fill(file: FileHandle, buffer: Uint8Array, length: number, position: number): Promise<number> {
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, LONGEST_ROW_BYTES + done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
