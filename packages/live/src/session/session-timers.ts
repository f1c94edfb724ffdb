import type { Env, Timer } from "@tradepulse/platform";

/** The timers of a session: all of them end with it, and none runs after that. */
export class SessionTimers {
  private readonly env: Pick<Env, "timer">;
  private readonly open = new Set<Timer>();
  private isStopped = false;

  constructor(env: Pick<Env, "timer">) {
    this.env = env;
  }

  /** Timers that have not run yet. */
  get count(): number {
    return this.open.size;
  }

  after(delayUs: number, run: () => void): void {
    if (this.isStopped) return;
    const timer = this.env.timer(delayUs, () => {
      this.open.delete(timer);
      if (!this.isStopped) run();
    });
    this.open.add(timer);
  }

  every(periodUs: number, run: () => void): void {
    this.after(periodUs, () => {
      run();
      this.every(periodUs, run);
    });
  }

  stop(): void {
    this.isStopped = true;
    for (const timer of this.open) timer.cancel();
    this.open.clear();
  }
}
