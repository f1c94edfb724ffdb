import { listRuns, runsRoot, type StoredRun } from "@tradepulse/research";
import { commandName } from "../command-name.ts";
import { percentText, ratioText } from "../terminal/number-text.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, remark, say, sayJson } from "../terminal/streams.ts";
import { type TableColumn, table } from "../terminal/table.ts";
import { refuseUsage } from "../usage-error.ts";

const COLUMNS: readonly TableColumn[] = [
  { title: "started (UTC)" },
  { title: "strategy", least: 8 },
  { title: "on", rank: 2, least: 8 },
  { title: "return", align: "end" },
  { title: "Sharpe", align: "end", rank: 1 },
  { title: "drawdown", align: "end", rank: 3 },
  { title: "trips", align: "end", rank: 4 },
  { title: "run", rank: 1 },
];

/** `tradepulse runs list`. */
export async function listKeptRuns(options: { readonly runs?: string; readonly limit: string; readonly json?: boolean }): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) {
    refuseUsage(
      "TP_CLI_OPTION_VALUE",
      `Cannot list runs: --limit is "${options.limit}", allowed are whole numbers from 1`,
      "for example --limit 20",
    );
  }
  const root = runsRoot(options.runs);
  const runs = await listRuns(root);
  if (options.json === true) {
    sayJson({ schema: 1, root, runs: runs.slice(0, limit).map(runDocument) });
    return;
  }
  if (runs.length === 0) {
    remark(`no runs below ${shownPath(root)}; make one: ${commandName()} demo`);
    return;
  }
  const [titles, ...rows] = table(COLUMNS, runs.slice(0, limit).map(rowOf), outputWidth());
  say(paint("dim", titles!));
  for (const row of rows) say(row);
  if (runs.length > limit) remark(`and ${runs.length - limit} older; --limit ${runs.length} lists all`);
}

function rowOf({ name, manifest, summary: { summary } }: StoredRun): string[] {
  const { totalReturn, sharpe, maxDrawdown } = summary.figures;
  const shown = (value: number | null, text: (value: number) => string): string => (value === null ? "-" : text(value));
  return [
    manifest.startedAt.slice(0, 16).replace("T", " "),
    manifest.strategy.name,
    [...new Set(manifest.inputs.map(({ instrument }) => instrument))].join(" "),
    shown(totalReturn.value, percentText),
    shown(sharpe.value, ratioText),
    shown(maxDrawdown.value, percentText),
    String(summary.roundTripCount),
    name.slice(-8),
  ];
}

/** A run in a JSON list. */
function runDocument({ folder, name, manifest, summary }: StoredRun): Record<string, unknown> {
  const { totalReturn, sharpe, maxDrawdown } = summary.summary.figures;
  return {
    name,
    folder,
    startedAt: manifest.startedAt,
    strategy: manifest.strategy.name,
    params: manifest.params,
    instruments: [...new Set(manifest.inputs.map(({ instrument }) => instrument))],
    runHash: manifest.runHash,
    totalReturn: totalReturn.value,
    sharpe: sharpe.value,
    maxDrawdown: maxDrawdown.value,
    roundTrips: summary.summary.roundTripCount,
  };
}
