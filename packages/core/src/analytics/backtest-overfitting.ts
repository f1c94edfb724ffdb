import { FailureError } from "../model/failure.ts";
import { ln } from "../model/math.ts";
import { requireSameLength } from "./excess.ts";
import { countsAsZero, type Figure, figure, undefinedFigure } from "./figure.ts";
import { mean, returnScale } from "./moments.ts";

export interface BacktestOverfitting {
  /** Share of splits whose best trial in sample is not above the median out of sample. */
  readonly probability: Figure;
  /** One logit a split; empty when the probability is undefined. */
  readonly logits: readonly number[];
  /** Rows at the end that do not fill the blocks and were left out. */
  readonly rowsLeftOut: number;
}

const MOST_BLOCKS = 20;

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation. The rows are cut into S equal blocks; each
 * choice of S/2 blocks is in sample once. The trial with the best `mean / std(ddof 1)` in sample has rank k (1 is worst) among
 * the N trials out of sample; the split's logit is `ln(w / (1 - w))`, `w = k / (N + 1)`. PBO is the share of logits <= 0.
 *
 * `trials` holds one return column per trial, equally long, without missing values. A trial that never moves has ratio 0.
 * Undefined for fewer than two trials or fewer than two rows a block. Throws `TP_ANALYTICS_BLOCKS` unless S is even, 2 to 20.
 * Source: D. H. Bailey, J. Borwein, M. Lopez de Prado, Q. J. Zhu, "The Probability of Backtest Overfitting", 2015.
 */
export function backtestOverfitting(trials: readonly Float64Array[], blocks: number): BacktestOverfitting {
  requireBlocks(blocks);
  for (const trial of trials) requireSameLength(trials[0]!, trial);
  const rows = trials[0]?.length ?? 0;
  const blockRows = Math.floor(rows / blocks);
  const rowsLeftOut = rows - blockRows * blocks;
  if (trials.length < 2 || blockRows < 2) return { probability: undefinedFigure("too-few"), logits: [], rowsLeftOut };
  const sums = trials.map((trial) => blockSums(trial, blocks, blockRows));
  const logits: number[] = [];
  const inRatios = new Float64Array(trials.length);
  const outRatios = new Float64Array(trials.length);
  for (let mask = 0; mask < 2 ** blocks; mask += 1) {
    if (bitCount(mask) !== blocks / 2) continue;
    sums.forEach((sum, i) => {
      inRatios[i] = ratioOver(sum, mask, blockRows);
      outRatios[i] = ratioOver(sum, ~mask, blockRows);
    });
    const share = rankOf(outRatios, bestOf(inRatios)) / (trials.length + 1);
    logits.push(ln(share / (1 - share)));
  }
  const overfitted = logits.filter((logit) => logit <= 0).length;
  return { probability: figure(overfitted / logits.length), logits, rowsLeftOut };
}

interface BlockSums {
  /** The column's mean: sums are of deviations from it, so that squares do not cancel. */
  readonly center: number;
  readonly scale: number;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

function blockSums(trial: Float64Array, blocks: number, blockRows: number): BlockSums {
  const used = trial.subarray(0, blocks * blockRows);
  const center = mean(used);
  const sum = new Float64Array(blocks);
  const squares = new Float64Array(blocks);
  for (let i = 0; i < used.length; i += 1) {
    const block = Math.floor(i / blockRows);
    const d = used[i]! - center;
    sum[block]! += d;
    squares[block]! += d * d;
  }
  return { center, scale: returnScale(used), sum, squares };
}

/** `mean / std(ddof 1)` over the blocks whose bit is set. */
function ratioOver(sums: BlockSums, mask: number, blockRows: number): number {
  let sum = 0;
  let squares = 0;
  let n = 0;
  for (let block = 0; block < sums.sum.length; block += 1) {
    if ((mask & (1 << block)) === 0) continue;
    sum += sums.sum[block]!;
    squares += sums.squares[block]!;
    n += blockRows;
  }
  const average = sums.center + sum / n;
  const deviation = Math.sqrt(Math.max(0, squares - (sum * sum) / n) / (n - 1));
  if (!countsAsZero(deviation, sums.scale)) return average / deviation;
  return countsAsZero(average, sums.scale) ? 0 : average * Infinity;
}

/** The first index with the largest ratio. */
function bestOf(ratios: Float64Array): number {
  let best = 0;
  for (let i = 1; i < ratios.length; i += 1) if (ratios[i]! > ratios[best]!) best = i;
  return best;
}

/** Rank among all, 1 for the smallest; equal ones share their average rank. */
function rankOf(ratios: Float64Array, index: number): number {
  const own = ratios[index]!;
  let below = 0;
  let equal = 0;
  for (let i = 0; i < ratios.length; i += 1) {
    if (ratios[i]! < own) below += 1;
    else if (ratios[i] === own) equal += 1;
  }
  return below + (equal + 1) / 2;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function requireBlocks(blocks: number): void {
  if (Number.isInteger(blocks) && blocks % 2 === 0 && blocks >= 2 && blocks <= MOST_BLOCKS) return;
  throw new FailureError({
    code: "TP_ANALYTICS_BLOCKS",
    message: `Cannot test for overfitting: the number of blocks is ${blocks}, allowed are even numbers from 2 to ${MOST_BLOCKS}`,
    details: [],
    next: "give an even number of blocks; 16 gives 12,870 splits",
  });
}
