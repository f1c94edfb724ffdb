/** How much a line matters: `error` for what a person must look at, `warn` for what is not as it should be, `debug` for who looks closely. */
export type LogLevel = "debug" | "info" | "warn" | "error";

export const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** Figures and names that belong to a line. `undefined` leaves a field out. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A line of the log. */
export interface LogLine {
  /** Wall clock, microseconds. */
  readonly timeUs: number;
  readonly level: LogLevel;
  /** What happened, as one of a few fixed words: what a machine filters by. */
  readonly event: string;
  /** The same for people, secrets taken out. */
  readonly text: string;
  readonly fields: LogFields;
}

/** Takes lines; never throws, never waits. */
export interface Log {
  write(level: LogLevel, event: string, text: string, fields?: LogFields): void;
}

/** A log that nobody reads. */
export const NO_LOG: Log = { write: () => undefined };
