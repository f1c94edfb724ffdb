import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blindSpots } from "./blind-spots.ts";
import { judgeRun, type RigViolation } from "./judge-run.ts";
import { pause, until } from "./rig-process.ts";
import type { RigTrader } from "./rig-trader.ts";
import type { RigVenue } from "./rig-venue.ts";

/** What a run came to. */
export interface RunResult {
  readonly kind: "kill" | "disk-full" | "sentinel";
  readonly seed: number;
  /** What happened to the trader, in order. */
  readonly events: readonly string[];
  readonly lives: number;
  readonly intents: number;
  readonly records: number;
  readonly neverSent: number;
  readonly neverHeard: number;
  readonly orders: number;
  readonly trades: number;
  /** Untrue words of the venue. */
  readonly faults: number;
  readonly violations: readonly RigViolation[];
  readonly seconds: number;
  /** Where everything lies that a run left which failed. */
  readonly folder: string | undefined;
}

/** A run as it goes: what it leaves behind, and what must be ended whatever happens. */
export interface RunFrame {
  readonly folder: string;
  readonly events: string[];
  readonly violations: RigViolation[];
  venue: RigVenue | undefined;
  trader: RigTrader | undefined;
}

const RUN_MS = 420_000;

/** Carries out a run in a folder of its own, ends its processes and judges it. The folder stays only when something was wrong. */
export async function framedRun(
  kind: RunResult["kind"],
  seed: number,
  run: (frame: RunFrame) => Promise<void>,
  clean?: (frame: RunFrame) => Promise<void>,
): Promise<RunResult> {
  const startedMs = performance.now();
  const folder = await mkdtemp(join(tmpdir(), `tradepulse-rig-${kind}-${seed}-`));
  const frame: RunFrame = { folder, events: [], violations: [], venue: undefined, trader: undefined };
  let counts = { intents: 0, records: 0, neverSent: 0, neverHeard: 0, orders: 0, trades: 0, faults: 0 };
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the run took longer than ${RUN_MS / 1_000} s`)), RUN_MS);
    });
    await Promise.race([run(frame), late]);
    const truth = await frame.venue!.truth();
    const { session, tail } = frame.trader!;
    tail.poll();
    const evidence = { session, truth, seen: tail.seen };
    const judged = await judgeRun(evidence);
    frame.violations.push(...judged.violations);
    if (frame.violations.length === 0) for (const text of await blindSpots(evidence)) frame.violations.push({ law: "judge", text });
    counts = { ...judged, orders: truth.orders.length, trades: truth.trades.length, faults: truth.faults };
    if (frame.violations.length > 0) await keep(frame);
  } catch (error) {
    frame.violations.push({ law: "end", text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    await keep(frame).catch(() => undefined);
  } finally {
    clearTimeout(timer);
    await frame.trader?.process?.kill();
    frame.trader?.tail.close();
    await frame.venue?.stop();
  }
  const isFailed = frame.violations.length > 0;
  await clean?.(frame);
  if (!isFailed) await rm(folder, { recursive: true, force: true });
  return {
    kind,
    seed,
    events: frame.events,
    lives: frame.trader?.lives ?? 0,
    ...counts,
    violations: frame.violations,
    seconds: Math.round((performance.now() - startedMs) / 1_000),
    folder: isFailed ? folder : undefined,
  };
}

async function keep({ folder, venue, violations, events }: RunFrame): Promise<void> {
  const ledger = await venue?.control({ do: "truth" });
  await writeFile(join(folder, "truth.json"), `${JSON.stringify(ledger)}\n`);
  await writeFile(join(folder, "violations.json"), `${JSON.stringify({ events, violations }, undefined, 2)}\n`);
}

/** The end of every run: halted, all orders canceled, nothing unknown, the venue quiet, read once more, and stopped in order. */
export async function bringHome(trader: RigTrader, venue: RigVenue, violations: RigViolation[]): Promise<void> {
  await trader.halt();
  let quietSinceMs = performance.now();
  let last = "";
  await until(
    "quiet",
    120_000,
    async () => {
      trader.tail.poll();
      if (trader.process?.isRunning !== true) throw new Error(`the trader ended by itself: ${trader.process?.stderr.slice(-600)}`);
      const { orders, places, trades } = await venue.truth();
      const open = orders.filter(({ status }) => status === "NEW" || status === "PARTIALLY_FILLED").length;
      const now = `${places.length} ${orders.length} ${trades.length} ${open} ${trader.tail.unresolved}`;
      if (now !== last || open > 0 || trader.tail.unresolved > 0) quietSinceMs = performance.now();
      last = now;
      // Longer than two reconciliations lie apart.
      return performance.now() - quietSinceMs > 7_000 ? true : undefined;
    },
    400,
  ).catch((error: unknown) => {
    violations.push({ law: "L1", text: `${String(error)}; places, orders, trades, open, unresolved: ${last}` });
  });
  const { process } = trader;
  process!.signal("SIGTERM");
  const exit = await Promise.race([process!.exited, pause(60_000).then(() => undefined)]);
  if (exit === undefined) violations.push({ law: "end", text: "a graceful stop took longer than 60 s" });
  else if (exit.code !== 0)
    violations.push({ law: "end", text: `the graceful stop ended with ${exit.code ?? exit.signal}: ${process!.stderr.slice(-600)}` });
}
