import type { RandomStream, Timer } from "../env/env.ts";
import { seededStream } from "./seeded-stream.ts";

/** A process of the simulated world. What it has scheduled runs only while it lives. */
export class SimProcess {
  readonly name: string;
  /** False after {@link kill}: nothing scheduled for it ever runs again. */
  isAlive = true;
  isPaused = false;
  private readonly held: (() => void)[] = [];
  private readonly endings: (() => void)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Ends it as `kill -9` does: no code of it runs from now on. */
  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.held.length = 0;
    for (const run of this.endings.splice(0)) run();
  }

  /** Stops it as a suspended machine does: what comes due waits, and all of it runs on {@link resume}. */
  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    for (const run of this.held.splice(0)) run();
  }

  /** Called when the process ends; for the parts of the world that hold something for it. */
  onEnd(run: () => void): void {
    this.endings.push(run);
  }

  /** For the clock: keeps what came due during a pause. `again` puts it back. */
  hold(again: () => void): void {
    this.held.push(again);
  }
}

interface Entry {
  readonly timeUs: number;
  readonly tie: number;
  readonly order: number;
  readonly process: SimProcess | undefined;
  readonly run: () => void;
  isCanceled: boolean;
}

/**
 * Virtual time. Events are kept in a heap by time, then by a seeded draw, then by the order of scheduling; time jumps from one to the next. After
 * each event every promise that it settled has run its course before the next begins, so one seed is one interleaving.
 */
export class SimClock {
  nowUs: number;
  /** Events run so far. */
  eventCount = 0;
  /** Runs after each event, once its promises are done: the place for invariants. What it throws ends {@link run}. */
  afterEvent: (() => void) | undefined;
  private readonly heap: Entry[] = [];
  private readonly ties: RandomStream;
  private order = 0;

  constructor(options: { readonly seed: number; readonly startUs?: number }) {
    this.nowUs = options.startUs ?? 0;
    this.ties = seededStream(options.seed, "clock.ties");
  }

  /** Calls `run` at a time, or at once (as the next event) when that time has passed. Never before this call returns. */
  at(timeUs: number, run: () => void, process?: SimProcess): Timer {
    const entry: Entry = {
      timeUs: Math.max(timeUs, this.nowUs),
      tie: this.ties.next(),
      order: this.order++,
      process,
      run,
      isCanceled: false,
    };
    this.push(entry);
    return {
      cancel: () => {
        entry.isCanceled = true;
      },
    };
  }

  after(delayUs: number, run: () => void, process?: SimProcess): Timer {
    return this.at(this.nowUs + Math.max(0, delayUs), run, process);
  }

  /** Events waiting, canceled ones included. */
  get pending(): number {
    return this.heap.length;
  }

  /** Runs the next event and all promises it settles. False when there is none at or before `untilUs`. */
  async step(untilUs = Number.POSITIVE_INFINITY): Promise<boolean> {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || first.timeUs > untilUs) return false;
      this.pop();
      if (first.isCanceled || first.process?.isAlive === false) continue;
      this.nowUs = first.timeUs;
      if (first.process?.isPaused === true) {
        this.hold(first);
        continue;
      }
      this.eventCount += 1;
      first.run();
      await promisesDone();
      this.afterEvent?.();
      return true;
    }
  }

  /** Runs events until none is left at or before `untilUs`; then it is `untilUs`. Promises settled before the call run first. */
  async run(untilUs: number): Promise<void> {
    await promisesDone();
    while (await this.step(untilUs)) {
      // Each step does its own work.
    }
    if (Number.isFinite(untilUs)) this.nowUs = Math.max(this.nowUs, untilUs);
  }

  private hold(entry: Entry): void {
    entry.process!.hold(() => {
      if (!entry.isCanceled) this.at(this.nowUs, entry.run, entry.process);
    });
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(entry, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    const count = heap.length;
    if (count === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= count) break;
      if (below + 1 < count && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isBefore(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  if (a.timeUs !== b.timeUs) return a.timeUs < b.timeUs;
  return a.tie !== b.tie ? a.tie < b.tie : a.order < b.order;
}

/** A turn of the event loop: it comes only when no promise has anything left to do, however deep the chain. */
function promisesDone(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
