import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32c } from "./crc32c.ts";

const ISCSI_READ = `01c00000 00000000 00000000 00000000 14000000 00000400 00000014 00000018 28000000 00000000 02000000 00000000`;

/** RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms. */
const PUBLISHED: readonly (readonly [what: string, bytes: Uint8Array, crc: number])[] = [
  ["32 bytes of zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 bytes of ones", new Uint8Array(32).fill(255), 0x62a8ab43],
  ["32 bytes counting up", Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e],
  ["32 bytes counting down", Uint8Array.from({ length: 32 }, (_, at) => 31 - at), 0x113fdb5c],
  ["an iSCSI read command", new Uint8Array(Buffer.from(ISCSI_READ.replaceAll(" ", ""), "hex")), 0xd9963a56],
  ["the digits 1 to 9", new TextEncoder().encode("123456789"), 0xe3069283],
  ["nothing", new Uint8Array(0), 0],
];

test.each(PUBLISHED)("crc32c() gives the published value when it reads %s", (_what, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});

test("crc32c() agrees with the definition bit by bit over any part of any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), fc.nat(200), (bytes, a, b) => {
      const from = Math.min(a, b, bytes.length);
      const to = Math.min(Math.max(a, b), bytes.length);
      expect(crc32c(bytes, from, to)).toBe(bitByBit(bytes.subarray(from, to)));
    }),
  );
});

function bitByBit(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
