import { WebSocket } from "ws";
import type { WebSocketConnection, WebSocketHandlers, WebSocketOptions } from "./env.ts";
import { realTimer } from "./real-clock.ts";

const DEFAULT_MAX_BYTES = 16_777_216;
const DEFAULT_HANDSHAKE_US = 10_000_000;
/** How long the other side may take over the closing handshake before the connection is dropped. */
const CLOSING_US = 5_000_000;
const ABNORMAL = 1_006;
const NOT_TEXT = 1_003;
const TOO_LONG = 1_009;

/** A WebSocket client. Pings are answered by the library; what is sent while the connection is not open is dropped. */
export function realWebSocket(url: string, handlers: WebSocketHandlers, options: WebSocketOptions = {}): WebSocketConnection {
  let closed = false;
  let failure = "";
  let isTooLong = false;
  const ended = (code: number, reason: string): void => {
    if (closed) return;
    closed = true;
    handlers.onClose(isTooLong ? TOO_LONG : code, reason === "" ? failure : reason);
  };

  let socket: WebSocket;
  try {
    socket = new WebSocket(url, {
      headers: { ...options.headers },
      maxPayload: options.maxBytes ?? DEFAULT_MAX_BYTES,
      handshakeTimeout: Math.ceil((options.handshakeTimeoutUs ?? DEFAULT_HANDSHAKE_US) / 1_000),
      perMessageDeflate: false,
      followRedirects: false,
    });
  } catch (error) {
    // The caller does not hold the connection yet, so the news come after this call.
    const reason = error instanceof Error ? error.message : String(error);
    queueMicrotask(() => ended(ABNORMAL, reason));
    return { send: () => undefined, ping: () => undefined, close: () => undefined };
  }
  const isOpen = (): boolean => socket.readyState === WebSocket.OPEN;

  socket.on("open", () => handlers.onOpen());
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    if (isBinary) socket.close(NOT_TEXT, "binary message");
    else if (handlers.onBytes?.(data) !== true) handlers.onMessage(data.toString("utf8"));
  });
  socket.on("ping", () => handlers.onPing?.());
  socket.on("pong", () => handlers.onPing?.());
  socket.on("error", (error) => {
    failure = error.message;
    isTooLong = "code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";
  });
  socket.on("close", (code, reason) => ended(code, reason.toString("utf8")));

  return {
    send: (text) => {
      if (isOpen()) socket.send(text);
    },
    ping: () => {
      if (isOpen()) socket.ping();
    },
    close: (code, reason) => {
      if (socket.readyState === WebSocket.CLOSED) return;
      if (socket.readyState === WebSocket.CONNECTING) {
        socket.terminate();
        return;
      }
      socket.close(code, reason);
      const timer = realTimer(CLOSING_US, () => socket.terminate());
      socket.once("close", () => timer.cancel());
    },
  };
}
