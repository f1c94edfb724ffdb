import { createHmac, createPrivateKey, type KeyObject, sign as signBytes } from "node:crypto";
import { FailureError } from "@tradepulse/core";
import type { Secret } from "@tradepulse/platform";

/** A key of an account. `hmac` is the pair the venue made; `ed25519` is a private key of ours in PKCS#8 PEM whose public half the venue knows. */
export type BinanceKey =
  | { readonly kind: "hmac"; readonly apiKey: Secret; readonly secret: Secret }
  | { readonly kind: "ed25519"; readonly apiKey: Secret; readonly privateKey: Secret };

export type Parameters = readonly (readonly [name: string, value: string])[];

/** `name=value` pairs, percent-encoded, in the order given. */
export function queryOf(parameters: Parameters): string {
  return parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
}

/** Signature of exactly this text: HMAC-SHA256 in hexadecimal, or Ed25519 in base64. */
export function signText(key: BinanceKey, text: string): string {
  if (key.kind === "hmac") return createHmac("sha256", key.secret.reveal()).update(text, "utf8").digest("hex");
  return signBytes(null, Buffer.from(text, "utf8"), privateKeyOf(key.privateKey)).toString("base64");
}

/**
 * A query for REST with its signature at the end. Signed is what is sent, byte for byte and in that order: the venue signs the text it received,
 * so a form that is encoded or sorted differently from the signed one is refused with -1022.
 */
export function signedQuery(key: BinanceKey, parameters: Parameters): string {
  const query = queryOf(parameters);
  return `${query}&signature=${encodeURIComponent(signText(key, query))}`;
}

/**
 * Parameters for the WebSocket API with `apiKey` and `signature`. There the order of a JSON object means nothing, so the venue signs the
 * parameters sorted by name, not percent-encoded, without the signature itself.
 */
export function signedParams(key: BinanceKey, parameters: Readonly<Record<string, string | number>>): Record<string, string | number> {
  const all: Record<string, string | number> = { ...parameters, apiKey: key.apiKey.reveal() };
  const text = Object.keys(all)
    .sort()
    .map((name) => `${name}=${all[name]}`)
    .join("&");
  return { ...all, signature: signText(key, text) };
}

/** What must not appear in any text about this key. */
export function secretsOf(key: BinanceKey): readonly Secret[] {
  return [key.apiKey, key.kind === "hmac" ? key.secret : key.privateKey];
}

// Reading a PEM costs more than signing with it.
const readKeys = new WeakMap<Secret, KeyObject>();

function privateKeyOf(secret: Secret): KeyObject {
  const known = readKeys.get(secret);
  if (known !== undefined) return known;
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(secret.reveal());
  } catch {
    // The reason that OpenSSL gives can quote the text, so it goes nowhere.
  }
  if (key?.asymmetricKeyType !== "ed25519") {
    throw new FailureError({
      code: "TP_VENUE_KEY",
      message: `Cannot sign for "binance": the private key is ${key === undefined ? "not readable" : `of type ${key.asymmetricKeyType}`}, allowed is an Ed25519 key in PKCS#8 PEM`,
      details: [],
      next: "make one with: openssl genpkey -algorithm ed25519, and register its public half at the venue",
    });
  }
  readKeys.set(secret, key);
  return key;
}
