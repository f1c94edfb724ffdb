import { valueAxisWidth } from "./axis-labels.js";
import { describeFills, fillsOf, markersInView } from "./fill-markers.js";
import { formatFixed, formatTime } from "./format.js";
import { elementById, priceCharts } from "./libraries.js";
import { lastAtMost } from "./sorted-search.js";
import { color, onThemeChange } from "./theme.js";
import { TripLines } from "./trip-lines.js";

/** @typedef {import("lightweight-charts").UTCTimestamp} ChartTime */

/** More lines than these between entries and exits hide the price. */
const TRIP_LINES_AT_MOST = 120;

/**
 * Bars with the fills and round trips on them.
 * @param {import("../report-data.ts").ReportData} data
 * @param {import("./time-range.js").TimeRange} range
 * @param {(seconds: number | null) => void} onPoint called with the end of the bar that the reader points at
 * @returns {{ pointAt: (seconds: number | null) => void, showInstrument: (index: number) => void, chooseTrip: (index: number) => void }}
 */
export function createPriceChart(data, range, onPoint) {
  let instrument = 0;
  let bars = /** @type {import("../report-data.ts").DrawnPrices} */ (data.prices[0]);
  let fills = fillsOf(data, 0);
  /** @type {number | null} */
  let chosen = null;
  // Ranges set by the program also report back, later; only the reader's own movements may steer the other charts.
  let readerMoves = false;
  let drawing = 0;

  const box = elementById("price-chart");
  const chart = priceCharts.createChart(box, {
    autoSize: true,
    // The footer carries the attribution and the link that the licence asks for.
    layout: { attributionLogo: false },
    handleScale: { mouseWheel: false },
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    timeScale: { minBarSpacing: 0.01, fixLeftEdge: true, fixRightEdge: true, timeVisible: isIntraday(data), secondsVisible: false },
    rightPriceScale: { minimumWidth: valueAxisWidth(data), borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.08 } },
    crosshair: { mode: 0 },
    localization: {
      timeFormatter: (/** @type {number} */ time) => formatTime(time),
      priceFormatter: (/** @type {number} */ price) => formatFixed(price, bars.decimals),
    },
  });
  const series = chart.addSeries(priceCharts.CandlestickSeries, { priceLineVisible: false, lastValueVisible: false });
  const arrows = priceCharts.createSeriesMarkers(series, []);
  const lines = new TripLines();
  series.attachPrimitive(lines);

  const decorate = () => {
    cancelAnimationFrame(drawing);
    drawing = requestAnimationFrame(() => {
      const { from, to } = range.now();
      const fromBar = Math.max(0, lastAtMost(bars.t, from));
      const toBar = Math.max(0, lastAtMost(bars.t, to));
      arrows.setMarkers(markersInView(data.fills, bars.t, fills, fromBar, toBar));
      const trips = tripLines(data, bars.t, instrument, from, to, chosen);
      lines.show(trips, chosen === null ? null : (data.trips.id[chosen] ?? null));
    });
  };

  const show = () => {
    const { from, to } = range.now();
    readerMoves = false;
    // The scale wants times of bars it has, in order, even where this instrument starts later than the account.
    const first = Math.min(Math.max(0, lastAtMost(bars.t, from)), Math.max(0, bars.t.length - 2));
    const last = Math.max(first + 1, lastAtMost(bars.t, to));
    chart.timeScale().setVisibleLogicalRange({ from: first - 0.5, to: Math.min(last, bars.t.length - 1) + 0.5 });
    decorate();
  };

  const readOut = (/** @type {number | null} */ at) => {
    const bar = at ?? bars.t.length - 1;
    if (bar < 0) {
      elementById("price-readout").textContent = "No bar of this instrument was recorded.";
      return;
    }
    const price = (/** @type {number | undefined} */ value) => formatFixed(value ?? 0, bars.decimals);
    const facts = `${formatTime(bars.t[bar] ?? 0)}   O ${price(bars.o[bar])}   H ${price(bars.h[bar])}   L ${price(bars.l[bar])}   C ${price(bars.c[bar])}`;
    const happened = at === null ? "" : describeFills(data, fills, bar, bars.decimals);
    elementById("price-readout").textContent = `${facts}\n${happened}`;
  };

  const load = () => {
    bars = /** @type {import("../report-data.ts").DrawnPrices} */ (data.prices[instrument]);
    fills = fillsOf(data, instrument);
    series.applyOptions({ priceFormat: { type: "price", precision: bars.decimals, minMove: 10 ** -bars.decimals } });
    series.setData(
      bars.t.map((time, i) => ({
        time: /** @type {ChartTime} */ (time),
        open: bars.o[i] ?? 0,
        high: bars.h[i] ?? 0,
        low: bars.l[i] ?? 0,
        close: bars.c[i] ?? 0,
      })),
    );
    elementById("price-note").textContent = bars.note;
    readOut(null);
    show();
  };

  const paint = () => {
    chart.applyOptions({
      layout: {
        background: { type: priceCharts.ColorType.Solid, color: "transparent" },
        textColor: color("muted"),
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: 11,
      },
      grid: { vertLines: { color: color("grid") }, horzLines: { color: color("grid") } },
      timeScale: { borderColor: color("line") },
      crosshair: {
        vertLine: { color: color("faint"), labelBackgroundColor: color("label") },
        horzLine: { color: color("faint"), labelBackgroundColor: color("label") },
      },
    });
    const up = color("bar-up");
    const down = color("bar-down");
    series.applyOptions({ upColor: up, wickUpColor: up, borderUpColor: up, downColor: down, wickDownColor: down, borderDownColor: down });
    decorate();
  };

  chart.subscribeCrosshairMove((move) => {
    if (move.sourceEvent === undefined) return;
    const bar = move.time === undefined ? -1 : lastAtMost(bars.t, /** @type {number} */ (move.time));
    readOut(bar < 0 ? null : bar);
    // Equity is marked at the end of a bar, and a bar is stamped by its open.
    onPoint(bar < 0 ? null : (bars.t[bar + 1] ?? range.full.to));
  });
  for (const kind of ["pointerdown", "touchstart"]) box.addEventListener(kind, () => (readerMoves = true), { passive: true });
  chart.timeScale().subscribeVisibleTimeRangeChange((visible) => {
    if (readerMoves && visible !== null) range.set({ from: Number(visible.from), to: Number(visible.to) }, "price");
  });
  range.listen((_range, source) => (source === "price" ? decorate() : show()));
  // Turned or resized, the scale keeps the width of a bar; the range is what the other charts keep.
  chart.timeScale().subscribeSizeChange(show);
  onThemeChange(paint);
  paint();
  load();

  return {
    pointAt(seconds) {
      // The bar that ends at the marked instant is the one that opened before it.
      const bar = seconds === null ? -1 : lastAtMost(bars.t, seconds - 1e-6);
      readOut(bar < 0 ? null : bar);
      if (bar < 0) chart.clearCrosshairPosition();
      else chart.setCrosshairPosition(bars.c[bar] ?? 0, /** @type {ChartTime} */ (bars.t[bar]), series);
    },
    showInstrument(index) {
      instrument = index;
      load();
    },
    chooseTrip(index) {
      chosen = index;
      const from = data.trips.entry[index] ?? range.full.from;
      const to = data.trips.exit[index] ?? range.full.to;
      const bar = bars.t.length < 2 ? 0 : ((bars.t.at(-1) ?? 0) - (bars.t[0] ?? 0)) / (bars.t.length - 1);
      const margin = Math.max((to - from) * 0.5, bar * 20);
      range.set({ from: from - margin, to: to + margin }, "trip");
      decorate();
    },
  };
}

/** @param {import("../report-data.ts").ReportData} data */
function isIntraday(data) {
  return data.prices.some(({ t }) => t.some((time) => time % 86_400 !== 0));
}

/**
 * @param {import("../report-data.ts").ReportData} data
 * @param {readonly number[]} t times of the bars
 * @param {number} instrument
 * @param {number} from
 * @param {number} to
 * @param {number | null} chosen
 * @returns {import("./trip-lines.js").TripLine[]} those in view, or only the chosen one where they are too many
 */
function tripLines(data, t, instrument, from, to, chosen) {
  const { id, entry, exit, entryPrice, exitPrice, profit } = data.trips;
  const barTime = (/** @type {number} */ time) => t[Math.max(0, lastAtMost(t, time))] ?? 0;
  const inView = id
    .map((_id, index) => index)
    .filter((i) => data.trips.instrument[i] === instrument && (entry[i] ?? 0) <= to && (exit[i] ?? Number.POSITIVE_INFINITY) >= from);
  const drawn = inView.length <= TRIP_LINES_AT_MOST ? inView : inView.filter((i) => i === chosen);
  return drawn.flatMap((i) => {
    const toPrice = exitPrice[i] ?? null;
    if (toPrice === null) return [];
    const end = barTime(exit[i] ?? t.at(-1) ?? 0);
    return [{ id: id[i] ?? 0, from: barTime(entry[i] ?? 0), to: end, fromPrice: entryPrice[i] ?? 0, toPrice, gain: (profit[i] ?? 0) >= 0 }];
  });
}
