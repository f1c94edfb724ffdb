/** Thrown through a command that a signal ends. */
export class Interruption extends Error {
  override readonly name = "Interruption";
}

/** A terminal sends its signal to this process and to the one that started it, which passes it on: an echo, not a second wish. */
const ECHO_MS = 500;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs work that Ctrl-C (or SIGTERM, or the end of the terminal) can end: the signal given to it is aborted with an {@link Interruption}, and the work puts things
 * in order. A second Ctrl-C ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let firstMs: number | undefined;
  const stop = (): void => {
    if (firstMs === undefined) {
      firstMs = performance.now();
      controller.abort(new Interruption("interrupted"));
    } else if (performance.now() - firstMs > ECHO_MS) {
      process.exit(130);
    }
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}
