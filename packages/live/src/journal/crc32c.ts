/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

const STEP = 16;

/** Sixteen tables of 256 words: entry `n * 256 + b` carries byte `b` past `n` zero bytes. */
const TABLES = tables();

/**
 * CRC32C (Castagnoli) of `bytes[from..to)`, as an unsigned 32-bit number. Sixteen bytes a step, which takes two thirds of the time of eight. `view`
 * spares making one of the same bytes. Source: RFC 3720, appendix B.4, whose vectors the test repeats.
 */
export function crc32c(
  bytes: Uint8Array,
  from = 0,
  to = bytes.length,
  view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
): number {
  let crc = -1;
  let at = from;
  for (const end = to - STEP; at <= end; at += STEP) {
    const a = crc ^ view.getInt32(at, true);
    const b = view.getInt32(at + 4, true);
    const c = view.getInt32(at + 8, true);
    const d = view.getInt32(at + 12, true);
    crc = past(12, a) ^ past(8, b) ^ past(4, c) ^ past(0, d);
  }
  if (at <= to - 8) {
    const a = crc ^ view.getInt32(at, true);
    const b = view.getInt32(at + 4, true);
    crc = past(4, a) ^ past(0, b);
    at += 8;
  }
  for (; at < to; at += 1) crc = TABLES[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Four bytes carried past `zeros` bytes of zero. */
function past(zeros: number, word: number): number {
  const table = zeros << 8;
  return (
    TABLES[table + 768 + (word & 255)]! ^
    TABLES[table + 512 + ((word >>> 8) & 255)]! ^
    TABLES[table + 256 + ((word >>> 16) & 255)]! ^
    TABLES[table + (word >>> 24)]!
  );
}

function tables(): Int32Array {
  const made = new Int32Array(STEP * 256);
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
