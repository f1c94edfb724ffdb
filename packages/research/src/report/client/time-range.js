/**
 * The part of time that all charts show. Whoever changes it names itself, so that it does not hear its own echo.
 * @typedef {{ from: number, to: number }} Range seconds since the Unix epoch
 * @typedef {{ full: Range, now: () => Range, set: (range: Range, source: string) => void,
 *             listen: (listener: (range: Range, source: string) => void) => void }} TimeRange
 */

/**
 * @param {Range} full
 * @param {number} narrowest seconds below which nobody can zoom
 * @returns {TimeRange}
 */
export function createTimeRange(full, narrowest) {
  let current = full;
  /** @type {((range: Range, source: string) => void)[]} */
  const listeners = [];
  return {
    full,
    now: () => current,
    set(wanted, source) {
      const width = Math.min(full.to - full.from, Math.max(narrowest, wanted.to - wanted.from));
      const from = Math.max(full.from, Math.min(wanted.from, full.to - width));
      const next = { from, to: from + width };
      const still = (full.to - full.from) * 1e-6;
      if (Math.abs(next.from - current.from) < still && Math.abs(next.to - current.to) < still) return;
      current = next;
      for (const listener of listeners) listener(next, source);
    },
    listen(listener) {
      listeners.push(listener);
    },
  };
}

/**
 * @param {TimeRange} range
 * @param {number} factor below 1 zooms in, above 1 out
 * @param {number} share where the fixed point lies: 0 at the left edge, 1 at the right
 */
export function zoomRange(range, factor, share) {
  const { from, to } = range.now();
  const fixed = from + (to - from) * share;
  range.set({ from: fixed - (fixed - from) * factor, to: fixed + (to - fixed) * factor }, "zoom");
}

/**
 * @param {TimeRange} range
 * @param {number} share of the width shown: 0.1 moves a tenth to the right
 */
export function panRange(range, share) {
  const { from, to } = range.now();
  const by = (to - from) * share;
  range.set({ from: from + by, to: to + by }, "pan");
}
