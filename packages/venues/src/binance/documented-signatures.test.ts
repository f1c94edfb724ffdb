import { createPrivateKey } from "node:crypto";
import { Secret } from "@tradepulse/platform";
import { describe, expect, test } from "vitest";
import { type BinanceKey, queryOf, signedParams, signedQuery, signText } from "./sign.ts";

/**
 * The examples that the venue's documentation itself gives, with its published example keys, and the published vector of the signature scheme. They
 * need nothing but this file.
 *
 * REST: `binance-spot-api-docs/rest-api.md`, "SIGNED Endpoint Examples for POST /api/v3/order - HMAC Keys". WebSocket API: `web-socket-api.md`,
 * "SIGNED request example (HMAC)". Ed25519: RFC 8032, section 7.1, test 1; the venue's documentation gives no example whose key it publishes.
 */
const API_KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
const KEY: BinanceKey = {
  kind: "hmac",
  apiKey: new Secret(API_KEY),
  secret: new Secret("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"),
};

const ORDER = [
  ["symbol", "LTCBTC"],
  ["side", "BUY"],
  ["type", "LIMIT"],
  ["timeInForce", "GTC"],
  ["quantity", "1"],
  ["price", "0.1"],
  ["recvWindow", "5000"],
  ["timestamp", "1499827319559"],
] as const;

describe("the documented examples", () => {
  test("an order over REST is signed as it is sent, in the order in which it is sent", () => {
    const expected = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
    expect(signedQuery(KEY, ORDER)).toBe(
      `symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559&signature=${expected}`,
    );
    // Signed sorted and sent unsorted, as an earlier system did, is another signature, which the venue refuses.
    const sorted = ORDER.toSorted(([a], [b]) => (a < b ? -1 : 1));
    expect(signText(KEY, queryOf(sorted))).not.toBe(expected);
  });

  test("an order over the WebSocket API is signed sorted by name, with the key among the parameters", () => {
    const params = {
      symbol: "BTCUSDT",
      side: "SELL",
      type: "LIMIT",
      timeInForce: "GTC",
      quantity: "0.01000000",
      price: "52000.00",
      newOrderRespType: "ACK",
      recvWindow: 100,
      timestamp: 1645423376532,
    };
    const expected = { ...params, apiKey: API_KEY, signature: "cc15477742bd704c29492d96c7ead9414dfd8e0ec4a00f947bb5bb454ddbd08a" };
    expect(signedParams(KEY, params)).toEqual(expected);
    expect(signedParams(KEY, Object.fromEntries(Object.entries(params).toReversed()))).toEqual(expected);
  });

  test("a text is signed with Ed25519 as the standard's vector says, in base64", () => {
    const seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const der = Buffer.from(`302e020100300506032b657004220420${seed}`, "hex");
    const pem = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ format: "pem", type: "pkcs8" });
    const key: BinanceKey = { kind: "ed25519", apiKey: new Secret(API_KEY), privateKey: new Secret(String(pem)) };
    expect(Buffer.from(signText(key, ""), "base64").toString("hex")).toBe(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    );
  });
});
