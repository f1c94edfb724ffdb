import { escapeHtml } from "../escape-html.ts";
import { formatInstant, formatNumber, formatSignedPercent } from "../format-report.ts";
import type { ReportModel } from "../report-model.ts";

/**
 * The frames of equity, drawdown and price. The page's script draws into them; each says in words what it shows.
 *
 * @param equityPoints how many points of the equity the page draws
 */
export function renderCharts(model: ReportModel, equityPoints: number): string {
  if (equityPoints < 2 && model.prices.every(({ openUs }) => openUs.length < 2))
    return `<p class="empty">The run recorded nothing to draw.</p>`;
  const synthetic = model.synthetic ? ` <span class="badge synthetic">synthetic data</span>` : "";
  const benchmark =
    model.equity.benchmark === undefined
      ? ""
      : `<span class="key benchmark">${escapeHtml(model.equity.benchmarkName ?? "Benchmark")}</span>`;
  const price = model.prices.length === 0 ? "" : priceFrame(model, synthetic);
  return (
    `<div class="toolbar"><div class="ranges" id="ranges" role="group" aria-label="Time range"></div>` +
    `<button type="button" id="log-scale" aria-pressed="false">Log scale</button></div>` +
    `<div class="card charts" id="charts" tabindex="0" role="group" aria-label="Charts. Arrow keys move in time, plus and minus zoom, zero shows everything.">` +
    `<figure aria-label="${escapeHtml(describeEquity(model))}"><figcaption><strong>Equity</strong><span>${escapeHtml(model.currency)}</span>${synthetic}` +
    `<span class="keys"><span class="key equity">Strategy</span>${benchmark}<span class="key worst">Deepest drawdown</span></span>` +
    `<output id="equity-readout" aria-live="off"></output></figcaption><div class="plot" id="equity-chart"></div></figure>` +
    `<figure aria-label="${escapeHtml(describeDrawdown(model))}"><figcaption><strong>Drawdown</strong><span>% of the running peak</span>${synthetic}` +
    `<output id="drawdown-readout" aria-live="off"></output></figcaption><div class="plot" id="drawdown-chart"></div></figure>${price}</div>` +
    `<p class="note">Times are UTC. Drag across the equity to zoom and double-click to see everything again; drag the price to move in time; ` +
    `pinch, or hold Ctrl and turn the wheel, to zoom. ${escapeHtml(densityNote(model, equityPoints))}</p>` +
    `<noscript><p class="note">The charts and the round trips need JavaScript. Everything else on this page does without.</p></noscript>`
  );
}

function priceFrame(model: ReportModel, synthetic: string): string {
  const choice =
    model.prices.length === 1
      ? escapeHtml(model.prices[0]!.instrumentId)
      : `<label class="sr" for="instrument">Instrument</label><select id="instrument">${model.prices
          .map(({ instrumentId }, index) => `<option value="${index}">${escapeHtml(instrumentId)}</option>`)
          .join("")}</select>`;
  return (
    `<figure aria-label="${escapeHtml(`Prices with ${model.markers.length} fills; the round trips below list them in words.`)}">` +
    `<figcaption><strong>Price</strong><span>${choice}</span>${synthetic}<span class="keys"><span class="key buy">Buy</span><span class="key sell">Sell</span>` +
    `<span class="key trip">Round trip</span></span><output id="price-readout" aria-live="off"></output></figcaption>` +
    `<div class="plot" id="price-chart"></div><p class="note" id="price-note"></p></figure>`
  );
}

function describeEquity({ equity, currency, moneyDecimals, subtitle }: ReportModel): string {
  const count = equity.equity.length;
  if (count === 0) return "Equity: no point was recorded.";
  const money = (at: number): string => `${formatNumber(equity.equity[at]!, moneyDecimals)} ${currency}`;
  return `Equity from ${money(0)} to ${money(count - 1)} between ${formatInstant(subtitle.fromUs)} and ${formatInstant(subtitle.toUs)}.`;
}

function describeDrawdown({ equity }: ReportModel): string {
  let deepest = 0;
  for (let i = 1; i < equity.drawdown.length; i++) if (equity.drawdown[i]! < equity.drawdown[deepest]!) deepest = i;
  if (equity.drawdown.length === 0) return "Drawdown: no point was recorded.";
  return `Drawdown, at its deepest ${formatSignedPercent(equity.drawdown[deepest]!, 1)} on ${formatInstant(equity.timeUs[deepest]!)}.`;
}

function densityNote({ equity }: ReportModel, shown: number): string {
  const total = equity.equity.length;
  if (shown === total) return "";
  return `Equity and drawdown draw ${count(shown)} of ${count(total)} points, every peak and trough among them.`;
}

const count = (n: number): string => n.toLocaleString("en-US");
