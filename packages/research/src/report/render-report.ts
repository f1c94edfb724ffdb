import { embedJson, escapeHtml } from "./escape-html.ts";
import { formatInstant } from "./format-report.ts";
import { type InlineAssets, inlineAssets, integrityOf } from "./inline-assets.ts";
import { reportData } from "./report-data.ts";
import type { ReportModel } from "./report-model.ts";
import { renderCharts } from "./sections/charts.ts";
import { renderMetrics, renderTiles } from "./sections/figures.ts";
import { countFindings, renderAmbiguity, renderFindings } from "./sections/findings.ts";
import { renderHeatMap } from "./sections/heat-map.ts";
import { renderConfiguration, renderFooter, renderManifest } from "./sections/provenance.ts";
import { renderRoundTrips } from "./sections/round-trips.ts";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly aside?: string;
  readonly body: string;
}

/**
 * The report of a backtest as one HTML document that opens offline: libraries, script, style and data are inside, and
 * its content security policy forbids every request. The same model gives the same text.
 *
 * @returns a document of about half a megabyte, and below 3 MB however many bars, fills and round trips the run had
 */
export function renderReport(model: ReportModel): string {
  const assets = inlineAssets();
  const data = reportData(model);
  const sections = sectionsOf(model, data.equity.t.length);
  return [
    `<!doctype html>`,
    `<html lang="en">`,
    head(model, assets),
    `<body>`,
    `<a class="skip" href="#overview">Skip to the report</a>`,
    topBar(sections),
    `<main>`,
    masthead(model),
    ...sections.map(section),
    `</main>`,
    renderFooter(model.footer, assets.libraries),
    `<div id="tip" role="tooltip" hidden></div>`,
    `<script type="application/json" id="report-data">${embedJson(data)}</script>`,
    ...assets.libraries.map(({ script }) => `<script>${script}</script>`),
    `<script>${assets.client}</script>`,
    `</body>`,
    `</html>`,
    ``,
  ].join("\n");
}

function sectionsOf(model: ReportModel, equityPoints: number): Section[] {
  const { ambiguity } = model;
  const inside = ambiguity === null ? "" : renderAmbiguity(ambiguity, model.currency, model.moneyDecimals);
  return [
    { id: "charts-section", title: "Charts", body: renderCharts(model, equityPoints) },
    { id: "findings", title: "Findings", aside: countFindings(model.findings), body: renderFindings(model.findings) + inside },
    { id: "months", title: "Months", aside: "return in %", body: `<div class="card heat-card">${renderHeatMap(model.monthly)}</div>` },
    { id: "metrics", title: "Metrics", aside: "point at a name, or tap it, for its definition", body: renderMetrics(model.figures) },
    { id: "round-trips", title: "Round trips", aside: model.roundTrips.length.toLocaleString("en-US"), body: renderRoundTrips(model) },
    { id: "configuration", title: "Configuration", body: renderConfiguration(model.configuration) + renderManifest(model.manifest) },
  ];
}

function head(model: ReportModel, assets: InlineAssets): string {
  const scripts = [assets.boot, ...assets.libraries.map(({ script }) => script), assets.client].map(integrityOf).join(" ");
  const policy = `default-src 'none'; script-src ${scripts}; style-src ${integrityOf(assets.style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return [
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="color-scheme" content="light dark">`,
    `<meta name="referrer" content="no-referrer">`,
    `<title>${escapeHtml(model.title)} · TradePulse backtest</title>`,
    `<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 9h3l2-6 4 11 2-5h3' fill='none' stroke='%233056d3' stroke-width='2'/%3E%3C/svg%3E">`,
    `<script>${assets.boot}</script>`,
    `<style>${assets.style}</style>`,
    `</head>`,
  ].join("\n");
}

function topBar(sections: readonly Section[]): string {
  const links = [{ id: "overview", title: "Overview" }, ...sections].map(({ id, title }) => `<a href="#${id}">${title}</a>`);
  const mark = `<svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true"><path d="M1 9h3l2-6 4 11 2-5h3"/></svg>`;
  return (
    `<header class="bar"><span class="brand">${mark}TradePulse</span><nav aria-label="Sections" tabindex="-1">${links.join("")}</nav>` +
    `<button type="button" id="theme-toggle" aria-label="Switch between light and dark"><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">` +
    `<path d="M8 1.5a6.5 6.5 0 1 0 0 13z"/><circle cx="8" cy="8" r="6.5"/></svg></button></header>`
  );
}

function masthead(model: ReportModel): string {
  const { instrumentIds, fromUs, toUs, bars, interval } = model.subtitle;
  const instruments = instrumentIds.length > 4 ? [...instrumentIds.slice(0, 3), `and ${instrumentIds.length - 3} more`] : instrumentIds;
  const facts = [
    model.strategyName,
    instruments.join(", "),
    `${formatInstant(fromUs)} to ${formatInstant(toUs)}`,
    `${bars.toLocaleString("en-US")} bars of ${interval}`,
  ];
  const warning = model.synthetic
    ? `<p class="banner" role="note"><strong>Synthetic data.</strong> Prices in this run were generated, not observed. The result says nothing about any market.</p>`
    : "";
  return (
    `<div class="masthead" id="overview"><p class="eyebrow">Backtest report</p><h1>${escapeHtml(model.title)}</h1>` +
    `<div class="clip"><p class="facts">${facts.map((fact) => `<span>${escapeHtml(fact)}</span>`).join("")}</p></div>${warning}${renderTiles(model)}</div>`
  );
}

function section({ id, title, aside, body }: Section): string {
  const small = aside === undefined || aside === "" ? "" : ` <small>${escapeHtml(aside)}</small>`;
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}${small}</h2>${body}</section>`;
}
