import { ColumnPool } from "@tradepulse/core";
import { driveBars } from "@tradepulse/core/drive-bars";
import { type BenchRow, median } from "../statistics.ts";
import { CReference } from "./c-reference.ts";
import { referenceBars } from "./reference-data.ts";
import { referenceStrategy } from "./reference-strategy.ts";
import { runReference } from "./run-reference.ts";

/** Equity of engine and reference may differ by rounding of money and prices: quanta and price units times fills. */
const EQUITY_TOLERANCE = 1e-6;

/** P1: the reference work on the engine against C, in interleaved rounds, checksums first; split into cost per bar and per fill. */
export function benchP1(bars: number, rounds: number): BenchRow[] {
  const columns = referenceBars(bars);
  const c = CReference.compile(columns);
  const equity = new Float64Array(bars);
  const pool = new ColumnPool();
  const busy = referenceStrategy();
  const calm = referenceStrategy({ margin: 0.002, pullbackEvery: 1024 });
  const ours: number[] = [];
  const oursCalm: number[] = [];
  const ratios: number[] = [];
  const theirs: number[] = [];
  const theirsCalm: number[] = [];
  let fills = 0;
  let calmFills = 0;
  runReference(columns, busy, driveBars, equity, pool);
  for (let round = 0; round < rounds; round += 1) {
    const run = runReference(columns, busy, driveBars, equity, pool);
    pool.recycle();
    const calmRun = runReference(columns, calm, driveBars, equity, pool);
    pool.recycle();
    ours.push(run.nsPerBar);
    oursCalm.push(calmRun.nsPerBar);
    fills = run.fills;
    calmFills = calmRun.fills;
    if (c === undefined) continue;
    const reference = c.run(bars, 0, 16, 1)[0]!;
    const referenceCalm = c.run(bars, 0.002, 1024, 1)[0]!;
    assertSame("fills", run.fills, reference.fills, 0);
    assertSame("equity", run.equity, reference.equity, EQUITY_TOLERANCE);
    assertSame("drawdown", run.drawdown, reference.drawdown, 1e-4);
    assertSame("fills of the calm run", calmRun.fills, referenceCalm.fills, 0);
    theirs.push(reference.ns);
    theirsCalm.push(referenceCalm.ns);
    ratios.push(run.nsPerBar / reference.ns);
  }
  c?.dispose();
  const label = `${bars / 1e6}M bars`;
  const rows: BenchRow[] = [
    {
      goal: "P1",
      what: `engine, reference work, ${label}, ${fills} fills`,
      value: median(ours),
      unit: "ns/bar",
      target: "",
      met: undefined,
    },
  ];
  const split = splitCost(median(ours), fills / bars, median(oursCalm), calmFills / bars);
  rows.push({ goal: "P1", what: `engine, fixed cost, ${label}`, value: split.perBar, unit: "ns/bar", target: "", met: undefined });
  rows.push({
    goal: "P1",
    what: `engine, cost of a fill with its orders, ${label}`,
    value: split.perFill,
    unit: "ns/fill",
    target: "",
    met: undefined,
  });
  if (c === undefined) {
    rows.push({
      goal: "P1",
      what: "C reference",
      value: Number.NaN,
      unit: "",
      target: "",
      met: undefined,
      note: "no C compiler on this machine",
    });
    return rows;
  }
  const ratio = median(ratios);
  const cSplit = splitCost(median(theirs), fills / bars, median(theirsCalm), calmFills / bars);
  rows.push({ goal: "P1", what: `C reference, ${label}`, value: median(theirs), unit: "ns/bar", target: "", met: undefined });
  rows.push({ goal: "P1", what: `engine against C, ${label}`, value: ratio, unit: "x", target: "<= 1.5", met: ratio <= 1.5 });
  rows.push({
    goal: "P1",
    what: `fixed cost against C, ${label}`,
    value: split.perBar / cSplit.perBar,
    unit: "x",
    target: "",
    met: undefined,
  });
  rows.push({
    goal: "P1",
    what: `cost of a fill against C, ${label}`,
    value: split.perFill / cSplit.perFill,
    unit: "x",
    target: "",
    met: undefined,
  });
  return rows;
}

/** Two runs with different numbers of fills give the cost of a bar without any and the cost of a fill. */
function splitCost(nsA: number, fillsA: number, nsB: number, fillsB: number): { readonly perBar: number; readonly perFill: number } {
  const perFill = (nsA - nsB) / (fillsA - fillsB);
  return { perFill, perBar: nsA - perFill * fillsA };
}

function assertSame(what: string, ours: number, theirs: number, relative: number): void {
  if (Math.abs(ours - theirs) <= relative * Math.abs(theirs)) return;
  throw new Error(`P1: ${what} differ: engine ${ours}, C reference ${theirs}`);
}
