/**
 * Speed of the indicators: nanoseconds a bar of the columnar form and of the streaming form, against a step of the plainest
 * loop there is (an exponential average over a typed array) and against npm libraries, in one process.
 *
 *   node benchmarks/indicators.ts [--rows 1000000] [--rounds 5] [--only ema] [--json]
 *
 * The last values are compared first; a library that computes something else is named and left out of the ratio. Rounds are
 * interleaved: each times the step loop, ours and every library once, and ratios are taken within a round. Medians are shown.
 */
import { parseArgs } from "node:util";
import * as indicators from "../packages/core/src/indicators/index.ts";
import { indicatorSeries } from "../packages/core/src/testing/indicator-series.ts";
import { type PlainBars, peerRuns } from "./indicator-peers.ts";

type Definition = indicators.IndicatorDefinition;

/** One line of the result. */
interface Measured {
  readonly indicator: string;
  readonly columnarNs: number;
  readonly streamingNs: number;
  /** Columnar time over the time of the step loop. */
  readonly emaSteps: number;
  readonly peers: readonly PeerTime[];
}

interface PeerTime {
  readonly peer: string;
  readonly ns: number;
  /** Its time over ours. */
  readonly ratio: number;
  /** Relative difference of the last value. */
  readonly difference: number;
}

/** Values further apart than this are not the same indicator. */
const SAME = 1e-9;

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    json: { type: "boolean", default: false },
  },
});
const rows = Number(options.rows);
const rounds = Number(options.rounds);

const { atr, bollinger, donchian, ema, highest, lowest, macd, pairZscore, rma, roc, rsi, sma, standardDeviation, trueRange, zscore } =
  indicators;
const definitions: readonly Definition[] = [
  sma(20),
  ema(20),
  rma(14),
  rsi(14),
  trueRange(),
  atr(14),
  bollinger(20, 2),
  macd(12, 26, 9),
  donchian(20),
  standardDeviation(20),
  highest(20),
  lowest(20),
  roc(10),
  zscore(60),
  pairZscore(60),
];

const [high, low, close] = indicatorSeries(trueRange(), rows, 42) as [Float64Array, Float64Array, Float64Array];
const other = indicatorSeries(ema(2), rows, 43)[0]!;
const plain: PlainBars = { high: Array.from(high), low: Array.from(low), close: Array.from(close) };

const measured = definitions.filter(({ name }) => name.includes(options.only)).map(measure);
if (options.json) console.log(JSON.stringify({ schema: 1, rows, rounds, measured }, null, 2));
else print();

function measure(definition: Definition): Measured {
  const inputs = inputsOf(definition);
  const outputs = definition.outputs.map(() => new Float64Array(rows));
  const main = outputs[0]!;
  const ours = (): void => definition.createKernel(inputs, outputs).advance(0, rows);
  const runs = Object.entries(peerRuns[definition.name] ?? {});

  ours();
  const value = main[rows - 1]!;
  const live = stream(definition, inputs);
  if (!Object.is(live, value)) throw new Error(`${definition.name}: streaming gives ${live}, columnar gives ${value}`);
  const differences = runs.map(([, run]) => Math.abs(run(plain) - value) / Math.max(Math.abs(value), Number.MIN_VALUE));

  const steps: number[] = [];
  const columnar: number[] = [];
  const streaming: number[] = [];
  const peers = runs.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    steps.push(timed(() => emaSteps(close, main)));
    columnar.push(timed(ours));
    streaming.push(timed(() => stream(definition, inputs)));
    for (const [i, [, run]] of runs.entries()) peers[i]!.push(timed(() => run(plain)));
  }
  return {
    indicator: definition.name,
    columnarNs: median(columnar),
    streamingNs: median(streaming),
    emaSteps: median(columnar.map((each, i) => each / steps[i]!)),
    peers: runs.map(([peer], i) => ({
      peer,
      ns: median(peers[i]!),
      ratio: median(peers[i]!.map((each, round) => each / columnar[round]!)),
      difference: differences[i]!,
    })),
  };
}

function inputsOf({ inputs }: Definition): Float64Array[] {
  if (inputs.length === 2 && inputs[0] === "value") return [close, other];
  return inputs.map((field) => (field === "high" ? high : field === "low" ? low : close));
}

/** The yardstick: about what a native loop takes, since each step waits for the one before. */
function emaSteps(source: Float64Array, into: Float64Array): void {
  let level = source[0]!;
  for (let row = 0; row < source.length; row++) {
    level += 0.1 * (source[row]! - level);
    into[row] = level;
  }
}

function stream(definition: Definition, inputs: readonly Float64Array[]): number {
  const live = indicators.streaming(definition);
  const [first, second, third] = inputs as [Float64Array, Float64Array?, Float64Array?];
  if (second === undefined) for (let row = 0; row < rows; row++) live.update(first[row]!);
  else if (third === undefined) for (let row = 0; row < rows; row++) live.update(first[row]!, second[row]);
  else for (let row = 0; row < rows; row++) live.update(first[row]!, second[row], third[row]);
  return live.value;
}

/** Nanoseconds a row. */
function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return ((performance.now() - start) * 1e6) / rows;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function print(): void {
  console.log(`${rows} rows, ${rounds} rounds, ns per row, medians; ratios within a round`);
  console.log("indicator               columnar  streaming  EMA steps  fastest equal peer           other peers (ns)");
  for (const { indicator, columnarNs, streamingNs, emaSteps: steps, peers } of measured) {
    const equal = peers.filter(({ difference }) => difference <= SAME).toSorted((a, b) => a.ns - b.ns);
    const fastest = equal[0];
    const rest = peers.filter((peer) => peer !== fastest);
    const cells = [
      indicator.padEnd(22),
      columnarNs.toFixed(2).padStart(9),
      streamingNs.toFixed(1).padStart(10),
      steps.toFixed(2).padStart(10),
      `  ${fastest === undefined ? "none" : `${fastest.ratio.toFixed(1)}x ${fastest.peer} (${fastest.ns.toFixed(0)})`}`.padEnd(29),
      rest
        .map(
          ({ peer, ns, difference }) =>
            `${peer} ${ns.toFixed(0)}${difference <= SAME ? "" : ` [other value: ${difference.toExponential(0)}]`}`,
        )
        .join(", "),
    ];
    console.log(cells.join(" "));
  }
}
