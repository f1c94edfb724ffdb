import type { BoundStrategy, PathModel } from "@tradepulse/core";
import type { RunOptions } from "../options/run-options.ts";
import type { Ambiguity } from "./backtest-result.ts";
import type { BoundRun } from "./bind-inputs.ts";
import { type DrivenRun, driveEngine, type Pace, rowsOf } from "./drive-engine.ts";
import { engineSettings } from "./engine-settings.ts";

const COMPARED = { worst: "worst-case", nearest: "nearest-extreme-first", best: "best-case" } as const satisfies Record<string, PathModel>;

/** Runs again under the paths through the bars that were not used, and says what each would have ended with. `null` without ambiguous fills. */
export async function comparePaths(
  strategy: BoundStrategy,
  definition: string,
  run: BoundRun,
  options: RunOptions,
  driven: DrivenRun,
  pacing: Pace & { add(rows: number): void },
  isWanted: boolean,
): Promise<Ambiguity | null> {
  const { ambiguousBars, ambiguousUs } = driven.engine.venue.counts;
  if (ambiguousBars === 0) return null;
  const models = Object.values(COMPARED).filter((model) => model !== options.path);
  const final = new Map<PathModel, number>([[options.path, driven.engine.equity]]);
  if (isWanted) {
    pacing.add(rowsOf(run) * models.length);
    for (const path of models) {
      const settings = engineSettings(
        { ...options, path, equity: "session", returns: "day" },
        run.instruments,
        driven.engine.options.tradeFromUs,
      );
      final.set(path, (await driveEngine(strategy, definition, run, settings, pacing)).engine.equity);
    }
  }
  return {
    fills: ambiguousBars,
    barsUs: ambiguousUs,
    used: options.path,
    worst: final.get(COMPARED.worst) ?? null,
    nearest: final.get(COMPARED.nearest) ?? null,
    best: final.get(COMPARED.best) ?? null,
  };
}
