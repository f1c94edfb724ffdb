import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type HttpRequest, TransportError } from "./env.ts";
import { realHttp } from "./real-http.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Starts a server on a free local port. */
async function listening(server: net.Server): Promise<number> {
  closers.push(() => {
    if (server instanceof http.Server || server instanceof https.Server) server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url, headers: {}, timeoutUs: 5_000_000, ...more };
}

/** What the request ended with when it was not answered. */
async function failureOf(request: HttpRequest, send = realHttp()): Promise<TransportError> {
  try {
    await send(request);
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  }
  throw new Error("the request was answered");
}

/** A throw-away certificate for 127.0.0.1, or nothing where there is no openssl to make it. */
function certificate(): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "tradepulse-tls-"));
  try {
    const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync("openssl", ["req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", ...files, ...names], { stdio: "ignore" });
    return { key: readFileSync(join(folder, "key.pem"), "utf8"), cert: readFileSync(join(folder, "cert.pem"), "utf8") };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("realHttp() asks whether a request may still leave", () => {
  test("once its connection is there: a no leaves nothing on the wire", async () => {
    const heard: string[] = [];
    const port = await listening(net.createServer((socket) => socket.on("data", (bytes) => heard.push(bytes.toString()))));
    let asked = 0;
    const mayLeave = (): boolean => {
      asked += 1;
      return false;
    };
    const failure = await failureOf(get(`http://127.0.0.1:${port}/order`, { method: "POST", body: "quantity=1", mayLeave }));
    expect([failure.sent, failure.message, asked]).toEqual(["no", "it may not leave any more", 1]);
    await new Promise((done) => setTimeout(done, 50));
    expect(heard).toEqual([]);
  });

  test("on a connection that was kept, too; and the connection stays good for the next", async () => {
    let count = 0;
    const server = http.createServer((_, response) => {
      count += 1;
      response.end("fine");
    });
    const port = await listening(server);
    const send = realHttp();
    expect((await send(get(`http://127.0.0.1:${port}/1`, { mayLeave: () => true }))).body).toBe("fine");
    expect((await failureOf(get(`http://127.0.0.1:${port}/2`, { mayLeave: () => false }), send)).sent).toBe("no");
    expect((await send(get(`http://127.0.0.1:${port}/3`))).body).toBe("fine");
    expect(count).toBe(2);
  });
});

describe("realHttp() answers", () => {
  test("with status, headers in lower case and the body of a request that carried one", async () => {
    const port = await listening(
      http.createServer((request, response) => {
        let body = "";
        request.on("data", (part: Buffer) => {
          body += part.toString();
        });
        request.on("end", () => {
          response.writeHead(201, { "X-MBX-Used-Weight-1M": "7" });
          response.end(`${request.method} ${request.url} ${request.headers["content-length"]} ${body}`);
        });
      }),
    );
    const answer = await realHttp()(get(`http://127.0.0.1:${port}/a?b=c`, { method: "POST", body: "é=1" }));
    expect(answer.status).toBe(201);
    expect(answer.headers["x-mbx-used-weight-1m"]).toBe("7");
    expect(answer.body).toBe("POST /a?b=c 4 é=1");
  });

  test("with a redirect itself, which it does not follow", async () => {
    const port = await listening(
      http.createServer((_request, response) => {
        response.writeHead(302, { location: "http://127.0.0.1:1/" });
        response.end();
      }),
    );
    expect((await realHttp()(get(`http://127.0.0.1:${port}/`))).status).toBe(302);
  });

  test("over one connection that is kept, until the server cuts it with the next request on it", async () => {
    let connections = 0;
    let requests = 0;
    const server = http.createServer((request, response) => {
      requests += 1;
      if (requests === 3) request.socket.destroy();
      else response.end("ok");
    });
    server.on("connection", () => {
      connections += 1;
    });
    const port = await listening(server);
    const send = realHttp();
    await send(get(`http://127.0.0.1:${port}/`));
    await send(get(`http://127.0.0.1:${port}/`));
    expect((await failureOf(get(`http://127.0.0.1:${port}/`), send)).sent).toBe("maybe");
    expect(connections).toBe(1);
  });
});

describe('realHttp() says sent "no"', () => {
  test("when the name does not exist", async () => {
    expect((await failureOf(get("http://no-such-host.invalid/"))).sent).toBe("no");
  });

  test("when the connection is refused", async () => {
    const server = net.createServer();
    const port = await listening(server);
    await new Promise((done) => server.close(done));
    expect((await failureOf(get(`http://127.0.0.1:${port}/`))).sent).toBe("no");
  });

  test("when the other side speaks no TLS", async () => {
    let received = "";
    const port = await listening(
      net.createServer((socket) => {
        socket.on("error", () => undefined);
        socket.on("data", (part) => {
          received += part.toString("latin1");
          socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
        });
      }),
    );
    const failure = await failureOf(get(`https://127.0.0.1:${port}/`, { method: "POST", body: "quantity=1" }));
    expect(failure.sent).toBe("no");
    expect(received).not.toContain("quantity");
  });

  test("when the time is over before the handshake is", async () => {
    const port = await listening(net.createServer((socket) => void socket.on("error", () => undefined)));
    expect((await failureOf(get(`https://127.0.0.1:${port}/`, { timeoutUs: 100_000 }))).sent).toBe("no");
  });

  test("when the URL cannot be read", async () => {
    expect((await failureOf(get("http://"))).sent).toBe("no");
  });

  const made = certificate();
  test.skipIf(made === undefined)("when the certificate is not trusted (needs openssl), and not one request arrives", async () => {
    let requests = 0;
    const port = await listening(
      https.createServer({ ...made }, (_request, response) => {
        requests += 1;
        response.end("ok");
      }),
    );
    const failure = await failureOf(get(`https://127.0.0.1:${port}/`, { method: "POST", body: "quantity=1" }));
    expect(failure.sent).toBe("no");
    expect(requests).toBe(0);
    const trusting = realHttp({ ca: made!.cert });
    expect((await trusting(get(`https://127.0.0.1:${port}/`))).body).toBe("ok");
  });
});

describe('realHttp() says sent "maybe"', () => {
  const cases: readonly (readonly [name: string, answer: (socket: net.Socket) => void])[] = [
    ["the connection is cut without a word", (socket) => socket.destroy()],
    ["the answer ends inside the headers", (socket) => socket.end("HTTP/1.1 200 OK\r\nconte")],
    ["the answer ends inside the body", (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")],
    ["the answer is no HTTP", (socket) => socket.end("<html>\r\n\r\n")],
    ["the answer is longer than allowed", (socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n${"x".repeat(99)}`)],
    ["the answer does not come in time", () => undefined],
  ];
  for (const [name, answer] of cases) {
    test(`when ${name}`, async () => {
      const port = await listening(
        net.createServer((socket) => {
          socket.on("error", () => undefined);
          socket.once("data", () => answer(socket));
          closers.push(() => socket.destroy());
        }),
      );
      const failure = await failureOf(get(`http://127.0.0.1:${port}/`, { method: "POST", body: "a=1", timeoutUs: 300_000, maxBytes: 50 }));
      expect(failure.sent).toBe("maybe");
    });
  }
});
