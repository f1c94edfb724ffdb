import { FailureError, formatTimeUs } from "@tradepulse/core";
import type { ResolvedOptions } from "../options/run-options.ts";
import type { BacktestHooks, BoundDataset } from "../run/backtest-request.ts";
import { type BoundRun, bindInputs } from "../run/bind-inputs.ts";
import { type DrivenRun, pace } from "../run/drive-engine.ts";
import { boundStrategy } from "../run/run-backtest.ts";
import { loadStrategy } from "../strategy-file/load-strategy.ts";
import type { LoadedStrategy } from "../strategy-file/loaded-strategy.ts";
import { checkFuture } from "./check-future.ts";
import type { CheckFinding, CheckPart, CheckReport } from "./check-report.ts";
import { checkRestart } from "./check-restart.ts";
import { type CheckContext, checkOptions, runFor } from "./check-run.ts";
import { checkWarmup } from "./check-warmup.ts";
import { firstDifferenceOfWhole } from "./compare-decisions.ts";
import { scanCode } from "./scan-code.ts";
import { positionInStack } from "./stack-position.ts";

export interface CheckRequest {
  readonly strategy: LoadedStrategy;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly data: BoundDataset | Readonly<Record<string, BoundDataset>>;
  readonly options: ResolvedOptions;
}

type Findings = readonly CheckFinding[];

/**
 * Whether a strategy sees the future, keeps state between runs, or reaches for the world: its code is read, it is run twice in one
 * process, and run again with the future removed, with the future in another order, with less history, and restarted as a live session is.
 * Throws what a run throws, except for a read ahead, which is a finding.
 */
export async function checkStrategy(request: CheckRequest, hooks: BacktestHooks = {}): Promise<CheckReport> {
  // Variables of its modules as they are at the start of a process: a first run in it is what a second is compared with.
  const loaded = await loadStrategy(request.strategy.path, { fresh: true });
  const { strategy, definition } = boundStrategy({ strategy: loaded, ...(request.params === undefined ? {} : { params: request.params }) });
  const options = checkOptions(request.options.options);
  const context: CheckContext = { strategy, definition, options, pacing: pace(hooks, 0), runs: 0 };
  const run = bindInputs(strategy, request);
  const parts: CheckPart[] = [];
  const findings: CheckFinding[] = [];
  const note = (part: CheckPart, found: Findings): void => {
    parts.push(part);
    findings.push(...found);
  };

  const scanned = await scanCode(loaded);
  note({ check: "imports", state: scanned.length === 0 ? "ok" : "found", text: filesText(loaded) }, scanned);
  const first = await firstRun(context, run, loaded);
  if ("findings" in first) {
    note(first.part, first.findings);
    for (const check of ["truncation", "shuffle", "warm-up", "restart"] as const)
      parts.push({ check, state: "skipped", text: "the first run failed" });
  } else {
    const repeat = await checkRepeat(context, run, first);
    note(repeat.part, repeat.findings);
    const isRepeatable = repeat.findings.length === 0;
    if (isRepeatable) for (const { part, findings: found } of await checkFuture(context, run, first)) note(part, found);
    if (isRepeatable) {
      const ranged = run.inputs.every(({ of, warmupBars }) => of !== undefined || warmupBars > 0)
        ? run
        : fromTheMiddle(request, run, context);
      const warmup = await checkWarmup(context, ranged, warmupRows(run, first));
      note(warmup.part, warmup.findings);
      if (findings.some(({ severity }) => severity === "serious"))
        parts.push({ check: "restart", state: "skipped", text: "what it decides is not to be trusted yet" });
      else {
        const restart = await checkRestart(context, run);
        note(restart.part, restart.findings);
      }
    } else {
      const text = "two equal runs differ, so nothing can be said by comparing runs";
      for (const check of ["truncation", "shuffle", "warm-up", "restart"] as const) parts.push({ check, state: "skipped", text });
    }
  }
  const order = { serious: 0, warning: 1, note: 2 };
  return {
    schema: 1,
    strategyName: strategy.name,
    path: loaded.path,
    ok: findings.every(({ severity }) => severity !== "serious"),
    parts,
    findings: findings.sort((a, b) => order[a.severity] - order[b.severity]),
    runs: context.runs,
  };
}

function filesText({ modules }: LoadedStrategy): string {
  return `${modules.length} ${modules.length === 1 ? "file" : "files"} read: ${modules.map(({ name }) => name).join(", ")}`;
}

/** The first run in this process, or the finding that it reads ahead. */
async function firstRun(
  context: CheckContext,
  run: BoundRun,
  loaded: LoadedStrategy,
): Promise<DrivenRun | { readonly part: CheckPart; readonly findings: Findings }> {
  try {
    return await runFor(context, run);
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.code !== "TP_STRATEGY_READS_AHEAD") throw error;
    const position = positionInStack(loaded, error);
    return {
      part: { check: "repeat", state: "found", text: "the first run failed" },
      findings: [
        {
          check: "repeat",
          id: "reads-ahead",
          severity: "serious",
          title: "Asks for a value of the future",
          text: `${error.failure.message}.`,
          ...(position === undefined ? {} : { position }),
        },
      ],
    };
  }
}

async function checkRepeat(
  context: CheckContext,
  run: BoundRun,
  first: DrivenRun,
): Promise<{ readonly part: CheckPart; readonly findings: Findings }> {
  const second = await runFor(context, run);
  const timeUs = firstDifferenceOfWhole(first.engine.events, second.engine.events);
  const text = "the same run twice in one process";
  if (timeUs === undefined) return { part: { check: "repeat", state: "ok", text }, findings: [] };
  return {
    part: { check: "repeat", state: "found", text },
    findings: [
      {
        check: "repeat",
        id: "module-state",
        severity: "serious",
        title: "Does not repeat",
        text: `The same run a second time decides otherwise at ${formatTimeUs(timeUs)}: the strategy keeps something from one run to the next outside of create, or reads a clock or chance.`,
        timeUs,
      },
    ],
  };
}

/** The same bars, traded from the middle on: the first half is history. */
function fromTheMiddle(request: CheckRequest, run: BoundRun, { strategy }: CheckContext): BoundRun {
  const { columns } = run.inputs.find(({ of }) => of === undefined)!;
  const middleUs = columns.openUs[Math.floor(columns.length / 2)]!;
  return bindInputs(strategy, { data: request.data, fromUs: middleUs, ...(run.toUs === undefined ? {} : { toUs: run.toUs }) });
}

/** The longest warm-up of the indicators in rows of the fastest input. */
function warmupRows(run: BoundRun, { engine }: DrivenRun): number {
  const intervals = run.inputs.map(({ intervalUs }) => intervalUs);
  return Math.ceil(engine.host.indicators.warmup * (Math.max(...intervals) / Math.min(...intervals)));
}
