import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";

/** A key as the venue knows it: the HMAC secret, or the public half of an Ed25519 pair. */
export interface ApiKey {
  readonly key: string;
  readonly accountId: string;
  readonly kind: "hmac" | "ed25519";
  /** The secret itself, or the public key in PEM. */
  readonly secret: string;
  /** Allowed to place and cancel; reading is always allowed. */
  readonly canTrade?: boolean;
  /** Allowed to place, where it may trade; a key that may not can only cancel. */
  readonly canPlace?: boolean;
}

/** The key that a local venue has when it is given none: for tests and first steps, worth nothing elsewhere. */
export const LOCAL_KEY: ApiKey = {
  key: "localVenueKey0000000000000000000000000000000000000000000000000001",
  accountId: "main",
  kind: "hmac",
  secret: "localVenueSecret000000000000000000000000000000000000000000000001",
};

/** The key of a sentinel at a local venue: of the same account, and good for reading and canceling only. */
export const LOCAL_SENTINEL_KEY: ApiKey = {
  key: "localSentinelKey000000000000000000000000000000000000000000000001",
  accountId: "main",
  kind: "hmac",
  secret: "localSentinelSecret000000000000000000000000000000000000000000001",
  canPlace: false,
};

/** Whether a signature over a payload was made with the key. HMAC in hexadecimal of either case, Ed25519 in base64. */
export function isSignedBy(key: ApiKey, payload: string, signature: string): boolean {
  if (key.kind === "hmac") {
    const expected = createHmac("sha256", key.secret).update(payload).digest();
    const given = Buffer.from(signature, "hex");
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
  return verify(null, Buffer.from(payload), createPublicKey(key.secret), Buffer.from(signature, "base64"));
}
