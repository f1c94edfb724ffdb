import { FailureError } from "@tradepulse/core";
import { describe, expect, test } from "vitest";
import { CredentialSource } from "../credentials/credential-source.ts";
import { TamperedTown } from "../testing/tampered-town.ts";

describe("a bundle of secrets", () => {
  const config = {
    envPrefix: "BINANCE",
    required: ["API_KEY", "API_SECRET"],
    optional: [],
    ttlUs: undefined,
    secretBackend: { adapter: "vault", path: "x", pathEnv: undefined, fieldMapping: {} },
  };

  test.each<readonly [string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a list", ["canary-7f3a"]],
    ["a text", "canary-7f3a"],
    ["numbers", { API_KEY: 1, API_SECRET: 2 }],
    ["tables", { API_KEY: { value: "canary-7f3a" }, API_SECRET: ["canary-7f3a"] }],
    ["empty texts", { API_KEY: "", API_SECRET: "" }],
    ["one of two", { API_KEY: "canary-7f3a" }],
    ["prototype keys", JSON.parse('{"__proto__":{"API_KEY":"canary-7f3a","API_SECRET":"canary-7f3a"}}')],
  ])("that is %s is refused by field, never by value, and nothing starts with it", async (_name, bundle) => {
    const bad: string[] = [];
    const { env } = new TamperedTown().man("reader");
    const source = new CredentialSource({
      env,
      venue: "binance",
      config,
      backends: { vault: () => bundle as Record<string, string> },
      variables: {},
      onAlarm: () => undefined,
      onBadBundle: (flaw, why) => bad.push(`${flaw} ${why}`),
    });
    const error = await source.current().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FailureError);
    expect((error as FailureError).failure.code).toMatch(/^TP_LIVE_SECRET_(MISSING|BACKEND)$/);
    expect(bad).toHaveLength(1);
    expect(JSON.stringify([bad, (error as FailureError).failure])).not.toContain("canary");
  });
});
