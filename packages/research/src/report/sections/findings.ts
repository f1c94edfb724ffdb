import { escapeHtml } from "../escape-html.ts";
import { formatNumber, formatSignedPercent } from "../format-report.ts";
import type { AmbiguityTable, ReportFinding } from "../report-model.ts";

const ORDER = ["serious", "warning", "note"] as const;
const LABELS = { serious: "Serious", warning: "Warning", note: "Note" } as const;
/** Shape and word carry the severity; colour only repeats them. */
const SIGNS = { serious: "M8 1 15 14H1z", warning: "M8 1 15 8 8 15 1 8z", note: "M8 1a7 7 0 1 0 .01 0z" } as const;

/** Cards, the gravest first. */
export function renderFindings(findings: readonly ReportFinding[]): string {
  if (findings.length === 0) return `<p class="empty">No finding: none of the automatic checks had anything to report.</p>`;
  const ordered = ORDER.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  return `<ul class="findings">${ordered.map(card).join("")}</ul>`;
}

/** How many findings of each severity, for the line under the heading. */
export function countFindings(findings: readonly ReportFinding[]): string {
  const counts = ORDER.map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const);
  const plural = (count: number, severity: (typeof ORDER)[number]): string => (count === 1 || severity === "serious" ? "" : "s");
  return counts
    .flatMap(([count, severity]) => (count === 0 ? [] : `${count} ${LABELS[severity].toLowerCase()}${plural(count, severity)}`))
    .join(" · ");
}

function card({ severity, title, text }: ReportFinding): string {
  const sign = `<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="${SIGNS[severity]}"/></svg>`;
  return (
    `<li class="card finding severity-${severity}"><p class="label">${sign}${LABELS[severity]}</p>` +
    `<h3>${escapeHtml(title)}</h3><p>${escapeHtml(text)}</p></li>`
  );
}

const PATHS = [
  ["worst", "Worst case", "Inside each bar, the extreme against the position comes first."],
  ["nearest", "Nearest extreme first", "The extreme nearer to the open comes first."],
  ["best", "Best case", "The extreme in favour of the position comes first."],
] as const;

/** Final equity under the three orders of events inside the bars, against the one that the report shows. */
export function renderAmbiguity(table: AmbiguityTable, currency: string, decimals: number): string {
  const shown = table[table.used];
  const rows = PATHS.map(([path, name, meaning]) => {
    const equity = table[path];
    const difference =
      equity === null || shown === null || shown === 0 || path === table.used ? "" : formatSignedPercent(equity / shown - 1, 2);
    const badge = path === table.used ? ` <span class="badge">shown in this report</span>` : "";
    return (
      `<tr><th scope="row">${name}${badge}<small>${meaning}</small></th>` +
      `<td>${equity === null ? "n/a" : escapeHtml(formatNumber(equity, decimals))}</td><td>${escapeHtml(difference)}</td></tr>`
    );
  });
  const fills = `${table.fills.toLocaleString("en-US")} ${table.fills === 1 ? "fill depends" : "fills depend"}`;
  return (
    `<div class="card ambiguity"><h3>Order of events inside the bars</h3>` +
    `<p class="note">${fills} on the path that the price took inside its bar, which bars do not tell.</p>` +
    `<table class="plain"><thead><tr><th scope="col">Path</th><th scope="col">Final equity, ${escapeHtml(currency)}</th>` +
    `<th scope="col">Difference</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`
  );
}
