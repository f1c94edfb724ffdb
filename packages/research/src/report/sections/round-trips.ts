import { escapeHtml } from "../escape-html.ts";
import { shownRoundTrips } from "../report-data.ts";
import type { ReportModel } from "../report-model.ts";

/** The frame of the round-trip table; the page's script fills it a page at a time. */
export function renderRoundTrips(model: ReportModel): string {
  const total = model.roundTrips.length;
  if (total === 0) return `<p class="empty">No position was opened, so there is no round trip.</p>`;
  const shown = shownRoundTrips(model.roundTrips).length;
  const count = (n: number): string => n.toLocaleString("en-US");
  const note =
    shown === total
      ? "Net of fees. Choose a number to see the round trip in the price chart. round-trips.csv holds the same rows."
      : `Net of fees. These are the ${count(shown)} round trips out of ${count(total)} that moved the most money; round-trips.csv has all.`;
  return (
    `<div class="toolbar"><div class="filters" id="trip-filters" role="group" aria-label="Which round trips"></div>` +
    `<label class="sort-choice">Sort by <select id="trip-sort"></select></label></div>` +
    `<div class="card table-card"><div class="scroll" tabindex="0" role="region" aria-label="Round trips">` +
    `<table class="trips" role="table"><caption class="sr">Round trips, profit in ${escapeHtml(model.currency)}</caption>` +
    `<thead role="rowgroup"><tr role="row" id="trip-head"></tr></thead><tbody role="rowgroup" id="trip-body"></tbody></table></div>` +
    `<nav class="pager" aria-label="Pages of round trips" id="trip-pager"></nav></div><p class="note">${escapeHtml(note)}</p>`
  );
}
