import { createHmac, generateKeyPairSync, verify } from "node:crypto";
import { FailureError } from "@tradepulse/core";
import { Secret } from "@tradepulse/platform";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BinanceKey, queryOf, signedParams, signedQuery, signText } from "./sign.ts";
import { instrumentIdOf, symbolOf } from "./symbols.ts";

const pair = generateKeyPairSync("ed25519");
const ed25519: BinanceKey = {
  kind: "ed25519",
  apiKey: new Secret("api"),
  privateKey: new Secret(pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string),
};
const hmac: BinanceKey = { kind: "hmac", apiKey: new Secret("api"), secret: new Secret("secret") };

describe("signedQuery()", () => {
  test("keeps the order of the parameters: the venue signs what it receives", () => {
    const parameters = [
      ["timestamp", "2"],
      ["symbol", "BTCUSDT"],
      ["a", "é/+"],
    ] as const;
    const sent = signedQuery(hmac, parameters);
    expect(sent).toMatch(/^timestamp=2&symbol=BTCUSDT&a=%C3%A9%2F%2B&signature=[0-9a-f]{64}$/);
    expect(sent.split("&signature=")[1]).toBe(signText(hmac, queryOf(parameters)));
    expect(signedQuery(hmac, parameters.toReversed()).split("&signature=")[1]).not.toBe(sent.split("&signature=")[1]);
  });

  test("encodes the base64 of an Ed25519 signature, which can hold what a URL cannot", () => {
    for (let k = 0; k < 50; k += 1) {
      const sent = signedQuery(ed25519, [["n", String(k)]]);
      expect(sent).toMatch(/^[A-Za-z0-9%&=._-]+$/);
      const signature = new URLSearchParams(sent).get("signature")!;
      expect(verify(null, Buffer.from(`n=${k}`), pair.publicKey, Buffer.from(signature, "base64"))).toBe(true);
    }
  });
});

describe("queryOf()", () => {
  test("encodes every name and value as encodeURIComponent does", () => {
    const texts = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("BTCUSDT", "61000.10", "tp-3-mk", "a_b~c!*'()", ""));
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, texts)), (parameters) => {
        expect(queryOf(parameters)).toBe(parameters.map((pair) => pair.map(encodeURIComponent).join("=")).join("&"));
      }),
    );
  });
});

describe("signedParams()", () => {
  test("signs the parameters sorted by name, with the key among them", () => {
    const params = signedParams(hmac, { timestamp: 1, recvWindow: 5_000 });
    expect(params).toEqual({
      timestamp: 1,
      recvWindow: 5_000,
      apiKey: "api",
      signature: signText(hmac, "apiKey=api&recvWindow=5000&timestamp=1"),
    });
  });
});

describe("signText()", () => {
  test("is HMAC-SHA256 of the text's UTF-8 under the secret's, whichever key signed before", () => {
    const texts = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme", minLength: 900, maxLength: 1_400 }));
    // Shorter than a block, as long as one, and longer, which is hashed first.
    const secrets = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ minLength: 60, maxLength: 70 }), fc.string({ minLength: 100 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(secrets, texts)), (pairs) => {
        const keys = pairs.map(([secret]): BinanceKey => ({ kind: "hmac", apiKey: new Secret("api"), secret: new Secret(secret) }));
        for (let twice = 0; twice < 2; twice += 1)
          for (const [at, [secret, text]] of pairs.entries())
            expect(signText(keys[at]!, text)).toBe(createHmac("sha256", secret).update(text, "utf8").digest("hex"));
      }),
    );
  });

  test("refuses a key that is none, or of another kind, without quoting it", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    for (const text of ["not a key", rsa]) {
      const bad: BinanceKey = { kind: "ed25519", apiKey: new Secret("api"), privateKey: new Secret(text) };
      let failure: unknown;
      try {
        signText(bad, "x");
      } catch (error) {
        failure = error;
      }
      expect(failure).toBeInstanceOf(FailureError);
      expect((failure as FailureError).failure.code).toBe("TP_VENUE_KEY");
      expect(JSON.stringify((failure as FailureError).failure)).not.toContain(text.slice(0, 60));
    }
  });
});

describe("symbolOf()", () => {
  test("turns our names into the venue's and refuses what is none of ours", () => {
    expect(symbolOf("BTC-USDT@BINANCE")).toBe("BTCUSDT");
    expect(instrumentIdOf("1INCH", "USDT")).toBe("1INCH-USDT@BINANCE");
    expect(symbolOf(instrumentIdOf("1INCH", "USDT"))).toBe("1INCHUSDT");
    for (const id of ["BTCUSDT", "btc-usdt@BINANCE", "BTC-USDT@KRAKEN", "BTC-USDT@BINANCE&x=1"])
      expect(() => symbolOf(id)).toThrow("TP_VENUE_SYMBOL");
  });
});
