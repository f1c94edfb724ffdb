import http from "node:http";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { type HttpRequest, type HttpResponse, OversizedError, type Timer, TransportError } from "./env.ts";
import { realTimer } from "./real-clock.ts";

/** Answers longer than this are cut off when the request names no bound of its own. */
const DEFAULT_MAX_BYTES = 33_554_432;
const KEPT_CONNECTIONS = 8;

type Connected = (error: Error | null, socket?: net.Socket) => void;

/**
 * Hands a socket to a request only when it is connected, and for TLS only when the handshake is complete and the certificate is accepted.
 * Node by itself writes the request into a socket that is still connecting; then nobody can say afterwards whether a byte of it left.
 */
function connectFirst(options: net.NetConnectOpts | tls.ConnectionOptions, secure: boolean, done: Connected): undefined {
  const socket = secure ? tls.connect(options as tls.ConnectionOptions) : net.connect(options as net.NetConnectOpts);
  const ready = secure ? "secureConnect" : "connect";
  const settle = (error: Error | null): void => {
    socket.off("error", settle);
    socket.off("close", closed);
    socket.off(ready, opened);
    if (error === null) done(null, socket);
    else {
      socket.destroy();
      // A late error of a socket that nobody holds any more must not end the process.
      socket.on("error", () => undefined);
      done(error);
    }
  };
  const opened = (): void => settle(null);
  const closed = (): void => settle(new Error("the connection was closed before it was ready"));
  socket.on("error", settle);
  socket.on("close", closed);
  socket.on(ready, opened);
  return undefined;
}

interface OpenAgent {
  createConnection(options: net.NetConnectOpts | tls.ConnectionOptions, done: Connected): undefined;
}

export interface RealHttpOptions {
  /** Certificates to trust instead of the system's own. */
  readonly ca?: string;
}

/**
 * HTTP(S) with keep-alive. Redirects are not followed. Rejects with {@link TransportError}; `sent` is `"no"` exactly while no connection was
 * handed to the request: name not found, refused, TLS failed, time over while connecting. From then on it is `"maybe"`.
 */
export function realHttp(options: RealHttpOptions = {}): (request: HttpRequest) => Promise<HttpResponse> {
  const plain = new http.Agent({ keepAlive: true, maxFreeSockets: KEPT_CONNECTIONS });
  const secure = new https.Agent({ keepAlive: true, maxFreeSockets: KEPT_CONNECTIONS, ...options });
  (plain as unknown as OpenAgent).createConnection = (target, done) => connectFirst(target, false, done);
  (secure as unknown as OpenAgent).createConnection = (target, done) => connectFirst(serverNamed(target), true, done);
  return (request) => send(request, plain, secure);
}

/** TLS checks the certificate against the host name and offers it to the server; a bare address is not offered. */
function serverNamed(target: net.NetConnectOpts | tls.ConnectionOptions): tls.ConnectionOptions {
  const wanted = target as tls.ConnectionOptions;
  const host = wanted.host ?? "";
  return { ...wanted, servername: net.isIP(host) === 0 ? host : "" };
}

function send(request: HttpRequest, plain: http.Agent, secure: https.Agent): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let sent: "no" | "maybe" = "no";
    let settled = false;
    const maxBytes = request.maxBytes ?? DEFAULT_MAX_BYTES;
    const failWith = (error: TransportError): void => {
      if (settled) return;
      settled = true;
      timer?.cancel();
      reject(error);
      outgoing?.destroy();
    };
    const fail = (message: string, cause?: unknown): void => failWith(new TransportError(message, sent, cause));

    let timer: Timer | undefined;
    let outgoing: http.ClientRequest | undefined;
    try {
      const url = new URL(request.url);
      const body = request.body === undefined ? undefined : Buffer.from(request.body, "utf8");
      const headers = body === undefined ? request.headers : { ...request.headers, "content-length": String(body.length) };
      const use = url.protocol === "https:" ? https : http;
      outgoing = use.request(url, { method: request.method, headers, agent: use === https ? secure : plain });
      // Told before anything is written to the connection; a request that is ended here is not.
      outgoing.on("socket", () => {
        if (!settled && request.mayLeave?.() === false) fail("it may not leave any more");
        else sent = "maybe";
      });
      outgoing.on("error", (error) => fail(error.message, error));
      outgoing.on("response", (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on("data", (part: Buffer) => {
          length += part.length;
          if (length > maxBytes) failWith(new OversizedError(maxBytes));
          else parts.push(part);
        });
        response.on("error", (error) => fail(error.message, error));
        response.on("close", () => {
          if (!response.complete) fail("the answer was cut off");
        });
        response.on("end", () => {
          if (settled) return;
          if (!response.complete) {
            fail("the answer was cut off");
            return;
          }
          settled = true;
          timer?.cancel();
          resolve({
            status: response.statusCode ?? 0,
            headers: joined(response.headers),
            body: Buffer.concat(parts).toString("utf8"),
          });
        });
      });
      outgoing.end(body);
    } catch (error) {
      // A URL or header that cannot be written: nothing was opened.
      fail(error instanceof Error ? error.message : String(error), error);
      return;
    }
    timer = realTimer(request.timeoutUs, () => fail(`no answer within ${request.timeoutUs / 1_000} ms`));
  });
}

function joined(headers: http.IncomingHttpHeaders): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) out[name] = typeof value === "string" ? value : value.join(", ");
  }
  return out;
}
