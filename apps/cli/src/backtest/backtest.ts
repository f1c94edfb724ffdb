import { dirname, join } from "node:path";
import { formatDate, formatTimeUs, US_PER_DAY } from "@tradepulse/core";
import { intervalName } from "@tradepulse/data";
import { type BacktestResult, runBacktest, runsRoot, writeRunFolder } from "@tradepulse/research";
import { commandName } from "../command-name.ts";
import { interruptible } from "../interruption.ts";
import { counted, elapsedText, moneyText } from "../terminal/number-text.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { sparkline } from "../terminal/sparkline.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { refuseUsage } from "../usage-error.ts";
import { openSources, type PreparedRun, prepareRun } from "./prepare-run.ts";
import { findingLines, summaryLines } from "./summary-text.ts";

/** A finished backtest and where it is kept. */
export interface KeptBacktest {
  readonly result: BacktestResult;
  /** `undefined` when it was not to be kept. */
  readonly folder: string | undefined;
}

/** `tradepulse backtest`. */
export async function backtest(strategyPath: string | undefined, options: Readonly<Record<string, unknown>>): Promise<void> {
  const run = await prepareRun(strategyPath, options);
  const kept = await interruptible((signal) => runAndKeep(run, options, signal));
  if (options["json"] === true) sayJson(backtestDocument(kept));
  else for (const line of backtestLines(kept, outputWidth())) say(line);
}

/** Loads the data, runs, and writes the run folder unless `save` is false. */
export async function runAndKeep(run: PreparedRun, options: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<KeptBacktest> {
  if (run.sources === undefined) {
    return refuseUsage(
      "TP_CLI_DATA_MISSING",
      `Cannot run "${run.strategy.strategy.spec.name}": no data is named`,
      "name a file or a bundled dataset, for example --data sp500; see data list",
    );
  }
  const data = await openSources(run.sources, signal);
  const line = new ProgressLine("backtest", "bars");
  let result: BacktestResult;
  try {
    result = await runBacktest(
      {
        strategy: run.strategy,
        params: run.params,
        data,
        options: run.options,
        comparisons: { delay: options["delay"] === true },
      },
      { signal, onProgress: (done, total) => line.update({ done, total }) },
    );
  } finally {
    line.end();
  }
  if (options["save"] === false) return { result, folder: undefined };
  const root = runsRoot(options["runs"] as string | undefined);
  return { result, folder: await writeRunFolder(result, root, { signal }) };
}

/** What `--json` prints. */
export function backtestDocument({ result, folder }: KeptBacktest): { readonly schema: 1 } & Record<string, unknown> {
  return {
    schema: 1,
    ok: true,
    command: "backtest",
    strategy: result.strategyName,
    params: result.params,
    instruments: result.instruments.map(({ id }) => id),
    from: formatTimeUs(result.startUs),
    to: formatTimeUs(result.endUs),
    bars: result.bars,
    warmupBars: result.warmupBars,
    elapsedMs: result.elapsedMs,
    runHash: result.runHash,
    folder: folder ?? null,
    report: folder === undefined ? null : join(folder, "report.html"),
    summary: result.summary,
    findings: result.findings,
    dataFindings: result.dataFindings,
    warnings: result.warnings,
    ambiguity: result.ambiguity,
  };
}

/** What is printed for people. */
export function backtestLines(kept: KeptBacktest, width: number): string[] {
  const { result, folder } = kept;
  const lines = ["", ...titleLines(result, width), ""];
  const spark = sparkline(result.equity.equity, Math.min(width - 4, 72));
  if (spark !== "") {
    const { summary } = result;
    lines.push(`  ${paint("cyan", spark)}`);
    lines.push(hangingText("  ", `${moneyText(summary.openingEquity)} to ${moneyText(summary.finalEquity)} ${summary.currency}`, width));
    lines.push(...benchmarkLines(result, width), "");
  }
  lines.push(...summaryLines(result.summary, width));
  const findings = [...findingLines(result.findings, width), ...dataFindingLines(result, width)];
  if (findings.length > 0) lines.push("", paint("bold", "Findings"), ...findings);
  for (const warning of result.warnings) lines.push(hangingText(`  ${paint("yellow", "warning")}  `, warning, width));
  lines.push("");
  if (folder === undefined) {
    lines.push("Not kept (--no-save)", paint("dim", result.runHash));
  } else {
    lines.push(`Report  ${paint("bold", shownPath(join(folder, "report.html")))}`);
    lines.push(`Run     ${shownPath(folder)}`);
    lines.push(paint("dim", `        ${result.runHash}`));
    // Found by its name only where runs usually are.
    const name = dirname(folder) === runsRoot() ? "last" : shownPath(folder);
    lines.push(paint("dim", `Again   ${commandName()} verify ${name}`));
  }
  return lines;
}

function titleLines(result: BacktestResult, width: number): string[] {
  const instruments = result.instruments.map(({ id }) => id);
  const shown = instruments.length <= 3 ? instruments.join(", ") : `${instruments.length} instruments`;
  const intervals = [...new Set(result.inputs.map(({ intervalUs }) => intervalName(intervalUs)))].join(" and ");
  const isDaily = result.inputs.every(({ intervalUs }) => intervalUs >= US_PER_DAY);
  const time = isDaily ? formatDate : formatTimeUs;
  const warmup = result.warmupBars === 0 ? "" : ` after ${counted(result.warmupBars, "bar")} of warm-up`;
  const params = Object.entries(result.params).map(([name, value]) => `${name} ${String(value)}`);
  return [
    hangingText("", `${paint("bold", result.strategyName)} on ${shown}`, width),
    ...(params.length === 0 ? [] : [hangingText("", paint("dim", params.join(", ")), width)]),
    hangingText(
      "",
      `${counted(result.bars, "bar")} of ${intervals}, ${time(result.startUs)} to ${time(result.endUs)}${warmup}, in ${elapsedText(result.elapsedMs)}`,
      width,
    ),
  ];
}

function benchmarkLines({ benchmark, summary }: BacktestResult, width: number): string[] {
  const last = benchmark?.equity.at(-1);
  if (benchmark === null || last === undefined) return [];
  return [paint("dim", hangingText("  ", `${benchmark.name}: ${moneyText(last)} ${summary.currency}`, width))];
}

/** How the data was understood is told too: a wrong zone shows nowhere else. */
function dataFindingLines(result: BacktestResult, width: number): string[] {
  return result.dataFindings
    .filter(({ code }) => code !== "columns-ignored")
    .map(({ severity, instrument, text }) => {
      const label = paint(severity === "warning" ? "yellow" : "dim", "data".padEnd(7));
      return hangingText(`  ${label}  `, instrument === undefined ? text : `${instrument}: ${text}`, width);
    });
}
