const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/**
 * A line of block characters, one for each of up to `width` points spread evenly, the first and the last among them.
 * The lowest point is the lowest block; equal points are a flat line in the middle. Values that are not finite leave a space.
 */
export function sparkline(values: ArrayLike<number>, width: number): string {
  const points = spreadPoints(values, width);
  const finite = points.filter(Number.isFinite);
  const low = Math.min(...finite);
  const range = Math.max(...finite) - low;
  return points
    .map((value) => {
      if (!Number.isFinite(value)) return " ";
      if (range === 0) return BLOCKS[3];
      return BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(((value - low) / range) * BLOCKS.length))]!;
    })
    .join("");
}

function spreadPoints(values: ArrayLike<number>, width: number): number[] {
  const count = Math.max(0, Math.min(width, values.length));
  return Array.from({ length: count }, (_, i) => values[count < 2 ? 0 : Math.round((i * (values.length - 1)) / (count - 1))]!);
}
