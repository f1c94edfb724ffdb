/** How a bar is walked: which of its extremes comes first. */
export type PathModel = "worst-case" | "nearest-extreme-first" | "ohlc" | "olhc" | "best-case";
export const PATH_MODELS: readonly PathModel[] = ["worst-case", "nearest-extreme-first", "ohlc", "olhc", "best-case"];

/** True when the nearer extreme is the low. On a tie the extreme against the close's direction comes first: an up bar goes to its low. */
export function lowIsNearer(open: number, high: number, low: number, close: number): boolean {
  const up = high - open;
  const down = open - low;
  return down === up ? close >= open : down < up;
}

/**
 * Writes the points after the open into `points` and returns how many there are. `adverseIsLow` matters to the worst and the best case only.
 * worst-case: adverse, favourable, adverse, close; best-case the mirror; the others one extreme, the other, close.
 */
export function pathPoints(
  model: PathModel,
  bar: { readonly open: number; readonly high: number; readonly low: number; readonly close: number },
  adverseIsLow: boolean,
  points: Float64Array,
): number {
  const { open, high, low, close } = bar;
  let firstIsLow: boolean;
  switch (model) {
    case "ohlc":
      firstIsLow = false;
      break;
    case "olhc":
      firstIsLow = true;
      break;
    case "nearest-extreme-first":
      firstIsLow = lowIsNearer(open, high, low, close);
      break;
    case "worst-case":
      firstIsLow = adverseIsLow;
      break;
    case "best-case":
      firstIsLow = !adverseIsLow;
      break;
  }
  const first = firstIsLow ? low : high;
  const second = firstIsLow ? high : low;
  points[0] = first;
  points[1] = second;
  if (model === "worst-case" || model === "best-case") {
    points[2] = first;
    points[3] = close;
    return 4;
  }
  points[2] = close;
  return 3;
}
