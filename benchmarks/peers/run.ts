/**
 * `npm run bench:peers [-- --bars 1000000] [--rounds 7] [--save]` (goal P3): the full path of our product against vectorbt, backtesting.py and
 * backtrader on the same bars, in interleaved rounds. Fills and final equity are compared before any time is. Not part of CI: it installs
 * the libraries with pip into a temporary folder.
 */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { saveRows } from "../save-rows.ts";
import { type BenchRow, median, printRows } from "../statistics.ts";
import { exportBars, type OurRun, runOurs } from "./our-path.ts";
import { type PeerAnswer, PythonPeers, pythonWithPeers } from "./python-peers.ts";

/** Money may be rounded: ours to 10^-6 at each fill, theirs to a double. */
const SAME_EQUITY = 1e-8;

interface Peer {
  readonly name: string;
  /** Most bars it is given, so that a round stays bearable. */
  readonly bars: number;
  readonly target: number | undefined;
  readonly note: string;
}

const { values: options } = parseArgs({
  options: {
    bars: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "7" },
    save: { type: "boolean", default: false },
  },
});
const bars = Number(options.bars);
const rounds = Number(options.rounds);
const most = (limit: number): number => Math.min(bars, limit);
const peers: readonly Peer[] = [
  { name: "vectorbt full", bars, target: 8, note: "averages, signals, portfolio, value" },
  { name: "vectorbt full and stats", bars, target: undefined, note: "and its statistics, as ours has" },
  { name: "vectorbt from_signals", bars, target: 2, note: "signals given, no metrics; ours full" },
  { name: "vectorbt-rust full", bars, target: undefined, note: "its engine in Rust" },
  { name: "vectorbt-rust from_signals", bars, target: undefined, note: "signals given, no metrics; ours full" },
  { name: "backtesting.py", bars: most(100_000), target: 300, note: "slippage as commission" },
  { name: "backtrader", bars: most(50_000), target: 4_000, note: "" },
];

const found = pythonWithPeers();
if ("missing" in found) {
  console.log(`P3 was not measured: ${found.missing}`);
} else {
  const folder = join(tmpdir(), "tradepulse-bench", `peers-${process.pid}`);
  try {
    const rows = await measure(found.python, folder);
    printRows(rows);
    if (options.save) saveRows(rows, "npm run bench:peers", "peers-python");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(python: string, folder: string): Promise<BenchRow[]> {
  await exportBars(folder, bars);
  const python3 = new PythonPeers(python, folder);
  try {
    const able = await compare(python3, folder);
    const ours: OurRun[] = [];
    const ns = new Map<Peer, number[]>(able.map((peer) => [peer, []]));
    const ratios = new Map<Peer, number[]>(able.map((peer) => [peer, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const peer of able) {
        // Beside each peer, so that both have the machine as it is then. The slow ones are timed in the first rounds only.
        if (peer.bars < bars && round >= 3) continue;
        const our = await runOurs(folder);
        const their = await python3.run(peer.name, peer.bars);
        if ("error" in their) throw new Error(`${peer.name}: ${their.error}`);
        ours.push(our);
        ns.get(peer)!.push((their.seconds * 1e9) / peer.bars);
        ratios.get(peer)!.push(their.seconds / peer.bars / (our.seconds / bars));
      }
    }
    return [...ourRows(ours), ...able.map((peer) => peerRow(peer, median(ns.get(peer)!), median(ratios.get(peer)!)))];
  } finally {
    python3.end();
  }
}

/** The values first, which also warms everything up; gives the peers that can do the work. Throws when a peer made something else of it. */
async function compare(python: PythonPeers, folder: string): Promise<readonly Peer[]> {
  const able: Peer[] = [];
  for (const peer of peers) {
    const our = await runOurs(folder, peer.bars);
    const their = await python.run(peer.name, peer.bars);
    if ("error" in their) console.log(`${peer.name} was not measured: ${their.error}`);
    else {
      assertSame(peer, our, their);
      console.log(`${peer.name.padEnd(28)} ${peer.bars} bars: ${our.fills} fills and equity ${our.equity.toFixed(2)} in both`);
      able.push(peer);
    }
  }
  return able;
}

function assertSame(peer: Peer, our: OurRun, their: Exclude<PeerAnswer, { error: string }>): void {
  const apart = Math.abs(our.equity - their.equity) / our.equity;
  if (our.fills === their.fills && apart <= SAME_EQUITY) return;
  throw new Error(`${peer.name} differs: ${their.fills} fills and equity ${their.equity}, ours ${our.fills} and ${our.equity}`);
}

function ourRows(ours: readonly OurRun[]): BenchRow[] {
  const row = (what: string, seconds: readonly number[]): BenchRow => ({
    goal: "P3",
    what,
    value: (median(seconds) * 1e9) / bars,
    unit: "ns/bar",
    target: "",
    met: undefined,
  });
  const label = `${bars / 1e6}M bars, ${ours[0]!.fills} fills`;
  return [
    row(
      `ours full, ${label}`,
      ours.map(({ seconds }) => seconds),
    ),
    row(
      "  of it loading the cached columns",
      ours.map(({ loadSeconds }) => loadSeconds),
    ),
    row(
      "  of it the run of the strategy",
      ours.map(({ runSeconds }) => runSeconds),
    ),
  ];
}

function peerRow({ name, bars: length, target, note }: Peer, ns: number, ratio: number): BenchRow {
  const size = length === bars ? "" : `, ${length / 1e3}k bars`;
  return {
    goal: "P3",
    what: `${name}${size}: ${ns.toPrecision(4)} ns/bar, against ours`,
    value: ratio,
    unit: "x slower",
    target: target === undefined ? "" : `>= ${target}`,
    met: target === undefined ? undefined : ratio >= target,
    note,
  };
}
