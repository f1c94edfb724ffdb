import type { TradingState } from "@tradepulse/core";
import { canonicalJson } from "../journal/canonical-json.ts";
import { crc32c } from "../journal/crc32c.ts";

/** What a process is doing, as far as it may be trusted to be alive. */
export type HeartbeatPhase =
  /** Leads, and recovers or catches up: it cannot trade yet. */
  | "starting"
  | "running"
  | "stopping"
  /** Ended as it was meant to: nothing is under way, and what works at the venue was left there on purpose. */
  | "stopped"
  /** It still beats, or beat once more at its end, and does its work no longer. */
  | "failed";

/** What a process says of itself besides being alive. */
export interface HeartbeatWords {
  readonly phase: HeartbeatPhase;
  /** Why it has failed, or cannot do its work; `""` otherwise. */
  readonly why: string;
  /** Epoch in which it leads; 0 for one that leads nothing. */
  readonly epoch: number;
  /** The trading state as this process sees it. */
  readonly state: TradingState;
  /** A trader that may take new risk; a sentinel that could cancel. */
  readonly isReady: boolean;
  /** Orders at work as far as it knows; 0 for a sentinel. */
  readonly openOrders: number;
}

/** One sign of life. Two of one process differ in their count, those of two processes in their life. */
export interface Heartbeat extends HeartbeatWords {
  /** 32 hexadecimal digits, drawn at the start of the process. */
  readonly life: string;
  /** From 1 on. */
  readonly count: number;
  /** Between two beats, as they are meant. */
  readonly intervalUs: number;
  /** On the wall clock of the process, for people: nobody computes with it. */
  readonly atUs: number;
}

/** Its name in the folder of a session, and in that of the sentinel. */
export const HEARTBEAT_NAME = "heartbeat.json";

const PHASES: readonly HeartbeatPhase[] = ["starting", "running", "stopping", "stopped", "failed"];
const STATES: readonly TradingState[] = ["enabled", "reduce-only", "halted"];

export function encodeHeartbeat(beat: Heartbeat): Uint8Array {
  return new TextEncoder().encode(canonicalJson({ ...beat, check: checksum(beat) }));
}

/** `undefined` for what is torn, damaged, or of another version: no proof of life. */
export function decodeHeartbeat(bytes: Uint8Array): Heartbeat | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value !== "object" || value === null) return undefined;
    const { check, ...beat } = value as Readonly<Record<string, unknown>>;
    return isHeartbeat(beat) && check === checksum(beat) ? beat : undefined;
  } catch {
    return undefined;
  }
}

function isHeartbeat(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & Heartbeat {
  const { phase, why, epoch, state, isReady, openOrders, life, count, intervalUs, atUs } = value;
  const numbers = [epoch, openOrders, count, intervalUs, atUs];
  return (
    PHASES.includes(phase as HeartbeatPhase) &&
    STATES.includes(state as TradingState) &&
    typeof why === "string" &&
    typeof life === "string" &&
    typeof isReady === "boolean" &&
    numbers.every((each) => typeof each === "number" && Number.isFinite(each))
  );
}

function checksum(beat: object): number {
  return crc32c(new TextEncoder().encode(canonicalJson(beat)));
}
