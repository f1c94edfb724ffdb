import { createCipheriv } from "node:crypto";

const KEY = new Uint8Array(16);
const NONCE = new Uint8Array(12);
const LARGEST_PART = 1 << 30;

/**
 * A 128-bit checksum: GMAC (NIST SP 800-38D) under a fixed, public key, so it notices damage and proves no author. Taken
 * because processors compute it at the speed of memory: 26 GB/s where CRC-32 gives 7 and SHA-256 gives 2.
 */
export function checksumOf(bytes: Uint8Array): string {
  const cipher = createCipheriv("aes-128-gcm", KEY, NONCE);
  for (let from = 0; from < bytes.length; from += LARGEST_PART) cipher.setAAD(bytes.subarray(from, from + LARGEST_PART));
  cipher.final();
  return cipher.getAuthTag().toString("hex");
}
