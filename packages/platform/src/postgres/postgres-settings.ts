import { FailureError } from "@tradepulse/core";
import type { Env } from "../env/env.ts";
import type { PostgresSecurity, PostgresSettings } from "../env/postgres.ts";
import { Secret } from "../secret/secret.ts";
import { refuseWeakVariables } from "./weak-variables.ts";

/** A connection as somebody writes it down. What is given twice must agree. */
export interface PostgresChoice {
  /** `postgresql://user@host:port/database?sslmode=verify-full&sslrootcert=...`, without a password. Read here; the driver never sees it. */
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
  readonly sslmode?: string | undefined;
  /** Files in PEM; absolute. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly password?: Secret | undefined;
  readonly applicationName: string;
  readonly connectTimeoutUs: number;
  readonly answerTimeoutUs: number;
}

type Text = Readonly<Record<"host" | "port" | "database" | "user" | "sslmode" | "caFile" | "certFile" | "keyFile", string | undefined>>;

/** What a URL may say besides where and who. */
const URL_PARAMETERS: Readonly<Record<string, keyof Text>> = {
  sslmode: "sslmode",
  sslrootcert: "caFile",
  sslcert: "certFile",
  sslkey: "keyFile",
};

/**
 * The settings of a connection, for whoever connects: journal, leadership, migrations, readers. Reads the PEM files. Throws `TP_POSTGRES_INSECURE` for
 * every `sslmode` but `verify-full` and `local`, for a missing one, and for variables of the process that ask for less; `TP_POSTGRES_SETTINGS` for the rest.
 */
export async function postgresSettings(
  env: Env,
  choice: PostgresChoice,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<PostgresSettings> {
  const text = agreed(choice);
  const host = needed(text.host, "host");
  const security = await securityOf(env, text, host);
  refuseWeakVariables(variables, text.sslmode!, text.caFile);
  const { password, applicationName, connectTimeoutUs, answerTimeoutUs } = choice;
  if (password === undefined && !host.startsWith("/"))
    incomplete("it has no password, needed is one for every connection but a Unix socket");
  const port = Number(text.port ?? "5432");
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    incomplete(`its port is "${text.port}", allowed are whole numbers from 1 up to 65535`);
  return {
    host,
    port,
    database: needed(text.database, "database"),
    user: needed(text.user, "user"),
    password,
    security,
    applicationName,
    connectTimeoutUs,
    answerTimeoutUs,
  };
}

/** Keys and URL in one; two that differ are refused, since nobody knows which one was meant. */
function agreed(choice: PostgresChoice): Text {
  const { host, port, database, user, sslmode, caFile, certFile, keyFile } = choice;
  const keys: Text = { host, port: port === undefined ? undefined : String(port), database, user, sslmode, caFile, certFile, keyFile };
  if (choice.url === undefined) return keys;
  const url = urlText(choice.url);
  const both: Record<string, string | undefined> = { ...keys };
  for (const [name, value] of Object.entries(url)) {
    const given = both[name];
    if (given !== undefined && value !== undefined && given !== value) {
      incomplete(`its ${name} is "${given}" and its URL says "${value}", they must agree`);
    }
    both[name] = given ?? value;
  }
  return both as Text;
}

function urlText(given: string): Partial<Text> {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    return incomplete("its URL cannot be read, it must look like postgresql://user@host:5432/database?sslmode=verify-full");
  }
  if (url.protocol !== "postgresql:" && url.protocol !== "postgres:") {
    incomplete(`its URL begins with "${url.protocol}", it must begin with "postgresql:"`);
  }
  if (url.password !== "")
    incomplete("its URL holds a password, which shows in lists and logs; it must come from a variable or a secret backend");
  const text: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    const key = Object.hasOwn(URL_PARAMETERS, name) ? URL_PARAMETERS[name] : undefined;
    if (key === undefined) {
      const known = Object.keys(URL_PARAMETERS).join(", ");
      const insecure = name.toLowerCase() === "ssl" || name.toLowerCase() === "uselibpqcompat";
      const why = `its URL sets "${name}", allowed are ${known}`;
      return insecure ? refuseInsecure(why) : incomplete(why);
    }
    if (text[key] !== undefined) incomplete(`its URL sets "${name}" twice`);
    text[key] = value;
  }
  const part = (value: string): string | undefined => (value === "" ? undefined : decodeURIComponent(value));
  const address = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  return { ...text, host: part(address), port: part(url.port), user: part(url.username), database: part(url.pathname.slice(1)) };
}

async function securityOf(env: Env, text: Text, host: string): Promise<PostgresSecurity> {
  const { sslmode, caFile, certFile, keyFile } = text;
  if (sslmode === "local") {
    if (!host.startsWith("/") && host !== "::1" && !/^127\.\d+\.\d+\.\d+$/.test(host)) {
      refuseInsecure(
        `its sslmode is "local" and its host "${host}", allowed with it are a Unix socket and the addresses 127.0.0.1 and ::1`,
      );
    }
    if (caFile !== undefined) refuseInsecure('its sslmode is "local" and it names a certificate authority, they exclude each other');
    return { kind: "local" };
  }
  if (sslmode !== "verify-full") {
    refuseInsecure(`its sslmode is ${sslmode === undefined ? "not set" : `"${sslmode}"`}, allowed are "verify-full" and "local"`);
  }
  if (host.startsWith("/")) refuseInsecure('its sslmode is "verify-full" and its host a Unix socket, which speaks no TLS');
  if (caFile === undefined) refuseInsecure("it names no certificate authority, needed is ca_file: no other is trusted");
  if ((certFile === undefined) !== (keyFile === undefined))
    incomplete("it names one of cert_file and key_file, needed are both or neither");
  const ca = await pem(env, caFile, "CERTIFICATE");
  if (certFile === undefined || keyFile === undefined) return { kind: "verify-full", ca };
  const certificate = await pem(env, certFile, "CERTIFICATE");
  return { kind: "verify-full", ca, certificate, key: new Secret(await pem(env, keyFile, "PRIVATE KEY")) };
}

async function pem(env: Env, path: string, kind: string): Promise<string> {
  let text = "";
  try {
    text = new TextDecoder().decode(await env.files.read(path));
  } catch (error) {
    incomplete(`"${path}" cannot be read: ${error instanceof Error ? error.message.split("\n", 1)[0]! : String(error)}`);
  }
  if (!text.includes(`${kind}-----`)) incomplete(`"${path}" holds no ${kind} in PEM form`);
  return text;
}

function needed(value: string | undefined, name: string): string {
  return value === undefined || value === "" ? incomplete(`it has no ${name}`) : value;
}

function incomplete(why: string): never {
  throw new FailureError({
    code: "TP_POSTGRES_SETTINGS",
    message: `Cannot connect to PostgreSQL: ${why}`,
    details: [],
    next: "see the keys of [journal] in the guide to the PostgreSQL journal",
  });
}

function refuseInsecure(why: string): never {
  throw new FailureError({
    code: "TP_POSTGRES_INSECURE",
    message: `Cannot connect to PostgreSQL: ${why}`,
    details: [],
    next: 'set sslmode = "verify-full" with ca_file, or sslmode = "local" for a Unix socket or a loopback address',
  });
}
