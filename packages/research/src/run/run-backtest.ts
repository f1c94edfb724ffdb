import { type BoundStrategy, runHash } from "@tradepulse/core";
import type { OptionOrigin } from "../options/run-options.ts";
import type { LoadedStrategy } from "../strategy-file/loaded-strategy.ts";
import { sha256 } from "../strategy-file/module-graph.ts";
import type { BacktestHooks, BacktestRequest } from "./backtest-request.ts";
import type { BacktestResult } from "./backtest-result.ts";
import { buyAndHold } from "./benchmark.ts";
import { bindInputs } from "./bind-inputs.ts";
import { buildManifest } from "./build-manifest.ts";
import { delayedTotalReturn } from "./compare-delay.ts";
import { comparePaths } from "./compare-paths.ts";
import { driveEngine, pace, rowsOf } from "./drive-engine.ts";
import { engineSettings } from "./engine-settings.ts";
import { evaluateRun, tradedPart } from "./evaluate-run.ts";
import { runWarnings } from "./run-warnings.ts";

/** Most bars for which the run with a delay is made unasked. */
const DELAYED_BY_DEFAULT = 1_000_000;

/**
 * Runs a backtest: the strategy, buy-and-hold beside it, and the comparisons asked for. Between blocks of bars the process may do
 * something else, so progress shows and Ctrl-C works. Throws FailureErrors (strategy, options, data), and the reason of
 * `hooks.signal` when that is aborted.
 */
export async function runBacktest(request: BacktestRequest, hooks: BacktestHooks = {}): Promise<BacktestResult> {
  hooks.signal?.throwIfAborted();
  const startedAt = new Date();
  const { strategy, definition, loaded } = boundStrategy(request);
  const run = bindInputs(strategy, request);
  const { options } = request.options;
  const tradeFromUs = run.fromUs ?? Number.NEGATIVE_INFINITY;
  const settings = engineSettings(options, run.instruments, tradeFromUs);
  const pacing = pace(hooks, 2 * rowsOf(run));
  const driven = await driveEngine(strategy, definition, run, settings, pacing);
  const benchmark = await buyAndHold(run, options, driven.engine.host.indicators.warmUntilUs(), pacing);
  const ambiguity = await comparePaths(strategy, definition, run, options, driven, pacing, request.comparisons?.pathModels ?? true);
  const isDelayWanted = request.comparisons?.delay ?? rowsOf(run) <= DELAYED_BY_DEFAULT;
  const delayed = isDelayWanted ? await delayedTotalReturn(strategy, definition, run, options, pacing) : undefined;
  const evaluation = evaluateRun(run, driven, options, benchmark, {
    parameterCount: strategy.paramCount,
    ...(delayed === undefined ? {} : { delayedTotalReturn: delayed }),
  });
  const hash = runHash(driven.engine.events);
  const warnings = runWarnings(run, options, evaluation.counts, driven.engine.events);
  const own = run.inputs.filter(({ of }) => of === undefined);
  const datasets = [...new Set(own.map(({ bound }) => bound!.dataset))];
  return {
    strategyName: strategy.name,
    params: strategy.params,
    instruments: run.instruments,
    inputs: run.inputs.map(({ name, instrumentIndex, intervalUs, columns, warmupBars }) => ({
      name,
      instrumentIndex,
      intervalUs,
      columns,
      warmupBars,
    })),
    options: request.options,
    ...evaluation,
    dataFindings: datasets.flatMap(({ findings }) => findings),
    warnings,
    runHash: hash,
    manifest: buildManifest({
      strategy,
      loaded,
      run,
      resolved: request.options,
      paramOrigins: paramOrigins(strategy, request),
      startedAt,
      elapsedMs: driven.elapsedMs,
      runHash: hash,
      warnings,
    }),
    benchmark: benchmark === null ? null : { name: benchmark.name, ...tradedPart(benchmark, run.startUs, options.capital) },
    ambiguity,
    events: driven.engine.events,
    startUs: run.startUs,
    endUs: run.endUs,
    bars: own.reduce((sum, { columns, warmupBars }) => sum + columns.length - warmupBars, 0),
    warmupBars: own.reduce((sum, { warmupBars }) => sum + warmupBars, 0),
    elapsedMs: driven.elapsedMs,
  };
}

/** The strategy of a request with its parameters, and the name of its definition. */
export function boundStrategy(request: Pick<BacktestRequest, "strategy" | "params">): {
  readonly strategy: BoundStrategy;
  readonly definition: string;
  readonly loaded: LoadedStrategy | undefined;
} {
  const { strategy, params } = request;
  if (!("codeDigest" in strategy)) return { strategy, definition: strategy.name, loaded: undefined };
  const code = sha256(`${strategy.path} ${strategy.codeDigest}`).slice("sha256:".length, "sha256:".length + 8);
  return { strategy: strategy.strategy(params), definition: `${strategy.strategy.spec.name}-${code}`, loaded: strategy };
}

/** Where each parameter of a run comes from, by `params.<name>`. */
function paramOrigins({ params }: BoundStrategy, request: BacktestRequest): Readonly<Record<string, OptionOrigin>> {
  return Object.fromEntries(
    Object.keys(params).map((name) => {
      const given = request.params !== undefined && name in request.params;
      return [`params.${name}`, request.paramOrigins?.[name] ?? (given ? "flag" : "default")];
    }),
  );
}
