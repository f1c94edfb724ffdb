import { type Heartbeat, type KillLatch, openKillLatch, Pulse, sentinelFolder } from "@tradepulse/live";
import type { Env } from "@tradepulse/platform";

/** A session that is drilled, and what can be known of it from outside. */
export interface DrillStage {
  readonly env: Env;
  /** Folders, absolute. */
  readonly session: string;
  readonly account: string;
  /** Name of the session and its account, for people. */
  readonly name: string;
  /** Between two signs of life. */
  readonly beatUs: number;
  /** Silence that the sentinel takes for a death; `undefined` where none is configured. */
  readonly timeoutUs: number | undefined;
  /** Orders at work at the venue now; NaN when it does not say. */
  working(): Promise<number>;
  /** Between two of these looks: they cost request weight. */
  readonly lookMs: number;
  /** Instants on the wall clock at which orders were asked for, later than a given one; `undefined` when nobody here can know. */
  sentAfter(wallUs: number): Promise<readonly number[] | undefined>;
  /** Stops the process of the trader, or lets it go on. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
}

export const LATCH_NAME = "latch";

/** Uses the latch of the account as a process of its own would. */
export async function withLatch<T>({ env, account }: DrillStage, use: (latch: KillLatch) => T | Promise<T>): Promise<T> {
  const latch = await openKillLatch({ env, folder: `${account}/${LATCH_NAME}` });
  try {
    return await use(latch);
  } finally {
    latch.stop();
  }
}

/** Looks every few milliseconds until something is so. Milliseconds that it took; `undefined` when it was not in time. */
export async function awaited(
  env: Env,
  mostMs: number,
  signal: AbortSignal,
  look: () => boolean | Promise<boolean>,
  everyMs = 20,
): Promise<number | undefined> {
  const startedUs = env.monoUs();
  for (;;) {
    signal.throwIfAborted();
    const isSo = await look();
    const tookMs = (env.monoUs() - startedUs) / 1_000;
    if (isSo) return tookMs;
    if (tookMs > mostMs) return undefined;
    await env.sleep(everyMs * 1_000, signal);
  }
}

/** Waits for two signs of life of somebody: the second, or `undefined` when they did not come in time. */
export async function livingBeat(env: Env, folder: string, mostMs: number, signal: AbortSignal): Promise<Heartbeat | undefined> {
  const pulse = new Pulse({ env, folder, tickUs: 50_000 });
  await awaited(
    env,
    mostMs,
    signal,
    async () => {
      await pulse.tick();
      return pulse.isAlive(mostMs * 1_000);
    },
    50,
  );
  return pulse.isAlive(mostMs * 1_000) ? pulse.beat : undefined;
}

export function sentinelOf({ account }: DrillStage): string {
  return sentinelFolder(account);
}
