import { startChartKeys, startRangeButtons } from "./chart-controls.js";
import { startDefinitionTips } from "./definition-tips.js";
import { createEquityCharts } from "./equity-charts.js";
import { elementById, readReportData } from "./libraries.js";
import { createPriceChart } from "./price-chart.js";
import { startRoundTripTable } from "./round-trip-table.js";
import { startTheme } from "./theme.js";
import { createTimeRange } from "./time-range.js";

/** Puts the page together: each chart hears where the reader points in the other, and all share one range of time. */
function startReport() {
  const data = readReportData();
  startTheme();
  startDefinitionTips();
  const times = [data.equity.t, ...data.prices.map(({ t }) => t)].filter((t) => t.length > 1);
  if (times.length > 0) startCharts(data, times);
  else if (data.trips.id.length > 0) startRoundTripTable(data, () => {});
  for (const details of document.querySelectorAll("details.manifest")) {
    window.addEventListener("beforeprint", () => details.setAttribute("open", ""));
  }
}

/**
 * @param {import("../report-data.ts").ReportData} data
 * @param {readonly (readonly number[])[]} times at least one, each with two points or more
 */
function startCharts(data, times) {
  const from = Math.min(...times.map((t) => t[0] ?? 0));
  const to = Math.max(...times.map((t) => t.at(-1) ?? 0));
  const range = createTimeRange({ from, to }, Math.min(to - from, Math.min(...times.map((t) => 8 * ((to - from) / t.length)))));
  const hasPrices = data.prices.some(({ t }) => t.length > 1);

  /** @type {ReturnType<typeof createPriceChart> | null} */
  let price = null;
  const equity = createEquityCharts(data, range, (seconds) => price?.pointAt(seconds));
  if (hasPrices) price = createPriceChart(data, range, (seconds) => equity.pointAt(seconds));

  startRangeButtons(range);
  startChartKeys(range);
  const log = elementById("log-scale");
  log.addEventListener("click", () => {
    const on = log.getAttribute("aria-pressed") !== "true";
    log.setAttribute("aria-pressed", String(on));
    equity.setLogScale(on);
  });
  const instrument = /** @type {HTMLSelectElement | null} */ (document.getElementById("instrument"));
  instrument?.addEventListener("change", () => price?.showInstrument(Number(instrument.value)));

  if (data.trips.id.length === 0) return;
  startRoundTripTable(data, (index) => {
    const place = data.trips.instrument[index] ?? -1;
    if (instrument !== null && place >= 0 && instrument.value !== String(place)) {
      instrument.value = String(place);
      price?.showInstrument(place);
    }
    price?.chooseTrip(index);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    document.getElementById("price-chart")?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  });
}

startReport();
