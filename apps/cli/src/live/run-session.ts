import { LiveTradingRunner, type RunningSession, type SessionEnd } from "@tradepulse/live";
import { loadStrategy } from "@tradepulse/research";
import { assignments } from "../backtest/run-flags.ts";
import { commandName } from "../command-name.ts";
import { ExitCode } from "../exit-codes.ts";
import { isDaily, marketText } from "../paper/recorded-paper.ts";
import { sessionOptions } from "../sessions/session-options.ts";
import { StatusLine } from "../sessions/status-line.ts";
import { counted, moneyText } from "../terminal/number-text.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { paint, remark, say, sayJson } from "../terminal/streams.ts";
import { cliVersion } from "../version.ts";

/** Runs the session of a configuration until a signal ends it: `tradepulse live`, and `tradepulse paper --config`. */
export async function runSession(mode: "live" | "paper", options: Readonly<Record<string, unknown>>): Promise<void> {
  const line = new StatusLine();
  const configPath = options["config"] as string;
  const flags = Object.fromEntries(assignments("--set", options["set"]));
  const runner = new LiveTradingRunner({
    configPath,
    mode,
    flags,
    loadStrategy,
    optionsOf: sessionOptions,
    engineVersion: cliVersion(),
    ...(typeof options["venue"] === "string" ? { venue: options["venue"] } : {}),
    ...(typeof options["live"] === "string" ? { realMoney: options["live"] } : {}),
    onNews: (news) => {
      if (news.kind === "status") line.show(news.status);
      else if (news.kind === "alarm") line.keep(news.text);
      else line.log(news.line);
    },
  });
  const running = await runner.start();
  line.isDaily = isDaily(running.record);
  line.clear();
  introduce(running);
  const end = await running.done;
  line.clear();
  if (end.why === "failed") throw end.error instanceof Error ? end.error : new Error(String(end.error));
  if (options["json"] === true) sayJson(sessionDocument(running, end));
  else for (const text of sessionLines(running, end)) say(text);
  process.exitCode = ExitCode.ok;
}

function introduce({ record, folder }: RunningSession): void {
  const { source } = record;
  const money =
    record.mode === "paper"
      ? "no money at stake"
      : source.kind === "venue" && source.sandbox
        ? "at the venue's test environment"
        : paint("bold", `REAL MONEY of account "${source.kind === "venue" ? source.account : ""}"`, process.stderr);
  remark(`${record.mode}   ${record.strategy.name} on ${marketText(record)}, ${money}; Ctrl-C ends it in order`);
  remark(paint("dim", `       ${shownPath(folder)}, process ${process.pid}`, process.stderr));
  if (record.mode === "live") {
    remark(paint("dim", `       arm   ${commandName()} kill ${shownPath(folder)} --arm --by <you> --reason <why>`, process.stderr));
    remark(paint("dim", `       halt  ${commandName()} kill ${shownPath(folder)}`, process.stderr));
  }
}

function sessionDocument({ folder, record }: RunningSession, end: SessionEnd): { readonly schema: 1 } & Record<string, unknown> {
  return {
    schema: 1,
    ok: true,
    command: record.mode,
    session: record.name,
    folder,
    end: end.why,
    strategy: record.strategy.name,
    instruments: record.instruments.map(({ instrument }) => instrument.id),
    runHash: end.runHash ?? null,
    status: end.status ?? null,
    badInput: end.badInput,
  };
}

function sessionLines({ folder, record }: RunningSession, { status, badInput }: SessionEnd): string[] {
  const quote = record.instruments[0]!.instrument.quote.code;
  const shown = shownPath(folder);
  return [
    "",
    `${paint("bold", record.strategy.name)} stopped`,
    status === undefined
      ? "before its first bar"
      : `${counted(status.fills, "fill")}, equity ${moneyText(status.equity)} ${quote} from ${moneyText(record.capital)}`,
    "",
    ...badInputLines(badInput),
    `Session  ${paint("bold", shown)}`,
    `Replay   ${commandName()} replay ${shown}`,
    `Compare  ${commandName()} parity ${shown}`,
  ];
}

/** What could not be used, where there was any. */
function badInputLines(rows: SessionEnd["badInput"]): string[] {
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return total === 0
    ? []
    : [`Bad input  ${counted(total, "message")}: ${rows.map(({ source, kind }) => `${source} ${kind}`).join(", ")}`, ""];
}
