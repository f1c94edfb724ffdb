import { escapeHtml } from "../escape-html.ts";
import type { InlinedLibrary } from "../inline-assets.ts";
import type { ConfigurationRow, JsonValue, ReportFooter } from "../report-model.ts";

/** Key, value and where the value came from. */
export function renderConfiguration(rows: readonly ConfigurationRow[]): string {
  if (rows.length === 0) return `<p class="empty">No configuration was recorded.</p>`;
  const body = rows.map(
    ({ key, value, origin }) =>
      `<tr><th scope="row"><code>${escapeHtml(key)}</code></th><td><code>${escapeHtml(value)}</code></td>` +
      `<td><span class="origin${origin === "default" ? " quiet" : ""}">${escapeHtml(origin)}</span></td></tr>`,
  );
  return (
    `<div class="card"><table class="plain configuration"><thead><tr><th scope="col">Setting</th><th scope="col">Value</th>` +
    `<th scope="col">Origin</th></tr></thead><tbody>${body.join("")}</tbody></table></div>`
  );
}

export function renderManifest(manifest: JsonValue): string {
  const text = escapeHtml(JSON.stringify(manifest, null, 2));
  return `<details class="card manifest"><summary>Run manifest</summary><pre tabindex="0" aria-label="Run manifest as JSON">${text}</pre></details>`;
}

/** Engine, fingerprint of the run, and what the licences of the inlined libraries ask for. */
export function renderFooter(footer: ReportFooter, libraries: readonly InlinedLibrary[]): string {
  const created = footer.createdAt === undefined ? "" : `<div><dt>Created</dt><dd>${escapeHtml(footer.createdAt)}</dd></div>`;
  const licences = libraries
    .map(
      ({ name, version, licenceName, licence }) =>
        `<h4>${name} ${version} · ${licenceName}</h4><pre tabindex="0" aria-label="Licence of ${name}">${escapeHtml(licence)}</pre>`,
    )
    .join("");
  return (
    `<footer><dl class="fingerprint"><div><dt>Engine</dt><dd>TradePulse ${escapeHtml(footer.engineVersion)}</dd></div>` +
    `<div><dt>Run hash</dt><dd><code>${escapeHtml(footer.runHash)}</code></dd></div>${created}</dl>` +
    `<p>Price chart: TradingView Lightweight Charts™, Copyright © TradingView, Inc. ` +
    `<a href="https://www.tradingview.com/" rel="noopener noreferrer">https://www.tradingview.com/</a>. Equity and drawdown: µPlot, Copyright © Leon Sorokin. ` +
    `This file holds all it needs and loads nothing from the network.</p>` +
    `<details><summary>Licences of the inlined libraries</summary>${licences}</details></footer>`
  );
}
