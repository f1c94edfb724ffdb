import { formatTimeUs } from "@tradepulse/core";
import { type CheckPart, type CheckReport, checkStrategy } from "@tradepulse/research";
import type { RunData } from "../backtest/data-sources.ts";
import { readingOptions } from "../backtest/data-sources.ts";
import { openSources, type PreparedRun, prepareRun } from "../backtest/prepare-run.ts";
import { ExitCode } from "../exit-codes.ts";
import { interruptible } from "../interruption.ts";
import { counted } from "../terminal/number-text.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";

/** `tradepulse check`: exit code 1 when something serious is found. */
export async function check(strategyPath: string, options: Readonly<Record<string, unknown>>): Promise<void> {
  const run = await prepareRun(strategyPath, options);
  const sources = run.sources ?? syntheticSources(run, options);
  const report = await interruptible(async (signal) => {
    const data = await openSources(sources, signal);
    const line = new ProgressLine("check", "bars");
    try {
      return await checkStrategy(
        { strategy: run.strategy, params: run.params, data, options: run.options },
        { signal, onProgress: (done, total) => line.update({ done, total }) },
      );
    } finally {
      line.end();
    }
  });
  if (!report.ok) process.exitCode = ExitCode.findings;
  if (options["json"] === true) sayJson({ ...report, data: run.sources === undefined ? "synthetic" : "given" });
  else for (const line of checkLines(report, run.sources === undefined, outputWidth())) say(line);
}

/** Where no data is named: made-up bars for each input, the same each time. */
function syntheticSources(run: PreparedRun, options: Readonly<Record<string, unknown>>): Readonly<Record<string, RunData>> {
  const inputs = Object.entries(run.strategy.strategy().inputs).filter(([, input]) => input.of === undefined);
  const reading = readingOptions(options);
  return Object.fromEntries(
    inputs.map(([name], i) => [
      name,
      { reference: `synth:seed=${i + 1},bars=10000,interval=1h`, options: { ...reading, instrument: `${name.toUpperCase()}@SYNTHETIC` } },
    ]),
  );
}

const PART_TITLES: Readonly<Record<CheckPart["check"], string>> = {
  imports: "imports",
  repeat: "same twice",
  truncation: "no peeking",
  shuffle: "no peeking, shuffled",
  "warm-up": "warm-up",
  restart: "restart",
};

const PART_MARKS = { ok: ["green", "ok"], found: ["red", "FOUND"], skipped: ["dim", "skip"] } as const;
const SEVERITY_STYLE = { serious: "red", warning: "yellow", note: "dim" } as const;

function checkLines(report: CheckReport, isSynthetic: boolean, width: number): string[] {
  const lines = [
    `${paint("bold", report.strategyName)}: ${report.ok ? paint("green", "nothing serious found") : paint("red", "not to be trusted as it is")}` +
      paint("dim", `, ${counted(report.runs, "run")}${isSynthetic ? " on synthetic bars" : ""}`),
  ];
  for (const { check: name, state, text } of report.parts) {
    const [style, word] = PART_MARKS[state];
    lines.push(hangingText(`  ${paint(style, word.padEnd(5))}  `, `${PART_TITLES[name]}: ${text}`, width));
  }
  if (report.findings.length === 0) return lines;
  lines.push("", paint("bold", "Findings"));
  for (const { severity, title, text, position, timeUs } of report.findings) {
    lines.push(hangingText(`  ${paint(SEVERITY_STYLE[severity], severity.padEnd(7))}  `, `${title}: ${text}`, width));
    const place = position === undefined ? "" : `${shownPath(position.path)}:${position.line}:${position.column}`;
    const time = timeUs === undefined ? "" : `bar that closed ${formatTimeUs(timeUs)}`;
    if (place !== "" || time !== "") lines.push(`           ${paint("dim", [place, time].filter((each) => each !== "").join(", "))}`);
  }
  return lines;
}
