import { type BoundStrategy, formatInterval, formatTimeUs, type TimeUs } from "@tradepulse/core";
import corePackage from "@tradepulse/core/package.json" with { type: "json" };
import { intervalName } from "@tradepulse/data";
import type { OptionOrigin, ResolvedOptions } from "../options/run-options.ts";
import type { LoadedStrategy } from "../strategy-file/loaded-strategy.ts";
import type { BoundInput, BoundRun } from "./bind-inputs.ts";
import type { ManifestInput, RunManifest } from "./run-manifest.ts";

export const ENGINE_VERSION: string = corePackage.version;

/** The manifest of a finished run. */
export function buildManifest(about: {
  readonly strategy: BoundStrategy;
  readonly loaded: LoadedStrategy | undefined;
  readonly run: BoundRun;
  readonly resolved: ResolvedOptions;
  readonly paramOrigins: Readonly<Record<string, OptionOrigin>>;
  readonly startedAt: Date;
  readonly elapsedMs: number;
  readonly runHash: string;
  readonly warnings: readonly string[];
}): RunManifest {
  const { strategy, loaded, run, resolved } = about;
  return {
    schema: 1,
    engineVersion: ENGINE_VERSION,
    nodeVersion: process.versions.node,
    startedAt: about.startedAt.toISOString(),
    elapsedMs: Math.round(about.elapsedMs),
    strategy: {
      name: strategy.name,
      path: loaded?.path ?? null,
      codeDigest: loaded?.codeDigest ?? null,
      modules: loaded?.modules.map(({ name, digest }) => ({ name, digest })) ?? [],
    },
    params: strategy.params,
    inputs: run.inputs.map((input) => manifestInput(input, run)),
    options: resolved.options,
    origins: { ...about.paramOrigins, ...resolved.origins },
    range: { from: isoOf(run.fromUs), to: isoOf(run.toUs), fromUs: run.fromUs ?? null, toUs: run.toUs ?? null },
    seed: resolved.options.seed,
    runHash: about.runHash,
    warnings: about.warnings,
  };
}

function manifestInput(input: BoundInput, run: BoundRun): ManifestInput {
  const { bound, source } = input;
  return {
    name: input.name,
    instrument: run.instruments[input.instrumentIndex]!.id,
    interval: source === undefined ? formatInterval(input.intervalUs) : intervalName(input.intervalUs),
    bars: input.columns.length - input.warmupBars,
    warmupBars: input.warmupBars,
    of: input.of ?? null,
    dataset:
      bound === undefined
        ? null
        : {
            name: bound.dataset.name,
            digest: bound.dataset.digest,
            location: bound.dataset.provenance.source,
            licence: bound.dataset.provenance.licence,
            synthetic: bound.dataset.provenance.synthetic,
            source: bound.source ?? null,
          },
    resolution: source?.resolution ?? null,
  };
}

function isoOf(timeUs: TimeUs | undefined): string | null {
  return timeUs === undefined ? null : formatTimeUs(timeUs);
}
