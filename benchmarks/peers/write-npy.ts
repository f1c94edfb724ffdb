import { writeFileSync } from "node:fs";

/** Writes a column as a NumPy array of doubles (format 1.0: magic, version, header padded to 64 bytes, little-endian data). */
export function writeNpy(path: string, column: Float64Array): void {
  const description = `{'descr': '<f8', 'fortran_order': False, 'shape': (${column.length},), }`;
  const header = `${description.padEnd(64 * Math.ceil((description.length + 11) / 64) - 11)}\n`;
  const head = Buffer.alloc(10);
  head.write("\x93NUMPY\x01\x00", "latin1");
  head.writeUInt16LE(header.length, 8);
  writeFileSync(
    path,
    Buffer.concat([head, Buffer.from(header, "latin1"), Buffer.from(column.buffer, column.byteOffset, column.byteLength)]),
  );
}
