import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { hasOpenssl, type IssuedCertificate, makeAuthority } from "./certificates.ts";

/** A throw-away server of its own in a temporary folder, on loopback and on a Unix socket. */
export interface PostgresServer {
  /** Major version: 15. */
  readonly version: number;
  readonly port: number;
  readonly socketFolder: string;
  /** Its superuser, and the password of it. */
  readonly user: string;
  readonly password: string;
  /** The authority that signed its certificate for 127.0.0.1 and localhost; `undefined` where there is no OpenSSL and so no TLS. */
  readonly caFile: string | undefined;
  /** Gives it another certificate from its next start on. */
  certify(certificate: IssuedCertificate): void;
  /** Ends it as a power cut would, or in order. */
  stop(how?: "immediate" | "fast"): Promise<void>;
  /** Starts it again, with settings over those of its first start. */
  start(settings?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends it and removes the folder. */
  end(): Promise<void>;
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** The folder of `initdb` and `postgres`; the newest version where there are several. `undefined` when there is none. */
export function findPostgres(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...versions.map((version) => join(debian, version, "bin"))];
  return folders.find((folder) => folder !== "" && existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** Makes and starts a server. The server refuses to run as root; then it runs as the user `postgres` or `nobody`. */
export async function startPostgresServer(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error("no PostgreSQL is installed: neither on the PATH nor in /usr/lib/postgresql");
  const account = otherAccount();
  const folder = mkdtempSync(join(tmpdir(), "tradepulse-pg-"));
  give(folder, account);
  const data = join(folder, "data");
  const password = "throw-away";
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password);
  give(passwordFile, account);
  const options = ["-U", "postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--locale=C", "--data-checksums"];
  const made = spawnSync(join(bin, "initdb"), ["-D", data, ...options], { ...account, cwd: folder, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  const port = await freePort();
  const caFile = protect(folder, data, account);
  writeFileSync(join(data, "pg_hba.conf"), hba(caFile !== undefined));
  const fixed = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: folder,
    ssl: caFile === undefined ? "off" : "on",
    shared_buffers: "32MB",
    logging_collector: "off",
  };
  let running: ChildProcess | undefined;
  const start = async (more: Readonly<Record<string, string>> = {}): Promise<void> => {
    const args = Object.entries({ ...fixed, ...settings, ...more }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    running = spawn(join(bin, "postgres"), ["-D", data, ...args], { ...account, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    running.stderr!.on("data", (text: Buffer) => {
      log = `${log}${text.toString("utf8")}`.slice(-4_000);
    });
    await untilReady(data, running, () => log);
  };
  const stop = async (how: "immediate" | "fast" = "fast"): Promise<void> => {
    const server = running;
    running = undefined;
    if (server === undefined || server.exitCode !== null) return;
    const ended = new Promise((done) => server.once("exit", done));
    server.kill(how === "fast" ? "SIGINT" : "SIGQUIT");
    await ended;
  };
  await start();
  const version = Number(readFileSync(join(data, "PG_VERSION"), "utf8"));
  const end = async (): Promise<void> => {
    await stop("immediate");
    rmSync(folder, { recursive: true, force: true });
  };
  const certify = (certificate: IssuedCertificate): void => install(data, account, certificate);
  return { version, port, socketFolder: folder, user: "postgres", password, caFile, certify, stop, start, end };
}

/** Who runs the server: ourselves, unless we are root. */
function otherAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const users = new Map(
    readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => [line.split(":")[0], line.split(":")] as const),
  );
  const found = users.get("postgres") ?? users.get("nobody");
  if (found === undefined) throw new Error("the server does not run as root, and there is neither a user postgres nor nobody");
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

function give(path: string, { uid, gid }: Account): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function protect(folder: string, data: string, account: Account): string | undefined {
  if (!hasOpenssl()) return undefined;
  const authority = makeAuthority(join(folder, "tls"));
  install(data, account, authority.issue({ names: ["IP:127.0.0.1", "DNS:localhost"] }));
  return authority.caFile;
}

/** The server takes only a key that nobody else may read. */
function install(data: string, account: Account, { certFile, keyFile }: IssuedCertificate): void {
  for (const [from, name] of [
    [certFile, "server.crt"],
    [keyFile, "server.key"],
  ] as const) {
    copyFileSync(from, join(data, name));
    chmodSync(join(data, name), 0o600);
    give(join(data, name), account);
  }
}

/** Every way in asks for SCRAM. Loopback without TLS is there for `sslmode = "local"`. */
function hba(hasTls: boolean): string {
  const lines = ["local all all scram-sha-256", "hostnossl all all 127.0.0.1/32 scram-sha-256"];
  return `${[...lines, ...(hasTls ? ["hostssl all all 127.0.0.1/32 scram-sha-256"] : [])].join("\n")}\n`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** The last line but one of `postmaster.pid` says when connections are taken. */
async function untilReady(data: string, server: ChildProcess, log: () => string): Promise<void> {
  const file = join(data, "postmaster.pid");
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start: ${log()}`);
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`PostgreSQL was not ready in 30 s: ${log()}`);
}
