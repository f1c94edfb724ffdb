/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** Eight tables of 256 words: entry `n * 256 + b` carries byte `b` past `n` zero bytes. */
const TABLES = tables();

/**
 * CRC32C (Castagnoli) of `bytes[from..to)`, as an unsigned 32-bit number. Eight bytes a step. `view` spares making one of the same bytes.
 * Source: RFC 3720, appendix B.4, whose vectors the test repeats.
 */
export function crc32c(
  bytes: Uint8Array,
  from = 0,
  to = bytes.length,
  view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
): number {
  let crc = -1;
  let at = from;
  for (const end = to - 7; at < end; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      TABLES[1792 + (low & 255)]! ^
      TABLES[1536 + ((low >>> 8) & 255)]! ^
      TABLES[1280 + ((low >>> 16) & 255)]! ^
      TABLES[1024 + (low >>> 24)]! ^
      TABLES[768 + (high & 255)]! ^
      TABLES[512 + ((high >>> 8) & 255)]! ^
      TABLES[256 + ((high >>> 16) & 255)]! ^
      TABLES[high >>> 24]!;
  }
  for (; at < to; at += 1) crc = TABLES[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function tables(): Int32Array {
  const made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let word = byte;
    for (let bit = 0; bit < 8; bit += 1) word = (word >>> 1) ^ ((word & 1) === 0 ? 0 : POLYNOMIAL);
    made[byte] = word;
  }
  for (let at = 256; at < made.length; at += 1) {
    const before = made[at - 256]!;
    made[at] = (before >>> 8) ^ made[before & 255]!;
  }
  return made;
}
