/**
 * A smallest part of a list with which something still happens, so that taking away any single element would end it (delta debugging, A. Zeller).
 * `happens` is asked at most `budget` times; what is found by then is returned.
 */
export async function ddmin<T>(
  items: readonly T[],
  happens: (part: readonly T[]) => Promise<boolean>,
  budget: { left: number },
): Promise<readonly T[]> {
  let kept = items;
  for (let parts = 2; kept.length > 0; ) {
    const size = Math.ceil(kept.length / parts);
    let isSmaller = false;
    for (let from = 0; from < kept.length; from += size) {
      if (budget.left <= 0) return kept;
      budget.left -= 1;
      const without = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (!(await happens(without))) continue;
      kept = without;
      isSmaller = true;
      break;
    }
    if (isSmaller) parts = Math.max(2, parts - 1);
    else if (size <= 1) break;
    else parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}
