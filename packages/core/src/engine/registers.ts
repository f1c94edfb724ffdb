/**
 * The few numbers that the bar loop and the rest of the engine share, in one typed array so that none is ever boxed.
 * `up` and `down` are the price gate: a bar whose range reaches neither, before `nextUs`, with nothing pending, needs no matching.
 */
export const Register = {
  up: 0,
  down: 1,
  nextUs: 2,
  pending: 3,
  /** Cash in money of the quote currency. */
  cash: 4,
  /** Signed position times multiplier: what one unit of price is worth. One instrument only. */
  exposure: 5,
  peak: 6,
  drawdown: 7,
  /** First row that closes at `nextUs` or later: the bar loop counts rows instead of reading one more column. */
  nextRow: 8,
} as const;

export const REGISTER_COUNT = 9;

export function makeRegisters(openingEquity: number): Float64Array {
  const registers = new Float64Array(REGISTER_COUNT);
  registers[Register.up] = Number.POSITIVE_INFINITY;
  registers[Register.down] = Number.NEGATIVE_INFINITY;
  registers[Register.nextUs] = Number.POSITIVE_INFINITY;
  registers[Register.cash] = openingEquity;
  registers[Register.peak] = openingEquity;
  return registers;
}
