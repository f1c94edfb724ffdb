import fc from "fast-check";
import { expect, test } from "vitest";
import { checksumOf } from "./checksum.ts";

test("checksumOf() changes when any one bit does, or a zero is added", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(), fc.nat(7), (bytes, at, bit) => {
      const sound = checksumOf(bytes);
      const damaged = Uint8Array.from(bytes);
      damaged[at % bytes.length]! ^= 1 << bit;
      expect(checksumOf(damaged)).not.toBe(sound);
      expect(checksumOf(Uint8Array.of(...bytes, 0))).not.toBe(sound);
      expect(checksumOf(Uint8Array.from(bytes))).toBe(sound);
    }),
  );
});

test("checksumOf() is the published tag when nothing is authenticated (GCM test case 1)", () => {
  expect(checksumOf(new Uint8Array(0))).toBe("58e2fccefa7e3061367f1d57a4e7455a");
});
