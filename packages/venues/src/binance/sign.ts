import { createPrivateKey, type KeyObject, sign as signBytes } from "node:crypto";
import { FailureError } from "@tradepulse/core";
import type { Secret } from "@tradepulse/platform";
import { HmacKey } from "./hmac-key.ts";

/** A key of an account. `hmac` is the pair the venue made; `ed25519` is a private key of ours in PKCS#8 PEM whose public half the venue knows. */
export type BinanceKey =
  | { readonly kind: "hmac"; readonly apiKey: Secret; readonly secret: Secret }
  | { readonly kind: "ed25519"; readonly apiKey: Secret; readonly privateKey: Secret };

export type Parameters = readonly (readonly [name: string, value: string])[];

/** `name=value` pairs, percent-encoded, in the order given. */
export function queryOf(parameters: Parameters): string {
  let query = "";
  for (let at = 0; at < parameters.length; at += 1) {
    const [name, value] = parameters[at]!;
    query += `${at === 0 ? "" : "&"}${encoded(name)}=${encoded(value)}`;
  }
  return query;
}

/** Percent-encoded; nearly all that goes to a venue is written in letters and digits and stays as it is. */
function encoded(text: string): string {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isPlain =
      (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 46 || code === 45 || code === 95;
    if (!isPlain) return encodeURIComponent(text);
  }
  return text;
}

/** Signature of exactly this text: HMAC-SHA256 in hexadecimal, or Ed25519 in base64. */
export function signText(key: BinanceKey, text: string): string {
  if (key.kind === "hmac") return hmacKeyOf(key.secret).sign(text);
  return signBytes(null, Buffer.from(text, "utf8"), privateKeyOf(key.privateKey)).toString("base64");
}

/**
 * A query for REST with its signature at the end. Signed is what is sent, byte for byte and in that order: the venue signs the text it received,
 * so a form that is encoded or sorted differently from the signed one is refused with -1022.
 */
export function signedQuery(key: BinanceKey, parameters: Parameters): string {
  const query = queryOf(parameters);
  const signature = signText(key, query);
  return `${query}&signature=${key.kind === "hmac" ? signature : encodeURIComponent(signature)}`;
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

// Reading a PEM costs more than signing with it, and preparing a secret a good part of it. Kept as long as the secret itself.
const readKeys = new WeakMap<Secret, KeyObject>();
const hmacKeys = new WeakMap<Secret, HmacKey>();

function hmacKeyOf(secret: Secret): HmacKey {
  let key = hmacKeys.get(secret);
  if (key === undefined) {
    key = new HmacKey(secret.reveal());
    hmacKeys.set(secret, key);
  }
  return key;
}

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
