import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dataSources, readingOptions } from "../backtest/data-sources.ts";
import { openSources } from "../backtest/prepare-run.ts";
import { ExitCode } from "../exit-codes.ts";
import { interruptible } from "../interruption.ts";
import { replayed } from "../replay/replay.ts";
import { counted } from "../terminal/number-text.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, remark, say, sayJson } from "../terminal/streams.ts";
import { table } from "../terminal/table.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { refuseUsage } from "../usage-error.ts";
import { compareSession, type Parity } from "./compare-session.ts";
import { money, parityPage } from "./parity-page.ts";

/** `tradepulse parity`: exit code 1 when the difference passes the gate. */
export async function parity(word: string, options: Readonly<Record<string, unknown>>): Promise<void> {
  const gate = readGate(options["gate"]);
  const session = await replayed(word, options["sessions"] as string | undefined);
  const compared = await interruptible(async (signal) => {
    const sources = dataSources(options["data"] as readonly string[] | undefined, readingOptions(options), undefined);
    return await compareSession(session, sources === undefined ? undefined : await openSources(sources, signal), signal);
  });
  const page = await writePage(join(session.folder, "parity.html"), compared);
  const isWithin = gate === undefined || Math.abs(compared.relative) <= gate;
  if (!isWithin) process.exitCode = ExitCode.findings;
  if (options["json"] === true) sayJson(parityDocument(compared, page, gate, isWithin));
  else for (const line of parityLines(compared, page, gate, isWithin, outputWidth())) say(line);
}

/** The page beside the session; `undefined`, with a remark, where nothing can be written: the figures are no worse for it. */
async function writePage(page: string, compared: Parity): Promise<string | undefined> {
  try {
    await writeFile(page, parityPage(compared));
    return page;
  } catch (error) {
    remark(`the page ${shownPath(page)} could not be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
    return undefined;
  }
}

function readGate(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const gate = Number(given);
  if (Number.isFinite(gate) && gate >= 0) return gate;
  return refuseUsage(
    "TP_CLI_OPTION_VALUE",
    `Cannot use --gate ${JSON.stringify(given)}: allowed are fractions of the opening money from 0`,
    "for example --gate 0.001",
  );
}

function parityDocument(
  compared: Parity,
  page: string | undefined,
  gate: number | undefined,
  isWithin: boolean,
): { readonly schema: 1 } & Record<string, unknown> {
  const { session, bridge } = compared;
  const { instrument } = session.record.instruments[0]!;
  const { scale } = instrument.quote;
  return {
    schema: 1,
    ok: isWithin,
    command: "parity",
    session: session.record.name,
    folder: session.folder,
    report: page ?? null,
    currency: instrument.quote.code,
    sessionProfit: compared.sessionProfit.toText(scale),
    backtestProfit: compared.backtestProfit.toText(scale),
    difference: bridge.difference.toText(scale),
    relative: compared.relative,
    gate: gate ?? null,
    rows: bridge.rows.map(({ cause, amount, orders }) => ({ cause, amount: amount.toText(scale), orders })),
    sessionFills: compared.sessionFills,
    backtestFills: compared.backtestFills,
    bitIdentical: compared.isHashSame,
    replayIdentical: compared.isReplaySame,
    reference: compared.reference,
    notes: compared.notes,
  };
}

function parityLines(compared: Parity, page: string | undefined, gate: number | undefined, isWithin: boolean, width: number): string[] {
  const { session, bridge } = compared;
  const rows = [
    ["backtest", money(compared, compared.backtestProfit, true), counted(compared.backtestFills, "fill")],
    ...bridge.rows.map(({ cause, amount, orders }) => [
      `  ${cause}`,
      money(compared, amount, true),
      amount.isZero ? "" : counted(orders, "order"),
    ]),
    ["session", money(compared, compared.sessionProfit, true), counted(compared.sessionFills, "fill")],
  ];
  const verdict = compared.isHashSame
    ? paint("green", "equal to its backtest bit for bit")
    : bridge.difference.isZero
      ? paint("green", "equal to its backtest in money")
      : `${money(compared, bridge.difference, true)} against its backtest, ${(compared.relative * 100).toFixed(4)} % of the opening money`;
  const lines = [
    hangingText("", `${paint("bold", session.record.strategy.name)}, ${session.record.mode}: ${verdict}`, width),
    "",
    ...table([{ title: "profit" }, { title: "", align: "end" }, { title: "", rank: 1 }], rows, width).slice(1),
    "",
  ];
  if (!compared.isReplaySame)
    lines.push(hangingText(`  ${paint("red", "replay")}  `, "it decides otherwise than the session did; see tradepulse replay", width));
  for (const note of compared.notes) lines.push(hangingText(`  ${paint("yellow", "note")}  `, note, width));
  if (gate !== undefined)
    lines.push(
      hangingText(
        `  ${isWithin ? paint("green", "gate") : paint("red", "GATE")}  `,
        `${isWithin ? "within" : "above"} ${gate} of the opening money`,
        width,
      ),
    );
  if (page !== undefined) lines.push(`Report  ${paint("bold", shownPath(page))}`);
  return lines;
}
