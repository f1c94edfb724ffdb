export { PLATFORM_CODES } from "./codes.ts";
export {
  type Env,
  type FileHandle,
  type FileLock,
  type Files,
  type HttpRequest,
  type HttpResponse,
  OversizedError,
  type RandomStream,
  type Timer,
  TransportError,
  type WebSocketConnection,
  type WebSocketHandlers,
  type WebSocketOptions,
} from "./env/env.ts";
export {
  type Postgres,
  type PostgresConnection,
  PostgresError,
  type PostgresQuery,
  type PostgresRow,
  type PostgresSecurity,
  type PostgresSettings,
  type PostgresTrouble,
  type PostgresValue,
} from "./env/postgres.ts";
export { realEnv } from "./env/real-env.ts";
export type { RealHttpOptions } from "./env/real-http.ts";
export { realSurroundings, type Surroundings } from "./env/real-surroundings.ts";
export { type PostgresChoice, postgresSettings } from "./postgres/postgres-settings.ts";
export { REDACTED, redact, Secret } from "./secret/secret.ts";
export { seededStream } from "./sim/seeded-stream.ts";
export { SimClock, SimProcess } from "./sim/sim-clock.ts";
export { type FileFault, type FileOperation, SimDisk, SimFileError } from "./sim/sim-disk.ts";
export { SimEnv, type SimEnvParts } from "./sim/sim-env.ts";
export { SimFiles, type SimFilesOptions } from "./sim/sim-files.ts";
export { FloodGate, type FloodGateOptions } from "./telemetry/flood-gate.ts";
export {
  BAD_INPUT,
  type InputCount,
  InputCounters,
  type InputFlaw,
  type InputSource,
  type MetricFamily,
} from "./telemetry/input-counters.ts";
export { LOG_LEVELS, type Log, type LogFields, type LogLevel, type LogLine, NO_LOG } from "./telemetry/log.ts";
export { ProcessLog, type ProcessLogOptions } from "./telemetry/process-log.ts";
export { Redactor } from "./telemetry/redactor.ts";
