import type { EventEmitter } from "node:events";
import type net from "node:net";
import type { Client, ClientConfig } from "pg";
import type { PostgresSettings } from "./postgres.ts";

/** The server asked for the password, or let us in, in a way that proves nothing or gives the password away. */
export class PasswordRefusal extends Error {
  override readonly name = "PasswordRefusal";
}

/** What of the driver's connection is watched: its messages, and the one way on which a password leaves in any other form than SCRAM. */
interface WireConnection extends EventEmitter {
  password(text: string): void;
}

export interface GuardedClient {
  readonly client: Client;
  /** True when the server has proved that it knows the password, or the system has told it who we are. */
  readonly hasIdentity: () => boolean;
}

/**
 * A client of the driver on a socket that is protected already. It answers SCRAM-SHA-256 alone, bound to the TLS channel where the server offers that;
 * it is given every value, since the driver looks for what is missing in variables of the process and in files of the user.
 */
export async function guardedClient(socket: net.Socket, settings: PostgresSettings): Promise<GuardedClient> {
  const { default: pg } = await import("pg");
  const { password, host } = settings;
  let isProven = false;
  let isScram = false;
  const connected = driverStream(socket);
  const config: ClientConfig & { readonly scramMaxIterations: number } = {
    stream: () => connected,
    host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    password: () => {
      if (password === undefined) throw new PasswordRefusal("the server asks for a password, and none is configured");
      return password.reveal();
    },
    ssl: false,
    sslnegotiation: "postgres",
    enableChannelBinding: settings.security.kind === "verify-full",
    scramMaxIterations: 100_000,
    application_name: settings.applicationName,
    client_encoding: "UTF8",
    options: "-c client_min_messages=error",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    pipeline: true,
  };
  const client = new pg.Client(config);
  // Between two owners an error has no listener, and would end the process.
  client.on("error", () => undefined);
  const { connection } = client as unknown as { readonly connection: WireConnection };
  connection.password = () => {
    connection.emit(
      "error",
      new PasswordRefusal("the server asks for the password in a form that gives it away, SCRAM-SHA-256 is allowed"),
    );
  };
  connection.on("authenticationSASL", () => {
    isScram = true;
  });
  connection.on("authenticationSASLFinal", () => {
    isProven = isScram;
  });
  const needsProof = password !== undefined || !host.startsWith("/");
  connection.on("authenticationOk", () => {
    if (needsProof && !isProven)
      connection.emit("error", new PasswordRefusal("the server let us in without proving that it knows the password"));
  });
  return { client, hasIdentity: () => !needsProof || isProven };
}

/**
 * The socket as the driver takes it. The driver connects what it is given, and this one is connected; and its parser throws at what it does not
 * understand, out of the socket's own event, which would end the process: here that ends the connection.
 */
function driverStream(socket: net.Socket): net.Socket {
  const emit = socket.emit.bind(socket) as (name: string | symbol, ...args: unknown[]) => boolean;
  return Object.assign(socket, {
    connect: (): net.Socket => {
      queueMicrotask(() => socket.emit("connect"));
      return socket;
    },
    emit: (name: string | symbol, ...args: unknown[]): boolean => {
      if (name !== "data") return emit(name, ...args);
      try {
        return emit(name, ...args);
      } catch (error) {
        socket.destroy(
          new Error(`the server sent what is no message: ${error instanceof Error ? error.message : String(error)}`, { cause: error }),
        );
        return true;
      }
    },
  });
}
