import net from "node:net";
import tls from "node:tls";
import { PostgresError, type PostgresSecurity, type PostgresSettings } from "./postgres.ts";
import { realTimer } from "./real-clock.ts";

/** `length 8, code 80877103`: asks whether the server speaks TLS. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const YES = 0x53;

/** Authenticated encryption with forward secrecy only. */
const CIPHERS = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
].join(":");

/**
 * A socket to the server on which the protocol may begin: connected, and for `verify-full` with its TLS handshake done and the certificate accepted.
 * The driver never sees an unprotected one, so no setting of its own, no variable and no default of it can weaken what is decided here.
 */
export async function openPostgresSocket(settings: PostgresSettings): Promise<net.Socket> {
  const { host, port, security, connectTimeoutUs } = settings;
  const isSocketFile = host.startsWith("/");
  if (security.kind === "local" && !isSocketFile && !isLoopback(host)) {
    throw new PostgresError("insecure", `${host} is neither a Unix socket nor a loopback address, and sslmode is local`);
  }
  const plain = isSocketFile ? net.connect(`${host}/.s.PGSQL.${port}`) : net.connect({ host, port });
  plain.setNoDelay(true);
  let failTimeout: (error: PostgresError) => void = () => undefined;
  const overdue = new Promise<never>((_, reject) => {
    failTimeout = reject;
  });
  const timer = realTimer(connectTimeoutUs, () =>
    failTimeout(new PostgresError("lost", `no connection to ${host}:${port} within ${connectTimeoutUs / 1_000} ms`)),
  );
  try {
    await Promise.race([event(plain, "connect", "lost"), overdue]);
    if (security.kind === "local") return plain;
    await Promise.race([askForTls(plain), overdue]);
    return await Promise.race([secured(plain, host, security), overdue]);
  } catch (error) {
    plain.destroy();
    throw error;
  } finally {
    timer.cancel();
    overdue.catch(() => undefined);
  }
}

/** An address, not a name: what `localhost` is called elsewhere is decided by a file. */
export function isLoopback(host: string): boolean {
  return host === "::1" || (net.isIPv4(host) && host.startsWith("127."));
}

/** Exactly one byte `S` may come back. Anything behind it was not protected and could be taken for the server's word. */
async function askForTls(socket: net.Socket): Promise<void> {
  const answer = event<Buffer>(socket, "data", "lost");
  socket.write(SSL_REQUEST);
  const bytes = await answer;
  socket.pause();
  if (bytes[0] !== YES) throw new PostgresError("insecure", "the server does not speak TLS, and sslmode is verify-full");
  if (bytes.length > 1 || socket.readableLength > 0) {
    throw new PostgresError("insecure", "the server sent more than one byte before TLS began: somebody else may have written it");
  }
}

async function secured(socket: net.Socket, host: string, security: PostgresSecurity & { kind: "verify-full" }): Promise<net.Socket> {
  const { ca, certificate, key } = security;
  const wrapped = tls.connect({
    socket,
    host,
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ca,
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key: key.reveal() }),
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    ciphers: CIPHERS,
    checkServerIdentity: (_name, peer) => identityError(host, peer),
  });
  await event(wrapped, "secureConnect", "insecure");
  if (!wrapped.authorized) throw new PostgresError("insecure", `the certificate was not accepted: ${String(wrapped.authorizationError)}`);
  return wrapped;
}

/** A name in the certificate's list of alternative names; the common name alone, which browsers stopped believing long ago, is none. */
function identityError(host: string, peer: tls.PeerCertificate): Error | undefined {
  const entry = net.isIP(host) === 0 ? "DNS:" : "IP Address:";
  if (peer.subjectaltname?.includes(entry) !== true)
    return new Error(`the certificate names no host of this kind, needed is ${entry}${host}`);
  return tls.checkServerIdentity(host, peer);
}

/** The next event of a name; rejects when the socket fails or closes first. */
function event<T = void>(socket: net.Socket, name: string, kind: "lost" | "insecure"): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const settle = (run: () => void): void => {
      socket.off(name, done);
      socket.off("error", failed);
      socket.off("close", closed);
      // A late error of a socket that nobody waits for any more must not end the process.
      if (socket.listenerCount("error") === 0) socket.on("error", () => undefined);
      run();
    };
    const done = (value: T): void => settle(() => resolve(value));
    const failed = (error: Error): void => settle(() => reject(new PostgresError(kind, error.message, undefined, error)));
    const closed = (): void => settle(() => reject(new PostgresError(kind, "the server closed the connection")));
    socket.once(name, done);
    socket.once("error", failed);
    socket.once("close", closed);
  });
}
