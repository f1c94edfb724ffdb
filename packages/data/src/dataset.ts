import type { BarColumns, Instrument, TimeUs } from "@tradepulse/core";
import type { CsvKind } from "./csv/sniff-kind.ts";
import type { InstrumentResolution } from "./instrument/resolve-instrument.ts";
import type { Finding } from "./quality/finding.ts";
import type { Stamp } from "./time/stamp.ts";

/** The bars of one instrument, ready for the engine. */
export interface DatasetInstrument {
  readonly instrument: Instrument;
  readonly intervalUs: number;
  /** Bars from the start of the data to the end of the range asked for. */
  readonly columns: BarColumns;
  /** Bars in front of the range asked for: the index of its first bar. They warm up indicators. */
  readonly warmupBars: number;
  readonly resolution: InstrumentResolution;
}

/** Where the data comes from and what may be done with it. */
export interface Provenance {
  /** Absolute path of a file, name and version of a package, or the canonical description of synthetic data. */
  readonly source: string;
  /** SPDX name; `unknown` for a user's own file. */
  readonly licence: string;
  readonly synthetic: boolean;
}

/** Bars of one or more instruments, with all that a run has to record about them. */
export interface Dataset {
  readonly name: string;
  readonly kind: CsvKind | "synthetic";
  readonly instruments: readonly DatasetInstrument[];
  readonly provenance: Provenance;
  /** `sha256:` and 64 hexadecimal digits over all columns of the whole dataset, before `from` and `to` cut it. */
  readonly digest: string;
  readonly findings: readonly Finding[];
  /** IANA name of the zone that its days are counted in. */
  readonly timezone: string;
  readonly stamp: Stamp;
  /** The range asked for, half open; a side that was not given is absent. */
  readonly range: { readonly fromUs?: TimeUs; readonly toUs?: TimeUs };
  /** Whether the columns came from the cache or went into it; `off` when it was not used or could not be written. */
  readonly cache: "read" | "written" | "off";
}

/** A dataset before a range is cut out of it: what a cache keeps. */
export type WholeDataset = Omit<Dataset, "range" | "cache">;
