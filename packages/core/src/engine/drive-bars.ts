/** What the bar loop needs. Defined here, so that a copy of this file stands alone and its loop sees one strategy only. */
export interface BarLoop {
  readonly cursor: { index: number };
  readonly registers: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Equity by bar, or a single cell with `equityMask` 0. */
  readonly equity: Float64Array;
  readonly equityMask: number;
  readonly bar: unknown;
  readonly view: unknown;
  readonly reactions: { onBar?(bar: unknown, view: unknown): unknown };
  /** Brings everything that a bar means for orders and account. The very first bar has a function of its own. */
  readonly settleFirst: (row: number) => void;
  readonly settle: (row: number) => void;
  /** Carries out a wish, then sets the gate anew. */
  readonly take: (wish: unknown, row: number) => void;
  /** Sets the gate anew after a bar that was settled and brought no wish. */
  readonly setGate: (wish: undefined, row: number) => void;
}

/**
 * Drives rows `from` to `to` of one series. Registers 0 to 3 and 8 are the gate, 4 and 5 the money, 6 and 7 peak and drawdown
 * (see `registers.ts`); written as numbers because this file is loaded once per strategy and imports nothing.
 */
export function driveBars(loop: BarLoop, from: number, to: number): void {
  const { cursor, registers, high, low, close, equity, equityMask, bar, view, reactions } = loop;
  let peak = registers[6]!;
  let inverse = 1 / peak;
  let drawdown = registers[7]!;
  for (let i = from; i < to; i += 1) {
    cursor.index = i;
    let isGateStale = false;
    if (high[i]! >= registers[0]! || low[i]! <= registers[1]! || i >= registers[8]! || registers[3] !== 0) {
      // One call that goes to either function: the compiler then puts neither into the loop, where they would crowd out the strategy's own reads.
      (i === 0 ? loop.settleFirst : loop.settle)(i);
      isGateStale = true;
    }
    const value = registers[4]! + registers[5]! * close[i]!;
    equity[i & equityMask] = value;
    if (value > peak) {
      peak = value;
      inverse = 1 / value;
    }
    const depth = (peak - value) * inverse;
    if (depth > drawdown) drawdown = depth;
    const wish = reactions.onBar!(bar, view);
    // As above: one call, either function.
    if (isGateStale || wish !== undefined) (wish === undefined ? loop.setGate : loop.take)(wish as undefined, i);
  }
  registers[6] = peak;
  registers[7] = drawdown;
}
