import type { HeartbeatWords } from "../sentinel/heartbeat.ts";

/** How far a run has come. */
export class RunProgress {
  hasFailed = false;
  isStopping = false;
  isLive = false;
  /** How it ended, once it has: `""` as it was meant to. */
  ending: string | undefined;
  /** Why it failed; `""` when it did not. */
  failure = "";
}

/** Phase of a run and what went wrong, for whoever watches the process from outside. */
export function phaseOf({ hasFailed, isStopping, isLive, ending, failure }: RunProgress): Pick<HeartbeatWords, "phase" | "why"> {
  if (hasFailed || (ending !== undefined && ending !== "")) return { phase: "failed", why: failure || ending! };
  if (ending === "") return { phase: "stopped", why: "" };
  return { phase: isStopping ? "stopping" : isLive ? "running" : "starting", why: "" };
}

/** Why an end is none that was meant; `""` when it is. */
export function endingOf(failure: unknown, isInOrder: boolean, openOrders: number, onStop: "cancel" | "keep"): string {
  if (failure !== undefined) return `it ended with a failure: ${firstLine(failure)}`;
  if (openOrders > 0 && onStop === "cancel") return `it ended with ${openOrders} orders that are not known to be canceled`;
  return isInOrder ? "" : "it ended with orders whose outcome is not known";
}

export function firstLine(error: unknown): string {
  return error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
}
