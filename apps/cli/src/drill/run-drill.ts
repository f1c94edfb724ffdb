import { hostname, userInfo } from "node:os";
import { resolve } from "node:path";
import { FailureError } from "@tradepulse/core";
import { assignments } from "../backtest/run-flags.ts";
import { commandName } from "../command-name.ts";
import { ExitCode } from "../exit-codes.ts";
import { Interruption, interruptible } from "../interruption.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, remark, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { refuseUsage, UsageError } from "../usage-error.ts";
import { cliVersion } from "../version.ts";
import { type DrillRecord, type DrillStep, drillText, writeDrill } from "./drill-record.ts";
import { armingNeedsAPerson, type DrillTerms, killSwitchPart, latchOutlives, lookFirst } from "./kill-switch-part.ts";
import { OfflineStage } from "./offline-stage.ts";
import { type RunningStage, runningStage } from "./running-stage.ts";
import { sentinelPart } from "./sentinel-part.ts";

/** `tradepulse drill`: exercises, writes the evidence, and answers with exit code 1 when something was not as it must be. */
export async function runDrill(options: Readonly<Record<string, unknown>>): Promise<void> {
  checkTogether(options);
  const by = (options["by"] as string | undefined) ?? userInfo().username;
  const stage = await runningOf(options);
  const startedAt = new Date().toISOString();
  const steps: DrillStep[] = [];
  const isStopping = options["stopTrader"] === true;
  let failure: string | null = null;
  let isInterrupted = false;
  try {
    await interruptible(async (signal) => {
      const terms: DrillTerms = { by, signal, tell: (step) => tell(steps, step) };
      if (stage === undefined) await drillOffline(terms);
      else await drillRunning(stage, terms, isStopping);
    });
  } catch (error) {
    if (error instanceof UsageError || error instanceof FailureError) throw error;
    isInterrupted = error instanceof Interruption;
    failure = isInterrupted ? "interrupted: what was begun is not proved" : error instanceof Error ? error.message : String(error);
  }
  const isPassed = failure === null && steps.every(({ isOk }) => isOk);
  const record: DrillRecord = {
    schema: 1,
    startedAt,
    endedAt: new Date().toISOString(),
    by,
    host: hostname(),
    versions: { tradepulse: cliVersion(), node: process.versions.node },
    config: stage?.config ?? null,
    account: stage?.account ?? "local venue",
    session: stage?.name ?? "a session at the local venue",
    parts: stage === undefined ? ["kill switch", "sentinel"] : isStopping ? ["sentinel"] : ["kill switch"],
    isRealMoney: stage?.isRealMoney ?? false,
    steps,
    verdict: isInterrupted ? "interrupted" : isPassed ? "passed" : "findings",
    failure,
  };
  const path = await writeDrill(resolve((options["state"] as string | undefined) ?? stage?.stateFolder ?? "state"), record);
  report(record, path, stage, options["json"] === true);
  process.exitCode = isInterrupted ? ExitCode.interrupted : isPassed ? ExitCode.ok : ExitCode.findings;
}

async function drillRunning(stage: RunningStage, terms: DrillTerms, isStopping: boolean): Promise<void> {
  remark(`drilling ${stage.name}${stage.isRealMoney ? paint("bold", ", REAL MONEY", process.stderr) : ""}: it will be halted, and stay so`);
  const isWatched = await lookFirst(stage, terms);
  await armingNeedsAPerson(stage, terms);
  if (!isStopping) await killSwitchPart(stage, terms);
  // A trader that nobody watches is not stopped.
  else if (isWatched) await sentinelPart(stage, terms);
}

/** Both parts, and a start after them that must find the halt. */
async function drillOffline(terms: DrillTerms): Promise<void> {
  remark("starting a venue, a trader and a sentinel on this machine");
  const stage = await OfflineStage.start(terms.by, terms.signal);
  let isClean = false;
  try {
    await lookFirst(stage, terms);
    await armingNeedsAPerson(stage, terms);
    await killSwitchPart(stage, terms);
    remark("arming it again, for the sentinel");
    await stage.arm(terms.by, terms.signal);
    await sentinelPart(stage, terms);
    remark("starting the trader again");
    await stage.restart(terms.signal);
    await latchOutlives(stage, { ...terms, tell: (step) => terms.tell({ ...step, name: "a trader that starts finds the latch" }) });
    isClean = true;
  } finally {
    await stage.close(isClean);
    if (!isClean) remark(`what it left lies in ${shownPath(stage.folder)}`);
  }
}

function tell(steps: DrillStep[], step: DrillStep): void {
  steps.push(step);
  const mark = step.isOk ? paint("green", "ok   ", process.stderr) : paint("red", "FOUND", process.stderr);
  remark(`${mark} ${step.name}: ${step.found}${step.isOk ? "" : paint("dim", `, expected ${step.expected}`, process.stderr)}`);
}

function report(record: DrillRecord, path: string, stage: RunningStage | undefined, isJson: boolean): void {
  if (isJson) {
    const { schema, ...rest } = record;
    sayJson({ schema, ok: record.verdict === "passed", command: "drill", evidence: path, ...rest });
    return;
  }
  say();
  for (const line of drillText(record, outputWidth())) say(line);
  say(`evidence ${shownPath(path)}`);
  if (stage === undefined) return;
  const arm = `${commandName()} kill ${shownPath(stage.session)} --arm --by <you> --reason <why>`;
  say(hangingText("next     ", `trading is halted until a person arms it: ${arm}`, outputWidth()));
}

async function runningOf(options: Readonly<Record<string, unknown>>): Promise<RunningStage | undefined> {
  const configPath = options["config"] as string | undefined;
  if (configPath === undefined) return undefined;
  return await runningStage({
    configPath,
    venue: options["venue"] as string | undefined,
    live: options["live"] as string | undefined,
    flags: Object.fromEntries(assignments("--set", options["set"])),
  });
}

function checkTogether(options: Readonly<Record<string, unknown>>): void {
  if (options["config"] !== undefined) return;
  for (const [name, flag] of [
    ["stopTrader", "--stop-trader"],
    ["live", "--live"],
    ["venue", "--venue"],
    ["set", "--set"],
  ] as const) {
    if (options[name] === undefined) continue;
    refuseUsage(
      "TP_CLI_OPTION_VALUE",
      `Cannot drill offline with ${flag}: it is about a session that runs, and no --config names one`,
      "add --config <file>",
    );
  }
}
