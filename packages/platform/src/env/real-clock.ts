import type { Timer } from "./env.ts";

/** The monotonic clock of the process in whole microseconds. */
export function realMonoUs(): number {
  return Math.floor(performance.now() * 1_000);
}

/** Wall time, UTC, in microseconds. The system gives milliseconds. */
export function realWallUs(): number {
  return Date.now() * 1_000;
}

/** The longest delay that one `setTimeout` takes; a longer one fires at once. */
const LONGEST_MS = 2_147_483_647;

/**
 * Calls `run` once when `delayUs` have passed on the monotonic clock, never before: the timers of Node count in rounded milliseconds and may
 * be early, so an early call waits out the rest.
 */
export function realTimer(delayUs: number, run: () => void): Timer {
  const dueUs = realMonoUs() + Math.max(0, delayUs);
  let handle: NodeJS.Timeout;
  const arm = (): void => {
    const restMs = Math.ceil((dueUs - realMonoUs()) / 1_000);
    handle = setTimeout(
      () => {
        if (realMonoUs() >= dueUs) run();
        else arm();
      },
      Math.min(LONGEST_MS, Math.max(0, restMs)),
    );
  };
  arm();
  return { cancel: () => clearTimeout(handle) };
}

/** Resolves after `delayUs`; rejects with the signal's reason when it aborts first. */
export function realSleep(delayUs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      timer.cancel();
      reject(reasonOf(signal!));
    };
    const timer = realTimer(delayUs, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error("The wait was aborted", { cause: reason });
}
