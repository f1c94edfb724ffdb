export {
  type Env,
  type FileHandle,
  type FileLock,
  type Files,
  type HttpRequest,
  type HttpResponse,
  type RandomStream,
  type Timer,
  TransportError,
  type WebSocketConnection,
  type WebSocketHandlers,
  type WebSocketOptions,
} from "./env/env.ts";
