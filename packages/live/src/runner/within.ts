import type { Env } from "@tradepulse/platform";

/** Waits for work, but not beyond a deadline on the monotonic clock. */
export async function within(env: Env, deadlineUs: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  const waited = env.sleep(Math.max(0, deadlineUs - env.monoUs()), over.signal).catch(() => undefined);
  await Promise.race([work, waited]);
  over.abort(new Error("the work was done"));
}
