import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { WebSocketConnection, WebSocketHandlers, WebSocketOptions } from "./env.ts";
import { realWebSocket } from "./real-web-socket.ts";

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

async function serving(onClient: (client: WebSocket, headers: Record<string, unknown>) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  servers.push(server);
  server.on("connection", (client, request) => onClient(client, request.headers));
  await new Promise((done) => server.once("listening", done));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Connects, runs `during` when open, and lists what happened once the connection is over. */
function play(
  url: string,
  during: (connection: WebSocketConnection) => void,
  options?: WebSocketOptions,
  more: Partial<WebSocketHandlers> = {},
): Promise<string[]> {
  return new Promise((done) => {
    const seen: string[] = [];
    const connection = realWebSocket(
      url,
      {
        onOpen: () => {
          seen.push("open");
          during(connection);
        },
        onMessage: (text) => {
          seen.push(text);
          if (text === "bye") connection.close(1_000, "done");
        },
        onPing: () => seen.push("ping"),
        ...more,
        onClose: (code) => {
          seen.push(`close ${code}`);
          // A second call would arrive within this turn or the next one.
          setImmediate(() => done(seen));
        },
      },
      options,
    );
  });
}

describe("realWebSocket()", () => {
  test("shows a message as bytes first, and as a text when nobody takes them", async () => {
    const url = await serving((client) => {
      for (const text of ["taken", "é is left", "bye"]) client.send(text);
    });
    const bytes: string[] = [];
    const onBytes = (message: Uint8Array): boolean => {
      bytes.push(new TextDecoder().decode(message));
      return bytes.length === 1;
    };
    const seen = await play(url, () => undefined, {}, { onBytes });
    expect(bytes).toEqual(["taken", "é is left", "bye"]);
    expect(seen.filter((what) => what !== "ping")).toEqual(["open", "é is left", "bye", "close 1000"]);
  });

  test("carries texts both ways, shows pings and pongs, and closes once", async () => {
    const url = await serving((client) => {
      client.on("message", (data: Buffer) => {
        client.ping();
        client.send(`echo ${data.toString()}`);
        client.send("bye");
      });
    });
    const seen = await play(url, (connection) => {
      connection.send("hello");
    });
    expect(seen).toEqual(["open", "ping", "echo hello", "bye", "close 1000"]);
    const pinged = await play(url, (connection) => {
      connection.ping();
      connection.send("x");
    });
    expect(pinged.filter((event) => event === "ping")).toHaveLength(2);
  });

  test("sends the headers given", async () => {
    let key: unknown;
    const url = await serving((client, headers) => {
      key = headers["x-key"];
      client.close();
    });
    await play(url, () => undefined, { headers: { "x-key": "abc" } });
    expect(key).toBe("abc");
  });

  test("closes with 1006 when the other side vanishes, refuses, or the address is no address", async () => {
    const url = await serving((client) => client.terminate());
    expect(await play(url, () => undefined)).toEqual(["open", "close 1006"]);
    expect(await play("ws://127.0.0.1:1/", () => undefined)).toEqual(["close 1006"]);
    expect(await play("nonsense", () => undefined)).toEqual(["close 1006"]);
  });

  test("closes on a message that is too long, and on a binary one", async () => {
    const long = await serving((client) => client.send("x".repeat(100)));
    expect((await play(long, () => undefined, { maxBytes: 50 })).at(-1)).toBe("close 1009");
    const binary = await serving((client) => client.send(Buffer.from([1, 2])));
    expect(await play(binary, () => undefined)).toEqual(["open", "close 1003"]);
  });

  test("drops what is sent before it is open and after it is closed", async () => {
    const got: string[] = [];
    const url = await serving((client) => {
      client.on("message", (data: Buffer) => {
        got.push(data.toString());
        client.close();
      });
    });
    const seen = await new Promise<string[]>((done) => {
      const events: string[] = [];
      const connection = realWebSocket(url, {
        onOpen: () => connection.send("in time"),
        onMessage: () => undefined,
        onClose: () => {
          connection.send("too late");
          connection.ping();
          connection.close();
          done(events);
        },
      });
      connection.send("too early");
    });
    expect(seen).toEqual([]);
    expect(got).toEqual(["in time"]);
  });
});
