import {
  type BarColumns,
  type BoundStrategy,
  formatTimeUs,
  type Instrument,
  nearestName,
  parseInterval,
  resample,
  sliceBarColumns,
  type TimeUs,
} from "@tradepulse/core";
import type { DatasetInstrument } from "@tradepulse/data";
import { listed, refuse } from "../refuse.ts";
import type { BacktestRequest, BoundDataset } from "./backtest-request.ts";
import type { RunInput } from "./backtest-result.ts";

/** An input with the data behind it. */
export interface BoundInput extends RunInput {
  /** The dataset, for an input with data of its own. */
  readonly bound: BoundDataset | undefined;
  readonly source: DatasetInstrument | undefined;
  /** The input that its bars are built from. */
  readonly of: string | undefined;
}

/** The inputs of a strategy with their bars, and the range to trade. */
export interface BoundRun {
  readonly instruments: readonly Instrument[];
  /** In the strategy's declared order. */
  readonly inputs: readonly BoundInput[];
  readonly fromUs: TimeUs | undefined;
  readonly toUs: TimeUs | undefined;
  /** Open of the first bar to trade. */
  readonly startUs: TimeUs;
  /** Close of the last bar. */
  readonly endUs: TimeUs;
}

/**
 * Gives every input of a strategy its bars. Throws `TP_RUN_INPUTS` when inputs and data do not fit, `TP_RUN_CURRENCIES` when
 * instruments are quoted in several currencies, `TP_RUN_NO_BARS` when nothing is left in the range.
 */
export function bindInputs(strategy: BoundStrategy, request: Pick<BacktestRequest, "data" | "fromUs" | "toUs">): BoundRun {
  const own = Object.entries(strategy.inputs).filter(([, input]) => input.of === undefined);
  const chosen = choose(
    strategy.name,
    own.map(([name]) => name),
    request.data,
  );
  const first = [...chosen.values()][0]!.bound.dataset.range;
  const fromUs = request.fromUs ?? first.fromUs;
  const toUs = request.toUs ?? first.toUs;
  const instruments: Instrument[] = [];
  const inputs = new Map<string, BoundInput>();
  for (const [name, { bound, source }] of chosen) {
    const columns = until(source.columns, toUs);
    inputs.set(name, {
      name,
      instrumentIndex: indexOf(instruments, source.instrument),
      intervalUs: source.intervalUs,
      columns,
      warmupBars: barsBefore(columns, fromUs),
      bound,
      source,
      of: undefined,
    });
  }
  for (const [name, spec] of Object.entries(strategy.inputs)) {
    if (spec.of === undefined) continue;
    const from = inputs.get(spec.of)!;
    const intervalUs = parseInterval(spec.interval!)!;
    const columns = resample(from.columns, intervalUs);
    inputs.set(name, {
      ...from,
      name,
      intervalUs,
      columns,
      warmupBars: barsBefore(columns, fromUs),
      bound: undefined,
      source: undefined,
      of: spec.of,
    });
  }
  checkCurrencies(instruments);
  const ordered = Object.keys(strategy.inputs).map((name) => inputs.get(name)!);
  return {
    instruments,
    inputs: ordered,
    fromUs,
    toUs,
    ...rangeOf(
      ordered.filter(({ of }) => of === undefined),
      fromUs,
      toUs,
    ),
  };
}

interface Choice {
  readonly bound: BoundDataset;
  readonly source: DatasetInstrument;
}

function choose(strategy: string, names: readonly string[], data: BacktestRequest["data"]): ReadonlyMap<string, Choice> {
  if (isBoundDataset(data)) return fromOne(strategy, names, data);
  for (const name of Object.keys(data)) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    refuse(
      "TP_RUN_INPUTS",
      `Cannot give data to input "${name}" of "${strategy}": it has no such input with data of its own, known are ${listed(names)}`,
      [near === undefined ? undefined : ["meant", `"${near}"`]],
      "name an input of the strategy",
    );
  }
  return new Map(
    names.map((name) => {
      const bound = data[name];
      if (bound === undefined) {
        refuse(
          "TP_RUN_INPUTS",
          `Cannot run "${strategy}": input "${name}" has no data, needed are data for ${listed(names)}`,
          [],
          `give a dataset for "${name}" too`,
        );
      }
      return [name, { bound, source: instrumentIn(bound) }];
    }),
  );
}

/** One dataset serves all inputs: its instruments in order, from the one that is named. */
function fromOne(strategy: string, names: readonly string[], bound: BoundDataset): ReadonlyMap<string, Choice> {
  const first = instrumentIn(bound);
  const { instruments, name: dataset } = bound.dataset;
  const rest = instruments.filter((each) => each !== first);
  const order = [first, ...rest];
  if (order.length < names.length) {
    refuse(
      "TP_RUN_INPUTS",
      `Cannot run "${strategy}" on "${dataset}": it holds ${order.length === 1 ? "one instrument" : `${order.length} instruments`}, needed are ${names.length} for the inputs ${listed(names)}`,
      [],
      "give a dataset for each input",
    );
  }
  return new Map(names.map((name, k) => [name, { bound, source: order[k]! }]));
}

/** The instrument of a dataset that is meant: by its id, or by its part before the @. */
function instrumentIn({ dataset, instrument }: BoundDataset): DatasetInstrument {
  if (instrument === undefined) return dataset.instruments[0]!;
  const ids = dataset.instruments.map((each) => each.instrument.id);
  const at = ids.findIndex((id) => id === instrument || id.split("@", 1)[0]!.toUpperCase() === instrument.toUpperCase());
  if (at >= 0) return dataset.instruments[at]!;
  const near = nearestName(instrument, [...ids, ...ids.map((id) => id.split("@", 1)[0]!)]);
  return refuse(
    "TP_RUN_INPUTS",
    `Cannot find instrument "${instrument}" in "${dataset.name}": it holds ${listed(ids)}`,
    [near === undefined ? undefined : ["meant", `"${near}"`]],
    "name one of its instruments",
  );
}

export function isBoundDataset(data: BacktestRequest["data"]): data is BoundDataset {
  return "dataset" in data && "instruments" in data.dataset;
}

/** The place of an instrument among those of the run; two inputs may share one. */
function indexOf(instruments: Instrument[], instrument: Instrument): number {
  const at = instruments.findIndex((each) => each.id === instrument.id);
  if (at < 0) return instruments.push(instrument) - 1;
  if (JSON.stringify(instruments[at]) !== JSON.stringify(instrument)) {
    refuse(
      "TP_RUN_INPUTS",
      `Cannot run on two datasets of "${instrument.id}": they give it different price units or lots, allowed is one instrument with one tick and lot`,
      [],
      "give both datasets the same tick and lot, or name the instruments apart",
    );
  }
  return at;
}

function checkCurrencies(instruments: readonly Instrument[]): void {
  const codes = [...new Set(instruments.map(({ quote }) => quote.code))];
  if (codes.length === 1) return;
  refuse(
    "TP_RUN_CURRENCIES",
    `Cannot run on instruments quoted in ${codes.join(", ")}: allowed is one quote currency`,
    instruments.map(({ id, quote }) => [id, quote.code] as const),
    "run the currencies apart",
  );
}

function until(columns: BarColumns, toUs: TimeUs | undefined): BarColumns {
  const end = toUs === undefined ? columns.length : firstAtOrAfter(columns.openUs, columns.length, toUs);
  return end === columns.length ? columns : sliceBarColumns(columns, 0, end);
}

function barsBefore(columns: BarColumns, fromUs: TimeUs | undefined): number {
  return fromUs === undefined ? 0 : firstAtOrAfter(columns.openUs, columns.length, fromUs);
}

function firstAtOrAfter(times: Float64Array, length: number, timeUs: TimeUs): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rangeOf(inputs: readonly BoundInput[], fromUs: TimeUs | undefined, toUs: TimeUs | undefined): { startUs: TimeUs; endUs: TimeUs } {
  const traded = inputs.filter(({ columns, warmupBars }) => columns.length > warmupBars);
  if (traded.length === inputs.length) {
    return {
      startUs: Math.min(...traded.map(({ columns, warmupBars }) => columns.openUs[warmupBars]!)),
      endUs: Math.max(...traded.map(({ columns }) => columns.closeUs[columns.length - 1]!)),
    };
  }
  const empty = inputs.find((each) => !traded.includes(each))!;
  const { openUs } = empty.source!.columns;
  return refuse(
    "TP_RUN_NO_BARS",
    `Cannot run on input "${empty.name}": no bar opens from ${fromUs === undefined ? "its start" : formatTimeUs(fromUs)} to ${toUs === undefined ? "its end" : formatTimeUs(toUs)}`,
    [openUs.length === 0 ? undefined : ["bars", `${formatTimeUs(openUs[0]!)} to ${formatTimeUs(openUs.at(-1)!)}`]],
    "choose a range within the data",
  );
}
