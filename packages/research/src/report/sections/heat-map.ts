import { escapeHtml } from "../escape-html.ts";
import { formatNumber, formatSignedPercent } from "../format-report.ts";
import type { MonthlyRow } from "../report-model.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LEVELS = 5;

/** Year by month. The colour repeats what the number says: five steps of loss, five of gain, equal in width. */
export function renderHeatMap(rows: readonly MonthlyRow[]): string {
  const known = rows.flatMap(({ months }) => months.flatMap((ratio) => (ratio === null ? [] : [Math.abs(ratio)])));
  if (known.length === 0) return `<p class="empty">No month of this run has a return.</p>`;
  const step = stepOf(known);
  const head = ["Year", ...MONTHS, "Total"].map((name) => `<th role="columnheader" scope="col">${name}</th>`).join("");
  const latestFirst = [...rows].sort((a, b) => b.year - a.year);
  const body = latestFirst.map(({ year, months, total }) => {
    const cells = MONTHS.map((name, index) => monthCell(months[index] ?? null, step, name));
    return `<tr role="row"><th role="rowheader" scope="row">${year}</th>${cells.join("")}${totalCell(total)}</tr>`;
  });
  return (
    `<table class="heat" role="table"><caption class="sr">Return of each month and year in percent</caption>` +
    `<thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${body.join("")}</tbody></table>${legend(step)}`
  );
}

/** Width of one colour step: the 95th percentile of the months' size fills the scale, so that one month does not pale all others. */
function stepOf(sizes: readonly number[]): number {
  const ordered = [...sizes].sort((a, b) => a - b);
  const top = ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * 0.95))]!;
  return Math.max(0.001, Math.ceil((top / LEVELS) * 1000) / 1000);
}

function levelClass(ratio: number, step: number): string {
  const level = Math.min(LEVELS, Math.ceil(Math.abs(ratio) / step));
  if (level === 0) return "flat";
  return `${ratio > 0 ? "up" : "down"}-${level}`;
}

function monthCell(ratio: number | null, step: number, month: string): string {
  if (ratio === null) return `<td role="cell" class="none" data-month="${month}"><span class="sr">no return</span></td>`;
  return `<td role="cell" class="${levelClass(ratio, step)}" data-month="${month}">${escapeHtml(formatNumber(ratio * 100, 1))}</td>`;
}

function totalCell(ratio: number | null): string {
  if (ratio === null) return `<td role="cell" class="total none"></td>`;
  return `<td role="cell" class="total ${ratio < 0 ? "loss" : "gain"}">${escapeHtml(formatSignedPercent(ratio, 1))}</td>`;
}

function legend(step: number): string {
  const swatches = [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5].map((level) => `<i class="${level < 0 ? "down" : "up"}-${Math.abs(level)}"></i>`);
  const edge = escapeHtml(formatNumber(step * LEVELS * 100, 1));
  return `<p class="heat-legend" aria-hidden="true"><span>−${edge} %</span>${swatches.join("")}<span>+${edge} %</span></p>`;
}
