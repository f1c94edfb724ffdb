import { logSplits, moneyLabels, timeLabels, valueAxisWidth } from "./axis-labels.js";
import { formatFixed, formatPercent, formatTime } from "./format.js";
import { elementById, lineCharts } from "./libraries.js";
import { nearest } from "./sorted-search.js";
import { color, onThemeChange } from "./theme.js";

/**
 * Equity with its benchmark, and the drawdown below it.
 * @param {import("../report-data.ts").ReportData} data
 * @param {import("./time-range.js").TimeRange} range
 * @param {(seconds: number | null) => void} onPoint called with the time that the reader points at
 * @returns {{ pointAt: (seconds: number | null) => void, setLogScale: (on: boolean) => void }}
 */
export function createEquityCharts(data, range, onPoint) {
  const { t, equity, drawdown, benchmark } = data.equity;
  // The strategy comes last, so that its line lies on top.
  const columns = benchmark === null ? [t, equity] : [t, benchmark, equity];
  const width = valueAxisWidth(data);
  const worst = deepestDrawdown(drawdown);
  let logScale = false;
  /** @type {import("uplot")[]} */
  let plots = [];

  /** @param {number | null} at */
  const readOut = (at) => {
    const index = at ?? t.length - 1;
    if (index < 0) return;
    const money = (/** @type {number | undefined} */ value) => formatFixed(value ?? 0, data.moneyDecimals);
    const beside = benchmark === null ? "" : `   ${data.equity.benchmarkName} ${money(benchmark[index])}`;
    elementById("equity-readout").textContent = `${formatTime(t[index] ?? 0)}   ${money(equity[index])}${beside}`;
    elementById("drawdown-readout").textContent = formatPercent(drawdown[index] ?? 0);
  };

  /** @param {import("uplot")} plot */
  const pointed = (plot) => {
    if (plot.cursor.event == null) return;
    const index = plot.cursor.idx ?? null;
    const outside = (plot.cursor.left ?? -1) < 0 || index === null;
    readOut(outside ? null : index);
    onPoint(outside ? null : (t[index] ?? null));
  };

  /** @param {import("uplot")} plot */
  const zoomed = (plot) => {
    const { min, max } = plot.scales["x"] ?? {};
    if (min != null && max != null) range.set({ from: min, to: max }, "equity");
  };

  const draw = () => {
    for (const plot of plots) plot.destroy();
    const equityAxis = { ...valueAxis(width, moneyLabels), ...(logScale ? logAxis() : {}) };
    const shared = { hooks: { setCursor: [pointed], setScale: [zoomed] } };
    plots = [
      new lineCharts(
        {
          ...frame("equity-chart", shared.hooks),
          scales: { x: { time: true }, y: logScale ? { distr: 3, range: (_plot, min, max) => [min * 0.97, max * 1.03] } : {} },
          axes: [{ ...timeAxis(), values: (_plot, splits) => splits.map(() => ""), size: 6 }, equityAxis],
          series: [{}, ...(benchmark === null ? [] : [line("benchmark", 1.1)]), line("accent", 1.75)],
          plugins: [shade(worst, t)],
        },
        /** @type {import("uplot").AlignedData} */ (/** @type {unknown} */ (columns)),
        elementById("equity-chart"),
      ),
      new lineCharts(
        {
          ...frame("drawdown-chart", shared.hooks),
          scales: { x: { time: true }, y: { range: (_plot, min) => [Math.min(min, -1e-4) * 1.06, 0] } },
          axes: [timeAxis(), valueAxis(width, (splits) => moneyLabels(splits.map((ratio) => ratio * 100)))],
          series: [{}, { ...line("loss", 1.25), fill: () => color("loss-area"), fillTo: 0 }],
        },
        /** @type {import("uplot").AlignedData} */ (/** @type {unknown} */ ([t, drawdown])),
        elementById("drawdown-chart"),
      ),
    ];
    const { from, to } = range.now();
    for (const plot of plots) plot.setScale("x", { min: from, max: to });
  };

  draw();
  readOut(null);
  range.listen(({ from, to }) => {
    for (const plot of plots) plot.setScale("x", { min: from, max: to });
  });
  onThemeChange(() => {
    for (const plot of plots) plot.redraw(false, true);
  });
  new ResizeObserver(() => {
    for (const plot of plots) plot.setSize(sizeOf(/** @type {HTMLElement} */ (plot.root.parentElement)));
  }).observe(elementById("equity-chart"));

  return {
    pointAt(seconds) {
      const index = seconds === null ? null : nearest(t, seconds);
      readOut(index);
      for (const plot of plots) {
        const left = index === null ? -10 : plot.valToPos(t[index] ?? 0, "x");
        plot.setCursor({ left, top: -10 }, false);
      }
    },
    setLogScale(on) {
      logScale = on;
      draw();
    },
  };
}

/** @param {HTMLElement} box */
function sizeOf(box) {
  return { width: box.clientWidth, height: box.clientHeight };
}

/**
 * @param {string} id
 * @param {import("uplot").Hooks.Arrays} hooks
 */
function frame(id, hooks) {
  return {
    ...sizeOf(elementById(id)),
    hooks,
    padding: /** @type {import("uplot").Padding} */ ([8, 0, 0, 0]),
    legend: { show: false },
    tzDate: (/** @type {number} */ seconds) => lineCharts.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    cursor: {
      sync: { key: "report", setSeries: false, scales: /** @type {[string, null]} */ (["x", null]) },
      y: false,
      drag: { x: true, y: false, setScale: true },
      points: { size: 7 },
    },
  };
}

/**
 * @param {string} name of the colour
 * @param {number} width
 * @returns {import("uplot").Series}
 */
function line(name, width) {
  return { stroke: () => color(name), width, points: { show: false }, spanGaps: true };
}

/** @returns {import("uplot").Axis} */
function timeAxis() {
  return {
    stroke: () => color("muted"),
    font: axisFont(),
    grid: grid(),
    ticks: { show: false },
    size: 26,
    gap: 4,
    space: 64,
    // A label is centred on its line; at the left edge half of it would be cut off.
    values: (plot, splits, _axis, _space, step) =>
      timeLabels(splits, step).map((label, i) => (plot.valToPos(splits[i] ?? 0, "x") < 3.5 * label.length ? "" : label)),
  };
}

/**
 * Left to itself, the library labels whole decades, between which most equity curves live.
 * @returns {Partial<import("uplot").Axis>}
 */
function logAxis() {
  return { splits: (_plot, _axis, min, max) => logSplits(min, max), filter: (_plot, splits) => splits };
}

/**
 * @param {number} width
 * @param {(splits: readonly number[]) => string[]} labels
 * @returns {import("uplot").Axis}
 */
function valueAxis(width, labels) {
  return {
    side: 1,
    stroke: () => color("muted"),
    font: axisFont(),
    grid: grid(),
    ticks: { show: false },
    size: width,
    gap: 6,
    space: 28,
    values: (_plot, splits) => labels(splits),
  };
}

function grid() {
  return { stroke: () => color("grid"), width: 1 };
}

function axisFont() {
  return `11px ${getComputedStyle(document.body).fontFamily}`;
}

/**
 * From the peak before the deepest point to the recovery after it, or to the end.
 * @param {readonly number[]} drawdown
 */
function deepestDrawdown(drawdown) {
  let low = 0;
  for (let i = 1; i < drawdown.length; i++) if ((drawdown[i] ?? 0) < (drawdown[low] ?? 0)) low = i;
  let from = low;
  while (from > 0 && (drawdown[from] ?? 0) < 0) from--;
  let to = low;
  while (to < drawdown.length - 1 && (drawdown[to] ?? 0) < 0) to++;
  return { from, to };
}

/**
 * Tints the span of the deepest drawdown behind the equity line.
 * @param {{ from: number, to: number }} span
 * @param {readonly number[]} t
 * @returns {import("uplot").Plugin}
 */
function shade(span, t) {
  return {
    hooks: {
      drawClear: (plot) => {
        const { left, top, width, height } = plot.bbox;
        const from = Math.max(left, plot.valToPos(t[span.from] ?? 0, "x", true));
        const to = Math.min(left + width, plot.valToPos(t[span.to] ?? 0, "x", true));
        if (to <= from || span.from === span.to) return;
        plot.ctx.fillStyle = color("loss-tint");
        plot.ctx.fillRect(from, top, to - from, height);
      },
    },
  };
}
