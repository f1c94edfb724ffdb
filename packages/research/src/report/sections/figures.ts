import { escapeHtml } from "../escape-html.ts";
import type { ReportFigure, ReportModel } from "../report-model.ts";

/** The tiles at the top: the figures named by `headline`, in its order. */
export function renderTiles(model: ReportModel): string {
  const byId = new Map(model.figures.map((figure) => [figure.id, figure]));
  const tiles = model.headline.flatMap((id) => byId.get(id) ?? []);
  if (tiles.length === 0) return "";
  return `<dl class="tiles">${tiles.map((figure, index) => `<div class="tile">${named(figure, `tile-${index}`)}</div>`).join("")}</dl>`;
}

/** Every figure under the heading of its group. */
export function renderMetrics(figures: readonly ReportFigure[]): string {
  const groups = Map.groupBy(figures, (figure) => figure.group);
  let index = 0;
  const cards = [...groups].map(
    ([group, members]) =>
      `<section class="card metrics-group"><h3>${escapeHtml(group)}</h3><dl>${members
        .map((figure) => `<div class="metric">${named(figure, `metric-${index++}`)}</div>`)
        .join("")}</dl></section>`,
  );
  return `<div class="metrics">${cards.join("")}</div>`;
}

/** Name with its definition behind it, and value. The name is a button, so that hover, keyboard and finger reach the definition alike. */
function named(figure: ReportFigure, id: string): string {
  const reason = figure.value === null ? (figure.reason ?? "undefined for this run") : "";
  const definition = reason === "" ? figure.definition : `${figure.definition} Not available: ${reason}.`;
  const value =
    reason === ""
      ? `<span class="value ${figure.tone ?? ""}">${escapeHtml(figure.text)}</span>`
      : `<span class="value absent">n/a</span> <span class="reason">${escapeHtml(reason)}</span>`;
  return (
    `<dt><button type="button" class="hint" aria-describedby="${id}">${escapeHtml(figure.title)}</button>` +
    `<span id="${id}" hidden>${escapeHtml(definition)}</span></dt><dd>${value}</dd>`
  );
}
