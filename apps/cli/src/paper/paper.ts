import { prepareRun } from "../backtest/prepare-run.ts";
import { commandName } from "../command-name.ts";
import { ExitCode } from "../exit-codes.ts";
import { interruptible } from "../interruption.ts";
import { sessionsRoot } from "../sessions/sessions-root.ts";
import { StatusLine } from "../sessions/status-line.ts";
import { counted, elapsedText, moneyText, percentText } from "../terminal/number-text.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, remark, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { refuseUsage } from "../usage-error.ts";
import { isDaily, type KeptSession, marketText, runRecordedPaper } from "./recorded-paper.ts";

const DEFAULT_SPEED = 500;

/** `tradepulse paper` on data. */
export async function paper(strategyPath: string | undefined, options: Readonly<Record<string, unknown>>): Promise<void> {
  const perSecond = readSpeed(options["speed"]);
  const run = await prepareRun(strategyPath, options, "paper");
  const root = sessionsRoot(options["sessions"] as string | undefined);
  let line: StatusLine | undefined;
  const kept = await interruptible((signal) =>
    runRecordedPaper(
      {
        run,
        perSecond,
        root,
        onStart: (record, _paper, folder) => {
          line = new StatusLine(isDaily(record));
          remark(`paper  ${record.strategy.name} on ${marketText(record)}, no money at stake; Ctrl-C ends it`);
          remark(paint("dim", `       ${shownPath(folder)}`, process.stderr));
        },
        onNews: (news) => {
          if (news.kind === "status") line?.show(news.status);
          else if (news.kind === "alarm") line?.keep(news.text);
          else if (line !== undefined) line.log(news.line);
        },
      },
      signal,
    ),
  );
  line?.clear();
  if (kept.end.why === "failed") throw kept.end.error;
  if (kept.end.why === "stopped") process.exitCode = ExitCode.interrupted;
  if (options["json"] === true) sayJson(paperDocument(kept));
  else for (const text of paperLines(kept, outputWidth())) say(text);
}

/** Bars a second: a number, or `max`. */
export function readSpeed(given: unknown): number {
  if (given === undefined) return DEFAULT_SPEED;
  if (given === "max") return Number.POSITIVE_INFINITY;
  const speed = Number(given);
  if (speed > 0 && Number.isFinite(speed)) return speed;
  return refuseUsage(
    "TP_CLI_OPTION_VALUE",
    `Cannot use --speed ${JSON.stringify(given)}: allowed are bars a second above 0, or max`,
    "for example --speed 50",
  );
}

function paperDocument({ folder, record, end, elapsedMs }: KeptSession): { readonly schema: 1 } & Record<string, unknown> {
  return {
    schema: 1,
    ok: end.why !== "failed",
    command: "paper",
    session: record.name,
    folder,
    end: end.why,
    strategy: record.strategy.name,
    params: record.strategy.params,
    instruments: record.instruments.map(({ instrument }) => instrument.id),
    elapsedMs,
    runHash: end.runHash ?? null,
    status: end.status ?? null,
    badInput: end.badInput,
  };
}

function paperLines({ folder, record, end, elapsedMs }: KeptSession, width: number): string[] {
  const { status } = end;
  if (status === undefined) return ["The session ended before its first bar."];
  const gain = status.equity / record.capital - 1;
  const quote = record.instruments[0]!.instrument.quote.code;
  const shown = shownPath(folder);
  const again = (command: string): string => `${commandName()} ${command} ${shown}`;
  return [
    "",
    hangingText(
      "",
      `${paint("bold", record.strategy.name)} on paper, ${end.why === "stopped" ? "stopped" : "to the end of the data"}`,
      width,
    ),
    hangingText(
      "",
      `${counted(status.bars, "bar")} in ${elapsedText(elapsedMs)}, ${counted(status.fills, "fill")}, ${counted(status.refusals, "order")} refused`,
      width,
    ),
    hangingText(
      "",
      `${moneyText(record.capital)} to ${moneyText(status.equity)} ${quote}, ${paint(gain >= 0 ? "green" : "red", percentText(gain))}`,
      width,
    ),
    "",
    `Session  ${paint("bold", shown)}`,
    paint("dim", `         ${end.runHash ?? ""}`),
    `Replay   ${again("replay")}`,
    `Compare  ${again("parity")}`,
  ];
}
