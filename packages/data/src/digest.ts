import { createHash } from "node:crypto";
import type { BarColumns } from "@tradepulse/core";

/** What a digest is taken over, per instrument. */
export interface DigestPart {
  readonly id: string;
  readonly intervalUs: number;
  readonly columns: BarColumns;
}

const PARTS = ["openUs", "closeUs", "open", "high", "low", "close", "volume"] as const;

/**
 * SHA-256 over the canonical form of columns: per instrument one line `id interval length volumeKnown`, then each column
 * as little-endian doubles in the order open time, close time, open, high, low, close, volume.
 */
export function digestOf(parts: readonly DigestPart[]): string {
  const hash = createHash("sha256");
  hash.update("tradepulse bars 1\n");
  for (const { id, intervalUs, columns } of parts) {
    hash.update(`${id} ${intervalUs} ${columns.length} ${columns.volumeKnown ? 1 : 0}\n`);
    for (const part of PARTS) hash.update(bytesOf(columns[part]));
  }
  return `sha256:${hash.digest("hex")}`;
}

/** The memory of a column as bytes. */
export function bytesOf(column: Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
