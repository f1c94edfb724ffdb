import { setImmediate } from "node:timers/promises";

/** Lets waiting events run (Ctrl-C among them) between two long steps; throws the signal's reason when it is aborted. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}
