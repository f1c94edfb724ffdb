import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type BoundStrategy, formatInterval, US_PER_DAY } from "@tradepulse/core";
import {
  type InputBars,
  type LiveInstrument,
  ownInputs,
  PaperRun,
  RecordedBars,
  type SessionEnd,
  type SessionNews,
  type SessionRecord,
  SessionVoice,
  sessionSeries,
} from "@tradepulse/live";
import { realEnv } from "@tradepulse/platform";
import { type BoundRun, bindInputs, type LoadedStrategy } from "@tradepulse/research";
import { openSources, type PreparedRun } from "../backtest/prepare-run.ts";
import { sessionOptions } from "../sessions/session-options.ts";
import { sessionName } from "../sessions/sessions-root.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { refuseUsage } from "../usage-error.ts";
import { cliVersion } from "../version.ts";

export interface RecordedPaperRequest {
  readonly run: PreparedRun;
  /** Instants a second. */
  readonly perSecond: number;
  /** Folder of sessions. */
  readonly root: string;
  onStart(record: SessionRecord, run: PaperRun, folder: string): void;
  onNews(news: SessionNews): void;
}

/** A finished paper session and where it is kept. */
export interface KeptSession {
  readonly folder: string;
  readonly record: SessionRecord;
  readonly end: SessionEnd;
  /** Bars a second that the session took, over all inputs. */
  readonly elapsedMs: number;
}

/** Runs a strategy on paper over a dataset, bar by bar as if it happened now. Ends with the data, or when the signal is aborted. */
export async function runRecordedPaper(request: RecordedPaperRequest, signal: AbortSignal): Promise<KeptSession> {
  const { run, perSecond, root } = request;
  if (run.sources === undefined) {
    return refuseUsage(
      "TP_CLI_DATA_MISSING",
      `Cannot run "${run.strategy.strategy.spec.name}" on paper: no data is named`,
      "name a file or a bundled dataset with --data sp500, or a configuration with --config",
    );
  }
  const data = await openSources(run.sources, signal);
  const strategy = run.strategy.strategy(run.params);
  const bound = bindInputs(strategy, { data });
  const env = realEnv();
  const startedUs = env.wallUs();
  const record = recordOf(run, strategy, bound, startedUs);
  const folder = await freshFolder(root, record.name);
  const paper = new PaperRun({
    env,
    folder,
    record,
    strategy,
    optionsOf: sessionOptions,
    source: (room) => {
      const series = bound.inputs
        .filter(({ of }) => of === undefined)
        .map(({ name, columns }) => ({ symbol: symbolOf(record, name), columns }));
      return new RecordedBars({ env, series, perSecond, room });
    },
    voice: new SessionVoice({ env, onNews: (news) => request.onNews(news) }),
  });
  const startedMs = performance.now();
  await paper.start();
  request.onStart(record, paper, folder);
  const stop = (): void => void paper.stop();
  signal.addEventListener("abort", stop, { once: true });
  // It may have come while the session started, and is not told twice.
  if (signal.aborted) stop();
  const end = await paper.done;
  signal.removeEventListener("abort", stop);
  return { folder, record, end, elapsedMs: performance.now() - startedMs };
}

function symbolOf(record: SessionRecord, input: string): string {
  return record.series.find(({ name }) => name === input)!.symbol;
}

function recordOf(run: PreparedRun, strategy: BoundStrategy, bound: BoundRun, startedUs: number): SessionRecord {
  const inputs = new Map<string, InputBars>();
  for (const name of ownInputs(strategy)) {
    const { instrumentIndex, intervalUs, columns } = bound.inputs.find((input) => input.name === name)!;
    const instrument = bound.instruments[instrumentIndex]!;
    const live: LiveInstrument = { instrument, symbol: instrument.id, baseAsset: instrument.id.split(/[-@]/, 1)[0]! };
    // Room for all: a strategy may look as far back as in a backtest.
    inputs.set(name, { live, intervalUs, volumeKnown: columns.volumeKnown, capacity: columns.length + 2 });
  }
  const { instruments, series } = sessionSeries(strategy, inputs);
  const sources = bound.inputs.flatMap(({ name, bound: of }) =>
    of === undefined ? [] : [[name, { ...of.source, digest: of.dataset.digest }] as const],
  );
  const { options } = run.options;
  return {
    schema: 1,
    mode: "paper",
    name: sessionName(startedUs, "paper", strategy.name),
    startedUs,
    engineVersion: cliVersion(),
    strategy: { ...strategyRecord(run.strategy, strategy) },
    instruments,
    series,
    tradeFromUs: bound.fromUs ?? null,
    capital: options.capital,
    risk: options.limits,
    costs: { fee: options.fee.taker, slippage: options.slippage.kind === "fraction" ? options.slippage.amount : 0 },
    options,
    source: { kind: "dataset", inputs: Object.fromEntries(sources), digest: sources.map(([, { digest }]) => digest).join(" ") },
    latch: "latch",
    unmanaged: {},
  };
}

/** What a session remembers of its strategy. */
export function strategyRecord(loaded: LoadedStrategy, strategy: BoundStrategy): SessionRecord["strategy"] {
  return {
    name: strategy.name,
    path: loaded.path,
    codeDigest: loaded.codeDigest,
    modules: loaded.modules.map(({ name, digest }) => ({ name, digest })),
    params: strategy.params,
  };
}

/** A folder that was not there: two sessions may start within one second. */
async function freshFolder(root: string, name: string): Promise<string> {
  await mkdir(root, { recursive: true }).catch((error: unknown) => refuseFolder(root, error));
  for (let count = 1; ; count += 1) {
    const folder = join(root, count === 1 ? name : `${name}-${count}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") refuseFolder(root, error);
    }
  }
}

function refuseFolder(root: string, error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  return refuseUsage(
    "TP_CLI_FOLDER",
    `Cannot keep a session below "${shownPath(root)}": it cannot be written (${code ?? message})`,
    "choose another folder with --sessions",
  );
}

/** `^GSPC at 1d`: what a session trades. */
export function marketText(record: SessionRecord): string {
  return record.series
    .filter(({ isBuilt }) => !isBuilt)
    .map(({ instrumentIndex, intervalUs }) => `${record.instruments[instrumentIndex]!.instrument.id} at ${formatInterval(intervalUs)}`)
    .join(", ");
}

export function isDaily(record: SessionRecord): boolean {
  return record.series.every(({ intervalUs }) => intervalUs >= US_PER_DAY);
}
