import { FailureError } from "@tradepulse/core";
import { describe, expect, test } from "vitest";
import { Secret } from "../secret/secret.ts";
import { seededStream } from "../sim/seeded-stream.ts";
import { SimClock, SimProcess } from "../sim/sim-clock.ts";
import { SimDisk } from "../sim/sim-disk.ts";
import { SimEnv } from "../sim/sim-env.ts";
import { SimFiles } from "../sim/sim-files.ts";
import { type PostgresChoice, postgresSettings } from "./postgres-settings.ts";

const CA = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const KEY = "-----BEGIN PRIVATE KEY-----\nBBBB\n-----END PRIVATE KEY-----\n";

function world(): SimEnv {
  const disk = new SimDisk(seededStream(1, "disk"));
  return new SimEnv({ clock: new SimClock({ seed: 1 }), process: new SimProcess("test"), seed: 1, files: new SimFiles(disk) });
}

const GOOD: PostgresChoice = {
  host: "db.example",
  database: "tradepulse",
  user: "trader",
  sslmode: "verify-full",
  caFile: "/tls/ca.pem",
  password: new Secret("horse"),
  applicationName: "test",
  connectTimeoutUs: 1,
  answerTimeoutUs: 1,
};

async function read(choice: Partial<PostgresChoice>, variables: Readonly<Record<string, string>> = {}) {
  const env = world();
  await env.files.makeFolder("/tls");
  await env.files.replace("/tls/ca.pem", new TextEncoder().encode(CA));
  await env.files.replace("/tls/key.pem", new TextEncoder().encode(KEY));
  return postgresSettings(env, { ...GOOD, ...choice }, variables);
}

async function refusalOf(choice: Partial<PostgresChoice>, variables: Readonly<Record<string, string>> = {}): Promise<string> {
  try {
    await read(choice, variables);
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
  return "nothing";
}

test("postgresSettings() takes verify-full with its authority, and a client certificate with its key", async () => {
  expect(await read({ port: 6543 })).toMatchObject({ host: "db.example", port: 6543, security: { kind: "verify-full", ca: CA } });
  const { security } = await read({ certFile: "/tls/ca.pem", keyFile: "/tls/key.pem" });
  expect(security).toMatchObject({ certificate: CA });
  expect(JSON.stringify(security)).not.toContain("BBBB");
});

test("postgresSettings() takes local for a Unix socket and for loopback addresses alone", async () => {
  for (const host of ["/run/postgresql", "127.0.0.1", "::1"]) {
    expect((await read({ host, sslmode: "local", caFile: undefined })).security, host).toEqual({ kind: "local" });
  }
  for (const host of ["localhost", "10.0.0.1", "db.example", "127.0.0.1.example"]) {
    expect(await refusalOf({ host, sslmode: "local", caFile: undefined }), host).toBe("TP_POSTGRES_INSECURE");
  }
});

test("postgresSettings() reads a URL, and hands on nothing of it but its parts", async () => {
  const url = "postgresql://trader@db.example:6000/tradepulse?sslmode=verify-full&sslrootcert=%2Ftls%2Fca.pem";
  const bare = { host: undefined, database: undefined, user: undefined, sslmode: undefined, caFile: undefined };
  const settings = await read({ ...bare, url });
  expect(settings).toMatchObject({ host: "db.example", port: 6000, database: "tradepulse", user: "trader" });
  expect(JSON.stringify(settings)).not.toContain("postgresql:");
});

describe("postgresSettings() refuses", () => {
  for (const sslmode of ["disable", "allow", "prefer", "require", "verify-ca", "no-verify", "", "foobar", "VERIFY-FULL", undefined]) {
    test(`sslmode ${sslmode === undefined ? "not set" : `"${sslmode}"`}`, async () => {
      expect(await refusalOf({ sslmode })).toBe("TP_POSTGRES_INSECURE");
    });
  }

  for (const query of ["ssl=true", "ssl=1", "ssl=verify-full", "uselibpqcompat=true", "SSL=true"]) {
    test(`a URL with ${query}`, async () => {
      expect(await refusalOf({ url: `postgresql://trader@db.example/tradepulse?${query}` })).toBe("TP_POSTGRES_INSECURE");
    });
  }

  const contradictions: readonly (readonly [string, string])[] = [
    ["another sslmode", "sslmode=require"],
    ["another authority", "sslrootcert=/tls/other.pem"],
    ["one parameter twice", "sslmode=verify-full&sslmode=disable"],
    ["a parameter that it does not know", "options=-c%20fsync%3Doff"],
    ["a host of its own", "host=elsewhere.example"],
  ];
  for (const [what, query] of contradictions) {
    test(`a URL that fights the keys with ${what}`, async () => {
      expect(await refusalOf({ url: `postgresql://trader@db.example/tradepulse?${query}` })).toBe("TP_POSTGRES_SETTINGS");
    });
  }

  test("a URL with a password in it, or of another kind", async () => {
    expect(await refusalOf({ url: "postgresql://trader:horse@db.example/tradepulse" })).toBe("TP_POSTGRES_SETTINGS");
    expect(await refusalOf({ url: "mysql://trader@db.example/tradepulse" })).toBe("TP_POSTGRES_SETTINGS");
    expect(await refusalOf({ url: "not a URL" })).toBe("TP_POSTGRES_SETTINGS");
  });

  const variables: readonly Readonly<Record<string, string>>[] = [
    { PGSSLMODE: "require" },
    { PGSSLMODE: "no-verify" },
    { PGSSLROOTCERT: "/elsewhere.pem" },
    { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
    { NODE_OPTIONS: "--max-old-space-size=100 --tls-min-v1.0" },
    { PGREQUIREAUTH: "password" },
    { PGOPTIONS: "-c synchronous_commit=off" },
    { PGSSLNEGOTIATION: "direct" },
  ];
  for (const each of variables) {
    test(`surroundings with ${Object.entries(each).join()}`, async () => {
      expect(await refusalOf({}, each)).toBe("TP_POSTGRES_INSECURE");
    });
  }

  test("what is incomplete: no authority, no password, no user, half a client certificate, a file that is no PEM", async () => {
    expect(await refusalOf({ caFile: undefined })).toBe("TP_POSTGRES_INSECURE");
    expect(await refusalOf({ password: undefined })).toBe("TP_POSTGRES_SETTINGS");
    expect(await refusalOf({ user: undefined })).toBe("TP_POSTGRES_SETTINGS");
    expect(await refusalOf({ certFile: "/tls/ca.pem" })).toBe("TP_POSTGRES_SETTINGS");
    expect(await refusalOf({ caFile: "/tls/key.pem" })).toBe("TP_POSTGRES_SETTINGS");
    expect(await refusalOf({ caFile: "/tls/absent.pem" })).toBe("TP_POSTGRES_SETTINGS");
    expect(await refusalOf({ port: 70_000 })).toBe("TP_POSTGRES_SETTINGS");
  });
});

test("postgresSettings() takes surroundings that say the same", async () => {
  await expect(read({}, { PGSSLMODE: "verify-full", PGSSLROOTCERT: "/tls/ca.pem", PGREQUIREAUTH: "scram-sha-256" })).resolves.toBeDefined();
});
