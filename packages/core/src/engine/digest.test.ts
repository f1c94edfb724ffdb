import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventKind } from "../model/event.ts";
import { Digest, runHash } from "./digest.ts";
import { EventList } from "./event-list.ts";

/** MurmurHash3 x86-128 once more, over bytes, in whole numbers without a limit: written from the description, not from the code under test. */
function murmur128(bytes: Uint8Array, seed = 0): bigint[] {
  const WORD = 0xffffffffn;
  const rotate = (x: bigint, bits: bigint): bigint => ((x << bits) | (x >> (32n - bits))) & WORD;
  const times = (x: bigint, y: bigint): bigint => (x * y) & WORD;
  const constants = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n];
  const scramble = [15n, 16n, 17n, 18n];
  const spin = [19n, 17n, 15n, 13n];
  const added = [0x561ccd1bn, 0x0bcaa747n, 0x96cd1c35n, 0x32ac3b17n];
  const h = [BigInt(seed), BigInt(seed), BigInt(seed), BigInt(seed)];
  const scrambled = (k: bigint, lane: number): bigint =>
    times(rotate(times(k, constants[lane]!), scramble[lane]!), constants[(lane + 1) % 4]!);
  const lane = (from: number, bytesLeft: number): bigint => {
    let k = 0n;
    for (let i = Math.min(4, bytesLeft) - 1; i >= 0; i -= 1) k = (k << 8n) | BigInt(bytes[from + i]!);
    return k;
  };
  const blocks = Math.floor(bytes.length / 16);
  for (let block = 0; block < blocks; block += 1) {
    for (let i = 0; i < 4; i += 1) {
      h[i] = h[i]! ^ scrambled(lane(block * 16 + i * 4, 4), i);
      h[i] = (rotate(h[i]!, spin[i]!) + h[(i + 1) % 4]!) & WORD;
      h[i] = (h[i]! * 5n + added[i]!) & WORD;
    }
  }
  for (let i = 3; i >= 0; i -= 1) {
    const left = bytes.length - blocks * 16 - i * 4;
    if (left > 0) h[i] = h[i]! ^ scrambled(lane(blocks * 16 + i * 4, left), i);
  }
  const spread = (): void => {
    const first = h.reduce((sum, word) => sum + word, 0n) & WORD;
    h.forEach((word, i) => {
      h[i] = i === 0 ? first : (word + first) & WORD;
    });
  };
  for (let i = 0; i < 4; i += 1) h[i] = h[i]! ^ BigInt(bytes.length);
  spread();
  for (let i = 0; i < 4; i += 1) {
    let x = h[i]!;
    x = times(x ^ (x >> 16n), 0x85ebca6bn);
    x = times(x ^ (x >> 13n), 0xc2b2ae35n);
    h[i] = x ^ (x >> 16n);
  }
  spread();
  return h;
}

function hex(words: readonly bigint[]): string {
  return words.map((word) => word.toString(16).padStart(8, "0")).join("");
}

function littleEndian(words: readonly bigint[]): Uint8Array {
  return Uint8Array.from(words.flatMap((word) => [0n, 8n, 16n, 24n].map((shift) => Number((word >> shift) & 0xffn))));
}

function digestOf(values: readonly number[]): string {
  const digest = new Digest();
  digest.add(Float64Array.from(values), values.length);
  return digest.finish();
}

describe("the second implementation", () => {
  test("has the published verification value of MurmurHash3 x86-128", () => {
    // A. Appleby's SMHasher: hash the keys {}, {0}, {0, 1}, … with seeds 256, 255, …; hash the hashes; read four bytes.
    const all = new Uint8Array(256 * 16);
    for (let n = 0; n < 256; n += 1) {
      const key = Uint8Array.from({ length: n }, (_, i) => i);
      all.set(littleEndian(murmur128(key, 256 - n)), n * 16);
    }
    expect(murmur128(all)[0]!.toString(16)).toBe("b3ece62a");
  });
});

describe("Digest", () => {
  test("is MurmurHash3 x86-128 over the little-endian bytes of an even number of doubles", () => {
    const numbers = fc.array(
      fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(numbers, (values) => {
        const even = values.slice(0, values.length & ~1);
        const bytes = new Uint8Array(even.length * 8);
        const view = new DataView(bytes.buffer);
        even.forEach((value, i) => {
          view.setFloat64(i * 8, value, true);
        });
        expect(digestOf(even)).toBe(`tp1:${hex(murmur128(bytes))}`);
      }),
      { numRuns: 300 },
    );
  });

  test("is the hash of no bytes for no numbers", () => {
    expect(digestOf([])).toBe(`tp1:${"0".repeat(32)}`);
  });

  test("takes an odd number for one with a zero behind it", () => {
    expect(digestOf([1, 2, 3])).toBe(digestOf([1, 2, 3, 0]));
    expect(digestOf([1, 2, 3])).not.toBe(digestOf([1, 2, 3, 4]));
  });

  test("does not depend on how the numbers are portioned", () => {
    const whole = digestOf([1, 2, 3, 4, 5, 6]);
    const digest = new Digest();
    digest.add(Float64Array.of(1), 1);
    digest.add(Float64Array.of(2, 3, 4), 3);
    digest.addNumber(5);
    digest.add(Float64Array.of(6, 99), 1);
    expect(digest.finish()).toBe(whole);
  });

  test("takes -0 for 0, and every NaN for one", () => {
    expect(digestOf([-0, 1])).toBe(digestOf([0, 1]));
    const odd = new Float64Array(2);
    new DataView(odd.buffer).setBigUint64(0, 0xfff8_0000_0000_0001n, true);
    expect(odd[0]).toBeNaN();
    const digest = new Digest();
    digest.add(odd, 2);
    expect(digest.finish()).toBe(digestOf([Number.NaN, 0]));
  });

  test("tells every single changed number and every exchange of two apart", () => {
    const values = Array.from({ length: 32 }, (_, i) => i + 1);
    const seen = new Set([digestOf(values), ...values.map((value, i) => digestOf(values.with(i, value + 2 ** -30)))]);
    for (let i = 1; i < values.length; i += 1) seen.add(digestOf(values.with(i, values[i - 1]!).with(i - 1, values[i]!)));
    expect(seen.size).toBe(1 + 32 + 31);
  });
});

describe("runHash()", () => {
  const write = (events: EventList, lots: number): void => {
    const words = events.begin(EventKind.submitted, 60, 1, 0, 1, 1, 0);
    words[events.offset + 1] = lots;
  };

  test("changes with what happened and not with the words that explain it", () => {
    const first = new EventList();
    write(first, 5);
    const second = new EventList();
    write(second, 5);
    second.setTexts(1, "another reason", "another tag");
    const third = new EventList();
    write(third, 6);
    expect(runHash(second)).toBe(runHash(first));
    expect(runHash(third)).not.toBe(runHash(first));
  });
});
