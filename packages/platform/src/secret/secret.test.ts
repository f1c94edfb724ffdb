import { format, inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { REDACTED, redact, Secret } from "./secret.ts";

const TEXT = "NhqPtmdSJYdKjVHjA7PZ/+=";

describe("Secret", () => {
  test("shows itself in no text that is made of it", () => {
    const secret = new Secret(TEXT);
    const holder = { secret, list: [secret], map: new Map([["a", secret]]) };
    const texts = [
      String(secret),
      `${secret as unknown as string}`,
      "".concat(secret as unknown as string),
      [secret].join(),
      JSON.stringify(holder),
      inspect(holder, { depth: 9, showHidden: true }),
      format("%s %o %j", secret, secret, secret),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify(structuredClone(Object.assign({}, secret))),
      new Error("failed", { cause: secret }).message + inspect(new Error("failed", { cause: secret })),
    ];
    expect(texts.filter((text) => text.includes(TEXT))).toEqual([]);
    expect(texts[0]).toBe(REDACTED);
    expect(secret.reveal()).toBe(TEXT);
  });
});

describe("redact()", () => {
  test("takes out the plain, the encoded, the quoted and the base64 form", () => {
    const secret = new Secret(`${TEXT}"x`);
    const plain = secret.reveal();
    const forms = [plain, encodeURIComponent(plain), JSON.stringify(plain), Buffer.from(plain).toString("base64")];
    const out = redact(`a ${forms.join(" b ")} c`, [secret]);
    for (const form of forms) expect(out).not.toContain(form);
    expect(out).toBe('a [redacted] b [redacted] b "[redacted]" b [redacted] c');
  });

  test("takes out hexadecimal of either case, and the base64 of addresses", () => {
    const secret = new Secret(TEXT);
    const bytes = Buffer.from(TEXT, "utf8");
    const hex = bytes.toString("hex");
    expect(redact(`${hex} ${hex.toUpperCase()} ${bytes.toString("base64url")}`, [secret])).toBe("[redacted] [redacted] [redacted]");
  });

  test("takes out a private key that is not listed, a cut one too", () => {
    const pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI\n-----END PRIVATE KEY-----";
    expect(redact(`key ${pem} end`, [])).toBe("key [redacted] end");
    expect(redact(`key ${pem.slice(0, 40)}`, [])).toBe("key [redacted]");
  });

  test("takes out a secret that contains another one as a whole", () => {
    expect(redact("abcdef", [new Secret("cd"), new Secret("abcdef")])).toBe(REDACTED);
  });

  test("leaves the text alone when a secret is empty", () => {
    expect(redact("abc", [new Secret("")])).toBe("abc");
  });
});
