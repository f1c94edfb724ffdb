import type { Env } from "@tradepulse/platform";
import { FeedBars } from "../feed/feed-bars.ts";
import { buildEngine, recordedOptions } from "./build-engine.ts";
import { warmUpBars } from "./catch-up.ts";
import { freshRecord } from "./fresh-record.ts";
import type { LiveRunnerOptions } from "./live-trading-runner.ts";
import { PaperRun } from "./paper-run.ts";
import type { SessionAbout } from "./session-terms.ts";
import type { SessionVoice } from "./session-voice.ts";

export interface StartPaperParts {
  readonly env: Env;
  /** Absolute folder of the state of all accounts. */
  readonly stateFolder: string;
  readonly options: LiveRunnerOptions;
  readonly about: SessionAbout;
  readonly voice: SessionVoice;
  /** Told before the run starts, so that it can be stopped meanwhile. */
  onRun(run: PaperRun): void;
}

/** Begins a paper session on the venue's public data. Gives the folder of the session with the run. */
export async function startPaper(parts: StartPaperParts): Promise<{ readonly folder: string; readonly run: PaperRun }> {
  const { env, options, about } = parts;
  const { strategy, connection, strategyConfig } = about;
  const startedUs = env.wallUs();
  const name = `${strategyConfig.name ?? strategy.name}-${startedUs}`;
  const money = { capital: strategyConfig.capital ?? 100_000, unmanaged: {} };
  const record = freshRecord(about, { name, mode: "paper", startedUs, engineVersion: options.engineVersion ?? "", money });
  const folder = `${parts.stateFolder}/paper/${name}`;
  const own = record.series.filter(({ isBuilt }) => !isBuilt);
  const { intervalUs } = own[0]!;
  const optionsOf = options.optionsOf ?? recordedOptions;
  const past = warmUpBars(buildEngine(record, strategy, optionsOf).engine, record, strategyConfig.warmupBars);
  const run = new PaperRun({
    env,
    folder,
    record,
    strategy,
    optionsOf,
    source: () =>
      new FeedBars({
        feed: connection.feed,
        symbols: own.map(({ symbol }) => symbol),
        intervalUs,
        fromUs: startedUs - past * intervalUs,
        wallUs: () => env.wallUs(),
        voice: parts.voice,
      }),
    voice: parts.voice,
  });
  parts.onRun(run);
  await run.start();
  return { folder, run };
}
