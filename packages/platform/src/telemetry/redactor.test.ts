import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secret } from "../secret/secret.ts";
import { Redactor } from "./redactor.ts";

function knowing(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  redactor.keep(secrets.map((text) => new Secret(text)));
  return redactor;
}

describe("clean()", () => {
  test("takes a secret out in every form in which a text can hold it", () => {
    const secret = 'canary/7PZ+="x ünïcode';
    const bytes = Buffer.from(secret, "utf8");
    const forms = [
      secret,
      encodeURIComponent(secret),
      encodeURIComponent(secret).replaceAll("%20", "+"),
      JSON.stringify({ secret }),
      JSON.stringify(JSON.stringify({ secret })),
      bytes.toString("base64"),
      bytes.toString("base64url"),
      bytes.toString("hex"),
      bytes.toString("hex").toUpperCase(),
      Buffer.from(`user:${secret}`).toString("base64"),
      Buffer.from(`x${secret}y`).toString("base64"),
      Buffer.from(`xy${secret}`).toString("base64"),
    ];
    for (const form of forms) {
      const out = knowing(secret).clean(`before ${form} after`);
      expect(out).toContain("[redacted]");
      expect(out).toMatch(/^before .* after$/);
      expect(out).not.toContain("canary");
      expect(out).not.toContain(bytes.toString("hex").slice(8, 20));
      expect(out).not.toContain(bytes.toString("base64").slice(4, 20));
    }
  });

  test("leaves no plain, encoded or hexadecimal form of any secret in any text around it", () => {
    const text = fc.string({ minLength: 0, maxLength: 20, unit: "grapheme" });
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 40 }), text, text, (secret, before, after) => {
        const redactor = knowing(secret);
        for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret, "utf8").toString("hex")]) {
          expect(redactor.clean(`${before}${form}${after}`)).not.toContain(form);
        }
      }),
    );
  });

  test("knows secrets of a former rotation, and the lines of a long key one by one", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAabcdef\n-----END PRIVATE KEY-----";
    const redactor = knowing("first-secret", key);
    redactor.keep([new Secret("second-secret")]);
    expect(redactor.clean("first-secret second-secret MC4CAQAwBQYDK2VwBCIEIAabcdef")).toBe("[redacted] [redacted] [redacted]");
  });

  test.each([
    ["GET /api/v3/account?timestamp=1&signature=0a1b2c HTTP/1.1", "GET /api/v3/account?timestamp=1&signature=[redacted] HTTP/1.1"],
    [
      '{"method":"x","params":{"apiKey":"vmPUZ","signature":"c8db"}}',
      '{"method":"x","params":{"apiKey":"[redacted]","signature":"[redacted]"}}',
    ],
    ["x-mbx-apikey: vmPUZ6mv", "x-mbx-apikey: [redacted]"],
    ["Authorization: Bearer abc.def", "Authorization: [redacted]"],
    ["wss://h/ws?listenKey=pqia91ma19a5", "wss://h/ws?listenKey=[redacted]"],
    ["https://ada:hunter2@host/x", "https://[redacted]@host/x"],
    ["x-vault-token=hvs.CAES", "x-vault-token=[redacted]"],
  ])("takes out what is a secret by its name, whoever made it: %s", (text, expected) => {
    expect(new Redactor().clean(text)).toBe(expected);
  });

  test.each([
    "-2015 Invalid API-key, IP, or permissions for action.",
    'its field "API_SECRET" is missing, required are API_KEY, API_SECRET',
    "order 7 was refused by the venue: -1013 Filter failure: PRICE_FILTER",
    "http://127.0.0.1:9080/api/v3/time",
  ])("leaves alone what only speaks of keys: %s", (text) => {
    expect(knowing("canary-secret").clean(text)).toBe(text);
  });

  test("is not led to shred a text by a secret that is too short to be one", () => {
    expect(knowing("e", "", "12345").clean("twelve 12345")).toBe("twelve 12345");
  });
});
