import type { TimeUs } from "@tradepulse/core";

/** Where in a user's file something stands. Lines and columns count from 1. */
export interface SourcePosition {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** The parts of a check. */
export type CheckName = "imports" | "repeat" | "truncation" | "shuffle" | "warm-up" | "restart";

/** Something that a check found. */
export interface CheckFinding {
  readonly check: CheckName;
  /** Stable name: `lookahead`, `module-state`, `clock`, `random`, `network`, `file-system`, `process`, `timer`, `import`, ... */
  readonly id: string;
  /** `serious` fails the check; `warning` and `note` do not. */
  readonly severity: "note" | "warning" | "serious";
  readonly title: string;
  /** One or two sentences with the facts. */
  readonly text: string;
  /** Where it stands in the code, for findings about code. */
  readonly position?: SourcePosition;
  /** Close of the first bar whose decision differs, for findings about decisions. */
  readonly timeUs?: TimeUs;
}

/** One part of a check and how it went. */
export interface CheckPart {
  readonly check: CheckName;
  readonly state: "ok" | "found" | "skipped";
  /** What was done: `64 runs cut off at 64 bars`, or why it was skipped. */
  readonly text: string;
}

/** Whether a strategy sees the future, keeps state between runs, or reaches for the world. */
export interface CheckReport {
  readonly schema: 1;
  readonly strategyName: string;
  readonly path: string | null;
  /** No serious finding. */
  readonly ok: boolean;
  readonly parts: readonly CheckPart[];
  readonly findings: readonly CheckFinding[];
  /** Runs made. */
  readonly runs: number;
}
