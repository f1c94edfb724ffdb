import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { FailureError } from "@tradepulse/core";
import { realEnv, type WebSocketConnection } from "@tradepulse/platform";
import { type WebSocket, WebSocketServer } from "ws";
import { type ControlCommand, runControl } from "../control-command.ts";
import { LocalVenue, type LocalVenueOptions } from "../local-venue.ts";

export interface ServeOptions extends Omit<LocalVenueOptions, "clock"> {
  /** 0 for any that is free. */
  readonly port: number;
}

export interface ServedVenue {
  readonly venue: LocalVenue;
  readonly port: number;
  /** Base addresses as the adapter takes them. */
  readonly restUrl: string;
  readonly streamUrl: string;
  readonly wsApiUrl: string;
  /** Stops the market, breaks what is open, frees the port. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const CONTROL_PATH = "/__control";
const MOST_BYTES = 1_048_576;
/** A client that has not answered a ping for so long is gone. */
const PONG_US = 60_000_000;
const ABNORMAL = 1_006;

/** The local venue as a server on this machine: REST, streams and the WebSocket API on one port. Rejects with `TP_VENUE_PORT` when it is taken. */
export async function serveLocalVenue(options: ServeOptions): Promise<ServedVenue> {
  const { port, ...rest } = options;
  const clock = realEnv();
  const venue = new LocalVenue({ ...rest, clock });
  const server = createServer((request, response) => void answer(venue, request, response));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false, autoPong: false });
  const open = new Set<Duplex>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (venue.core.isAway() || !isKnown(request.url ?? "")) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connected) => join(venue, request, connected, () => clock.monoUs()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(portFailure(port, error)));
    server.listen(port, HOST, resolve);
  });
  venue.start();
  const bound = (server.address() as AddressInfo).port;
  return {
    venue,
    port: bound,
    restUrl: `http://${HOST}:${bound}`,
    streamUrl: `ws://${HOST}:${bound}`,
    wsApiUrl: `ws://${HOST}:${bound}/ws-api/v3`,
    close: () =>
      new Promise((resolve) => {
        venue.stop();
        sockets.close();
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

async function answer(venue: LocalVenue, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    request.socket.destroy();
    return;
  }
  const url = request.url ?? "/";
  // Pages in a browser always name their origin; what they ask for is not what an operator asked for.
  if (url === CONTROL_PATH && request.method === "POST" && request.headers.origin === undefined) {
    control(venue, body, response);
    return;
  }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const result = await venue.handleHttp({ method: request.method ?? "GET", url, headers, body }, request.socket.remoteAddress ?? HOST);
  if (result.kind === "cut") request.socket.destroy();
  else response.writeHead(result.status, result.headers).end(result.body);
}

/** The whole body; `undefined` when it is longer than a venue reads, or broke off. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      parts.push(part);
      length += part.length;
      if (length > MOST_BYTES) return undefined;
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts).toString("utf8");
}

function control(venue: LocalVenue, body: string, response: ServerResponse): void {
  try {
    const result = runControl(venue, JSON.parse(body) as ControlCommand);
    const text = JSON.stringify(result, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    response.writeHead(200, { "content-type": "application/json" }).end(text);
  } catch (error) {
    const text = error instanceof Error ? error.message : "no command";
    response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error: text }));
  }
}

function isKnown(url: string): boolean {
  const path = url.split("?")[0]!;
  return path === "/ws-api/v3" || path === "/stream" || path === "/ws" || path.startsWith("/ws/");
}

/** Ties a real connection to the venue's end of it. */
function join(venue: LocalVenue, request: IncomingMessage, socket: WebSocket, monoUs: () => number): void {
  let lastPongUs = monoUs();
  /** Payload of a ping of the client that was not answered yet. */
  let asked: Buffer | undefined;
  const connection: WebSocketConnection = venue.openSocket(
    request.url ?? "/",
    {
      onOpen: () => undefined,
      onMessage: (text) => socket.send(text),
      onPing: () => {
        if (asked !== undefined) {
          socket.pong(asked);
          asked = undefined;
        } else if (monoUs() - lastPongUs > PONG_US) socket.terminate();
        else socket.ping();
      },
      onClose: (code, reason) => {
        // 1006 is what the other side sees when nobody says goodbye; it is not for saying.
        if (code === ABNORMAL) socket.terminate();
        else socket.close(code, reason);
      },
    },
    request.socket.remoteAddress ?? HOST,
  );
  socket.on("message", (data: Buffer) => connection.send(data.toString("utf8")));
  // Answered by the venue, which may be dead by then.
  socket.on("ping", (data: Buffer) => {
    asked = data;
    connection.ping();
  });
  socket.on("pong", () => {
    lastPongUs = monoUs();
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", (code, reason) => connection.close(code, reason.toString("utf8")));
}

function portFailure(port: number, error: Error): FailureError {
  return new FailureError(
    {
      code: "TP_VENUE_PORT",
      message: `Cannot open a venue on port ${port} of this machine: ${error.message.replace(/^.*?: /, "")}`,
      details: [],
      next: "choose another port, or 0 for any that is free",
    },
    error,
  );
}
