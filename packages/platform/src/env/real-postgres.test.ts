import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { Secret } from "../secret/secret.ts";
import { type CertificateWish, hasOpenssl, makeAuthority } from "../testing/certificates.ts";
import { PostgresError, type PostgresSecurity, type PostgresSettings } from "./postgres.ts";
import { realPostgres } from "./real-postgres.ts";

const folder = mkdtempSync(join(tmpdir(), "tradepulse-pg-tls-"));
afterAll(() => rmSync(folder, { recursive: true }));
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const PASSWORD = "correct horse battery";
const authority = hasOpenssl() ? makeAuthority(join(folder, "ours")) : undefined;
const SSL_REQUEST = "0000000804d2162f";

/** A server that does what it is told with each connection, and what it was sent in the clear. */
async function server(serve: (socket: net.Socket) => void) {
  const seen: Buffer[] = [];
  const listening = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => seen.push(bytes));
    serve(socket);
  });
  closers.push(() => listening.close());
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
  return {
    port: (listening.address() as AddressInfo).port,
    text: () => Buffer.concat(seen).toString("latin1"),
    hex: () => Buffer.concat(seen).toString("hex"),
  };
}

function settings(port: number, security: PostgresSecurity, more: Partial<PostgresSettings> = {}): PostgresSettings {
  const base = { host: "127.0.0.1", port, database: "db", user: "trader", password: new Secret(PASSWORD), security };
  return { ...base, applicationName: "test", connectTimeoutUs: 15_000_000, answerTimeoutUs: 15_000_000, ...more };
}

async function troubleOf(wanted: PostgresSettings): Promise<PostgresError> {
  try {
    await (await realPostgres.connect(wanted)).close();
  } catch (error) {
    if (error instanceof PostgresError) return error;
    throw error;
  }
  throw new Error("the connection was made");
}

/** Answers `S` and goes on in TLS with the certificate. */
async function tlsServer(
  wish: CertificateWish,
  options: tls.TlsOptions = {},
  from = authority!,
  onSecure: (socket: tls.TLSSocket) => void = () => undefined,
) {
  const { cert, key } = from.issue(wish);
  const clear: string[] = [];
  const plain: string[] = [];
  const inner = tls.createServer({ cert, key, ...options }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => plain.push(bytes.toString("latin1")));
    onSecure(socket);
  });
  inner.on("tlsClientError", () => undefined);
  const { port } = await server((socket) => {
    socket.once("data", (bytes) => {
      clear.push(bytes.toString("hex"));
      socket.removeAllListeners("data");
      socket.write("S");
      inner.emit("connection", socket);
    });
  });
  return { port, clear: () => clear.join(), inside: () => plain.join("") };
}

function message(kind: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, 0, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function authentication(code: number, rest = ""): Buffer {
  const body = Buffer.alloc(4);
  body.writeInt32BE(code);
  return message("R", Buffer.concat([body, Buffer.from(rest, "latin1")]));
}

const READY = message("Z", Buffer.from("I"));

describe("a server that weakens the connection", () => {
  const ours = (): PostgresSecurity => ({ kind: "verify-full", ca: authority!.ca });

  test.runIf(authority)("is left when it speaks no TLS, without a byte of the startup in the clear", async () => {
    const hostile = await server((socket) => socket.once("data", () => socket.write("N")));
    const trouble = await troubleOf(settings(hostile.port, ours()));
    expect(trouble).toMatchObject({ kind: "insecure", message: expect.stringContaining("does not speak TLS") });
    expect(hostile.hex()).toBe(SSL_REQUEST);
  });

  test.runIf(authority)("is left when it answers the question for TLS with an error message", async () => {
    const hostile = await server((socket) => socket.once("data", () => socket.write(message("E", Buffer.from("SFATAL\0\0")))));
    expect((await troubleOf(settings(hostile.port, ours()))).kind).toBe("insecure");
    expect(hostile.hex()).toBe(SSL_REQUEST);
  });

  test.runIf(authority)("is left when bytes stand between its S and the TLS hello", async () => {
    const hostile = await server((socket) =>
      socket.once("data", () => socket.write(Buffer.concat([Buffer.from("S"), authentication(0), READY]))),
    );
    const trouble = await troubleOf(settings(hostile.port, ours()));
    expect(trouble).toMatchObject({ kind: "insecure", message: expect.stringContaining("more than one byte") });
    expect(hostile.hex()).toBe(SSL_REQUEST);
  });

  test.runIf(authority)("is left when bytes come a moment after its S", async () => {
    const hostile = await server((socket) =>
      socket.once("data", () => {
        socket.write("S");
        setTimeout(() => socket.write(Buffer.concat([authentication(0), READY])), 20);
      }),
    );
    expect((await troubleOf(settings(hostile.port, ours()))).kind).toBe("insecure");
    expect(hostile.text()).not.toContain("trader");
  });

  const wrong: readonly (readonly [string, CertificateWish, Partial<PostgresSettings>?])[] = [
    ["has expired", { names: ["IP:127.0.0.1"], from: "20200101000000Z", until: "20200201000000Z" }],
    ["is not valid yet", { names: ["IP:127.0.0.1"], from: "20980101000000Z" }],
    ["names the host as its common name only", { names: [], commonName: "127.0.0.1" }],
    [
      "names a host as its common name and something else beside it",
      { names: ["email:a@b.example"], commonName: "localhost" },
      { host: "localhost" },
    ],
    ["names another host", { names: ["DNS:other.example"] }],
    ["names another address", { names: ["IP:127.0.0.2"] }],
    ["names the address as if it were a host", { names: ["DNS:127.0.0.1"] }],
    ["names the host as an address where a name is asked for", { names: ["IP:127.0.0.1"] }, { host: "localhost" }],
    ["has a wildcard that does not reach so deep", { names: ["DNS:*.example"] }, { host: "localhost" }],
  ];
  for (const [what, wish, more] of wrong) {
    test.runIf(authority)(`is left when its certificate ${what}`, async () => {
      const hostile = await tlsServer(wish);
      expect((await troubleOf(settings(hostile.port, ours(), more))).kind).toBe("insecure");
      expect(hostile.inside()).toBe("");
    });
  }

  test.runIf(authority)("is left when another authority signed its certificate, or it signed itself", async () => {
    const other = makeAuthority(join(folder, "other"));
    const hostile = await tlsServer({ names: ["IP:127.0.0.1"] }, {}, other);
    expect((await troubleOf(settings(hostile.port, ours()))).kind).toBe("insecure");
    const itself = await tlsServer({ names: ["IP:127.0.0.1"] }, {}, { ...other, issue: () => selfSigned() });
    expect((await troubleOf(settings(itself.port, ours()))).kind).toBe("insecure");
    expect(hostile.inside() + itself.inside()).toBe("");
  });

  test.runIf(authority)("is left with TLS 1.1 at most, and with ciphers that are weak", async () => {
    const weak: tls.TlsOptions[] = [
      { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
      { maxVersion: "TLSv1.2", ciphers: "AES128-SHA:ECDHE-ECDSA-AES128-SHA@SECLEVEL=0" },
    ];
    for (const options of weak) {
      const hostile = await tlsServer({ names: ["IP:127.0.0.1"] }, options);
      expect((await troubleOf(settings(hostile.port, ours()))).kind).toBe("insecure");
      expect(hostile.inside()).toBe("");
    }
  });

  test.runIf(authority)("is left when it asks for the password in the clear inside good TLS", async () => {
    const hostile = await tlsServer({ names: ["IP:127.0.0.1"] }, {}, authority, (socket) => {
      socket.once("data", () => socket.write(authentication(3)));
    });
    expect((await troubleOf(settings(hostile.port, ours()))).kind).toBe("insecure");
    expect(hostile.clear()).toBe(SSL_REQUEST);
    expect(hostile.inside()).toContain("trader");
    expect(hostile.inside()).not.toContain("horse");
  });
});

describe("a server that asks for the password", () => {
  const local: PostgresSecurity = { kind: "local" };
  const asks: readonly (readonly [string, Buffer])[] = [
    ["in the clear", authentication(3)],
    ["as MD5", authentication(5, "salt")],
    ["by Kerberos", authentication(2)],
    ["by a SASL mechanism that is not SCRAM-SHA-256", authentication(10, "PLAIN\0\0")],
    ["not at all", Buffer.concat([authentication(0), READY])],
    ["by SCRAM and then takes us in without its proof", Buffer.concat([authentication(10, "SCRAM-SHA-256\0\0"), authentication(0), READY])],
  ];
  for (const [how, answer] of asks) {
    test(`${how} does not get it`, async () => {
      const hostile = await server((socket) => socket.once("data", () => socket.write(answer)));
      const trouble = await troubleOf(settings(hostile.port, local));
      expect(trouble.kind).toBe(how === "by Kerberos" ? "lost" : "insecure");
      expect(hostile.text()).toContain("trader");
      expect(hostile.text()).not.toContain("horse");
      // A message of kind p would carry a password; SCRAM's first one carries a nonce alone.
      expect(hostile.text()).not.toMatch(/p\0\0\0.(?!SCRAM)/s);
    });
  }

  test("in the clear beyond the loopback is not even connected to", async () => {
    const trouble = await troubleOf(settings(1, local, { host: "192.0.2.1" }));
    expect(trouble).toMatchObject({ kind: "insecure", message: expect.stringContaining("neither a Unix socket nor a loopback address") });
  });
});

test("a process in which the check of certificates is off gets no connection", async () => {
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  try {
    expect((await troubleOf(settings(1, { kind: "local" }))).kind).toBe("insecure");
  } finally {
    delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  }
});

test("a message that is none ends the connection and nothing else", async () => {
  const hostile = await server((socket) => socket.once("data", () => socket.write(message("R", Buffer.from([0, 0])))));
  expect((await troubleOf(settings(hostile.port, { kind: "local" }))).kind).toBe("lost");
});

test("nobody there is a lost connection, and so is a server that says nothing", async () => {
  const silent = await server(() => undefined);
  expect((await troubleOf(settings(silent.port, { kind: "local" }, { connectTimeoutUs: 100_000 }))).kind).toBe("lost");
  const gone = await server((socket) => socket.destroy());
  expect((await troubleOf(settings(gone.port, { kind: "local" }))).kind).toBe("lost");
});

test("a process that makes no connection does not load the driver", () => {
  const platform = fileURLToPath(new URL("../index.ts", import.meta.url));
  const program = `
    import { createRequire } from "node:module";
    const { realEnv } = await import(${JSON.stringify(platform)});
    const env = realEnv();
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes("/pg/lib/client"));
    const before = loaded();
    const security = { kind: "local" };
    const settings = { host: "127.0.0.1", port: 1, database: "d", user: "u", password: undefined, security, applicationName: "t", connectTimeoutUs: 1e6, answerTimeoutUs: 1e6 };
    await env.postgres.connect(settings).catch(() => undefined);
    await import("pg");
    console.log(before, loaded());
  `;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    encoding: "utf8",
  });
  expect(run.stdout.trim(), run.stderr).toBe("false true");
});

/** A certificate that is its own authority. */
function selfSigned() {
  const alone = makeAuthority(mkdtempSync(join(folder, "self-")));
  return { certFile: alone.caFile, keyFile: `${alone.caFile}.key`, cert: alone.ca, key: alone.key };
}
