import { resolve } from "node:path";
import type { ResolvedOptions } from "../options/run-options.ts";
import { refuse } from "../refuse.ts";
import type { BacktestHooks, BoundDataset } from "../run/backtest-request.ts";
import { ENGINE_VERSION } from "../run/build-manifest.ts";
import { openData } from "../run/open-data.ts";
import { runBacktest } from "../run/run-backtest.ts";
import type { RunManifest } from "../run/run-manifest.ts";
import { readRun } from "../run-folder/read-run.ts";
import { loadStrategy } from "../strategy-file/load-strategy.ts";
import type { VerifyReport, VerifyRow } from "./verify-report.ts";

/**
 * Runs the run of a folder again from its manifest, and compares code, data and run hash. Throws `TP_RUN_NOT_REPEATABLE` when the
 * manifest does not say where strategy or data are, and whatever loading and running them throws.
 */
export async function verifyRun(folder: string, hooks: BacktestHooks = {}): Promise<VerifyReport> {
  const { manifest } = await readRun(folder);
  const strategy = await loadStrategy(strategyPath(folder, manifest));
  const data = await dataOf(folder, manifest, hooks);
  const options: ResolvedOptions = { options: manifest.options, origins: manifest.origins };
  const { fromUs, toUs } = manifest.range;
  const result = await runBacktest(
    {
      strategy,
      params: manifest.params,
      data,
      options,
      ...(fromUs === null ? {} : { fromUs }),
      ...(toUs === null ? {} : { toUs }),
      comparisons: { pathModels: false, delay: false },
    },
    hooks,
  );
  const rows: VerifyRow[] = [
    row("engine version", "", manifest.engineVersion, ENGINE_VERSION),
    row("node version", "", manifest.nodeVersion, process.versions.node),
    row("code digest", "", manifest.strategy.codeDigest ?? "", strategy.codeDigest),
    ...manifest.inputs.flatMap(({ name, dataset }) =>
      dataset === null ? [] : [row("data digest", name, dataset.digest, data[name]!.dataset.digest)],
    ),
    row("run hash", "", manifest.runHash, result.runHash),
  ];
  return { schema: 1, folder: resolve(folder), ok: rows.at(-1)!.same, rows };
}

function row(what: VerifyRow["what"], about: string, recorded: string, now: string): VerifyRow {
  return { what, about, recorded, now, same: recorded === now };
}

function strategyPath(folder: string, { strategy }: RunManifest): string {
  return strategy.path ?? notRepeatable(folder, "its strategy was not read from a file");
}

/** The data of every input, loaded as the manifest says. One dataset is loaded once. */
async function dataOf(folder: string, manifest: RunManifest, hooks: BacktestHooks): Promise<Readonly<Record<string, BoundDataset>>> {
  const loaded = new Map<string, BoundDataset>();
  const data: Record<string, BoundDataset> = {};
  for (const { name, instrument, dataset } of manifest.inputs) {
    if (dataset === null) continue;
    const source = dataset.source ?? notRepeatable(folder, `it is not known how the data of input "${name}" were loaded`);
    const key = JSON.stringify(source);
    const bound = loaded.get(key) ?? (await openData(source, hooks.signal === undefined ? {} : { signal: hooks.signal }));
    loaded.set(key, bound);
    data[name] = { ...bound, instrument };
  }
  return data;
}

function notRepeatable(folder: string, why: string): never {
  return refuse(
    "TP_RUN_NOT_REPEATABLE",
    `Cannot verify run "${folder}": ${why}, needed are a strategy file and a named dataset`,
    [],
    "run it with tradepulse backtest, which records both",
  );
}
