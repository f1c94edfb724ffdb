import { Secret } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import { isThere, rows } from "./real-fixtures.ts";
import { type BinanceKey, type Parameters, queryOf, signedQuery, signText } from "./sign.ts";

describe.skipIf(!isThere)("signatures agree with the venue's documentation and with ccxt (needs ../shared)", () => {
  for (const row of rows("signatures.json")) {
    test(row.id, () => {
      const key: BinanceKey = { kind: "hmac", apiKey: new Secret(String(row["apiKey"])), secret: new Secret(String(row["secret"])) };
      if (typeof row["payload"] === "string") {
        const parameters = row["payload"].split("&").map((pair) => pair.split("=").map(decodeURIComponent) as [string, string]);
        // What is signed is what is sent: encoded where the text needs it.
        const sent = queryOf(parameters);
        if (/^[\x21-\x7e]*$/.test(row["payload"])) expect(sent).toBe(row["payload"]);
        expect(signText(key, sent) === row["expected"]).toBe(row["ok"] ?? true);
        expect(signedQuery(key, parameters)).toBe(`${sent}&signature=${signText(key, sent)}`);
        return;
      }
      const text = typeof row["body"] === "string" ? row["body"] : String(row["url"]).split("?")[1]!;
      const [signed, signature] = text.split("&signature=") as [string, string];
      const parameters = signed.split("&").map((pair) => pair.split("=").map(decodeURIComponent) as [string, string]);
      expect(signedQuery(key, parameters)).toBe(`${signed}&signature=${signature}`);
    });
  }
});

test("queryOf() keeps the order given and encodes what a URL cannot carry", () => {
  const parameters: Parameters = [
    ["b", "1"],
    ["a", "é &="],
  ];
  expect(queryOf(parameters)).toBe("b=1&a=%C3%A9%20%26%3D");
});
