import { formatFixed, formatQuantity } from "./format.js";
import { color } from "./theme.js";

/** So many arrows a chart can carry before they become a carpet. */
const ARROWS_AT_MOST = 160;
/** Up to so many fills in view, each arrow says what was done; on a narrow screen as many as have room. */
const NAMED_AT_MOST = 14;
const NAME_WIDTH = 90;
/** Up to so many, an arrow for several fills says how many they are. */
const COUNTED_AT_MOST = 60;

/**
 * @param {import("../report-data.ts").ReportData} data
 * @param {number} instrument
 * @returns {number[]} places of its rows in `data.fills`, in order of time
 */
export function fillsOf({ fills }, instrument) {
  return fills.instrument.flatMap((owner, row) => (owner === instrument ? [row] : []));
}

/**
 * Arrows for the bars in view. Where there are too many, neighbours of one side share an arrow that says how many fills it stands for.
 * @param {import("../report-data.ts").DrawnFills} fills
 * @param {readonly number[]} t times of the bars
 * @param {readonly number[]} rows places in `fills`
 * @param {number} fromBar
 * @param {number} toBar
 * @returns {import("lightweight-charts").SeriesMarker<import("lightweight-charts").Time>[]}
 */
export function markersInView(fills, t, rows, fromBar, toBar) {
  const inView = rows.filter((row) => (fills.bar[row] ?? 0) >= fromBar && (fills.bar[row] ?? 0) <= toBar);
  const width = inView.length <= ARROWS_AT_MOST ? 1 : Math.ceil((toBar - fromBar + 1) / (ARROWS_AT_MOST / 2));
  /** @type {Map<string, { bar: number, side: number, row: number, count: number }>} */
  const groups = new Map();
  for (const row of inView) {
    const bar = fills.bar[row] ?? 0;
    const side = fills.side[row] ?? 1;
    const count = fills.count[row] ?? 1;
    const key = `${Math.floor(bar / width)} ${side}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { bar, side, row, count });
    else group.count += count;
  }
  const named = inView.length <= Math.min(NAMED_AT_MOST, document.documentElement.clientWidth / NAME_WIDTH);
  const counted = inView.length <= COUNTED_AT_MOST;
  return [...groups.values()]
    .sort((a, b) => a.bar - b.bar)
    .map(({ bar, side, row, count }) => {
      const what = named
        ? `${side > 0 ? "Buy" : "Sell"} ${formatQuantity(fills.quantity[row] ?? 0)}`
        : counted && count > 1
          ? `×${count}`
          : "";
      return {
        time: /** @type {import("lightweight-charts").UTCTimestamp} */ (t[bar]),
        position: side > 0 ? "belowBar" : "aboveBar",
        shape: side > 0 ? "arrowUp" : "arrowDown",
        color: color(side > 0 ? "buy" : "sell"),
        size: named ? 1.2 : 0.8,
        ...(what === "" ? {} : { text: what }),
      };
    });
}

/**
 * What happened in one bar, for the line above the chart: `Sell 120 at 1,402.10: fast average crossed below slow`.
 * @param {import("../report-data.ts").ReportData} data
 * @param {readonly number[]} rows places in `data.fills`
 * @param {number} bar
 * @param {number} decimals
 */
export function describeFills({ fills, texts }, rows, bar, decimals) {
  const here = rows.filter((row) => fills.bar[row] === bar);
  const sentences = here.map((row) => {
    const count = fills.count[row] ?? 1;
    const side = (fills.side[row] ?? 1) > 0 ? "Buy" : "Sell";
    const quantity = formatQuantity(fills.quantity[row] ?? 0);
    const price = formatFixed(fills.price[row] ?? 0, decimals);
    if (count > 1) return `${side} ${quantity} in ${count.toLocaleString("en-US")} fills at ${price} on average`;
    const why = texts[fills.reason[row] ?? -1] || texts[fills.cause[row] ?? -1] || "";
    return `${side} ${quantity} at ${price}${why === "" ? "" : `: ${why}`} (order ${fills.orderId[row]})`;
  });
  return sentences.join("; ");
}
