import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { bytesOf } from "../digest.ts";
import { checksumOf } from "./checksum.ts";

/**
 * A file of raw columns: magic (8 bytes), length of the head (u32, little-endian, padded to 8), SHA-256 of the head (32),
 * the head as JSON padded with spaces to a multiple of 8, then the columns as little-endian doubles. The head holds
 * length and {@link checksumOf} of each column, so any damaged byte is noticed.
 */
const MAGIC = new TextEncoder().encode("TPCOL\x01\0\n");
const PREFIX_BYTES = 48;
const LARGEST_HEAD = 1 << 24;
/** One system call moves at most 2^31 bytes. */
const LARGEST_TRANSFER = 1 << 30;

interface Head {
  readonly columns: readonly { readonly length: number; readonly checksum: string }[];
  readonly meta: unknown;
}

/** Writes columns and what is to be known about them, under a temporary name first: a reader sees all of it or none. */
export async function writeColumnFile(path: string, meta: unknown, columns: readonly Float64Array[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const head: Head = { columns: columns.map((column) => ({ length: column.length, checksum: checksumOf(bytesOf(column)) })), meta };
  const json = JSON.stringify(head);
  const text = new TextEncoder().encode(json);
  const headBytes = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(32);
  headBytes.set(text);
  const prefix = new Uint8Array(PREFIX_BYTES);
  prefix.set(MAGIC);
  new DataView(prefix.buffer).setUint32(8, headBytes.length, true);
  prefix.set(sha256(headBytes), 16);
  const partial = `${path}.${process.pid}.partial`;
  const file = await open(partial, "w");
  try {
    let position = 0;
    for (const part of [prefix, headBytes, ...columns.map(bytesOf)]) position = await writeAll(file, part, position);
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error;
  }
  await file.close();
  await rename(partial, path);
}

/** An open column file whose head is sound. */
export interface ColumnFile {
  readonly meta: unknown;
  /** Reads all columns, into `memory` where it is large enough, else into fresh shared memory. `undefined` when a byte is damaged. */
  readonly readColumns: (memory?: readonly SharedArrayBuffer[]) => Promise<Float64Array[] | undefined>;
  readonly close: () => Promise<void>;
}

/** Opens a column file; `undefined` when there is none, or its head is not sound, or its length is not what the head says. */
export async function openColumnFile(path: string): Promise<ColumnFile | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch {
    return undefined;
  }
  try {
    const opened = await readHead(file);
    if (opened !== undefined) return opened;
  } catch {
    // Unreadable is as good as absent: the caller makes the file anew.
  }
  await file.close();
  return undefined;
}

async function readHead(file: FileHandle): Promise<ColumnFile | undefined> {
  const prefix = new Uint8Array(PREFIX_BYTES);
  if (!(await readAll(file, prefix, 0)) || !equal(prefix.subarray(0, 8), MAGIC)) return undefined;
  const headLength = new DataView(prefix.buffer).getUint32(8, true);
  if (headLength > LARGEST_HEAD) return undefined;
  const headBytes = new Uint8Array(headLength);
  if (!(await readAll(file, headBytes, PREFIX_BYTES)) || !equal(prefix.subarray(16), sha256(headBytes))) return undefined;
  const head = JSON.parse(new TextDecoder().decode(headBytes)) as Head;
  const start = PREFIX_BYTES + headLength;
  const total = head.columns.reduce((sum, { length }) => sum + length * 8, start);
  if ((await file.stat()).size !== total) return undefined;
  return {
    meta: head.meta,
    readColumns: async (memory = []) => {
      let position = start;
      const reads = head.columns.map(({ length }, i) => {
        const column = new Float64Array(fitting(memory[i], length), 0, length);
        const done = readAll(file, bytesOf(column), position);
        position += length * 8;
        return { column, done };
      });
      // All reads are under way before the first check, so checking one column and reading the next overlap.
      const outcomes = await Promise.all(
        reads.map(async ({ column, done }, i) => (await done) && checksumOf(bytesOf(column)) === head.columns[i]!.checksum),
      );
      return outcomes.every(Boolean) ? reads.map(({ column }) => column) : undefined;
    },
    close: () => file.close(),
  };
}

function fitting(memory: SharedArrayBuffer | undefined, length: number): SharedArrayBuffer {
  return memory !== undefined && memory.byteLength >= length * 8 ? memory : new SharedArrayBuffer(length * 8);
}

async function readAll(file: FileHandle, into: Uint8Array, position: number): Promise<boolean> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, Math.min(LARGEST_TRANSFER, into.length - done), position + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(LARGEST_TRANSFER, bytes.length - done), position + done);
    done += bytesWritten;
  }
  return position + done;
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
