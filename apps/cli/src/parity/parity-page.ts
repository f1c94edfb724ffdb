import { formatTimeUs } from "@tradepulse/core";
import { escapeHtml, integrityOf, pageStyle } from "@tradepulse/research";
import { counted, moneyText } from "../terminal/number-text.ts";
import { type BridgeRow, CAUSE_MEANINGS } from "./bridge.ts";
import { barCount, largestPairs, type Parity } from "./compare-session.ts";
import type { Fraction } from "./fraction.ts";
import type { OrderPair } from "./match-orders.ts";

const LARGEST = 25;
const ORDER_TITLES = ["Decided", "Order", "Reason", "Session", "Backtest", "Amount"] as const;
const OWN_STYLE = `
.bridge-chart { display: grid; grid-template-columns: max-content 1fr max-content; gap: 10px 14px; align-items: center; padding: 16px 18px; }
.bridge-step { display: contents; }
.bridge-label { color: var(--muted); text-align: right; }
.bridge-amount { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.bridge-bar { width: 100%; height: 20px; display: block; }
.bridge-bar .total { fill: var(--benchmark); }
.bridge-bar .up { fill: var(--gain); }
.bridge-bar .down { fill: var(--loss); }
.bridge-bar .axis { stroke: var(--line); vector-effect: non-scaling-stroke; }
.plain th { overflow-wrap: break-word; }
.number { text-align: right !important; font-variant-numeric: tabular-nums; white-space: nowrap; }
.total-row th, .total-row td { font-weight: 620 !important; }
@media (max-width: 620px) {
  .bridge-chart { grid-template-columns: 1fr max-content; gap: 4px 12px; }
  .bridge-label { text-align: left; }
  .bridge-bar { grid-column: 1 / -1; grid-row: auto; margin-bottom: 8px; height: 14px; }
  .bridge-amount { order: 0; }
  .bridge-step { display: grid; grid-template-columns: 1fr max-content; grid-column: 1 / -1; }
  .bridge-step .bridge-bar { order: 1; }
  .stacked thead { display: none; }
  .stacked tr { display: grid; grid-template-columns: 1fr max-content; padding: 8px 0; }
  .stacked th, .stacked td { padding: 2px 12px !important; }
  .stacked .wide { grid-column: 1 / -1; order: 1; }
  .stacked .narrow-off { display: none; }
  .stacked .wide[data-title]::before { content: attr(data-title) " "; color: var(--muted); }
}
`;

/** The bridge of a session as one HTML document that opens offline and asks for nothing. */
export function parityPage(parity: Parity): string {
  const { record } = parity.session;
  const style = `${pageStyle()}\n${OWN_STYLE}`;
  const policy = `default-src 'none'; style-src ${integrityOf(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const title = `${record.strategy.name} · parity`;
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(title)} · TradePulse</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    "<main>",
    masthead(parity),
    section("bridge", "Bridge", "from the backtest to the session", `<div class="card">${chart(parity)}</div>`),
    section("rows", "Causes", "", rowsTable(parity)),
    section("orders", "Orders that differ", differing(parity), ordersTable(parity)),
    section("proof", "Proof", "", proofTable(parity)),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function masthead(parity: Parity): string {
  const { record, replayed } = parity.session;
  const facts = [
    `${record.mode} session`,
    record.instruments.map(({ instrument }) => instrument.id).join(", "),
    counted(barCount(replayed.records), "bar"),
    `started ${formatTimeUs(record.startedUs)}`,
  ];
  const tiles = [
    ["Session", money(parity, parity.sessionProfit, true)],
    ["Backtest", money(parity, parity.backtestProfit, true)],
    ["Difference", money(parity, parity.bridge.difference, true)],
    ["Of the opening money", `${(parity.relative * 100).toFixed(4)} %`],
  ];
  return (
    `<div class="masthead" id="overview"><p class="eyebrow">Parity report</p><h1>${escapeHtml(record.name)}</h1>` +
    `<div class="clip"><p class="facts">${facts.map((fact) => `<span>${escapeHtml(fact)}</span>`).join("")}</p></div>` +
    `<dl class="tiles">${tiles.map(([name, value]) => `<div class="tile"><dt>${name}</dt><dd><span class="value">${escapeHtml(value!)}</span></dd></div>`).join("")}</dl></div>`
  );
}

/** Bars from the profit of the backtest to that of the session, a step for each cause that has one. */
function chart(parity: Parity): string {
  const steps = parity.bridge.rows.filter(({ amount }) => !amount.isZero);
  const from = quoteOf(parity, parity.backtestProfit);
  const to = quoteOf(parity, parity.sessionProfit);
  const bars: { label: string; low: number; high: number; kind: string; text: string }[] = [
    { label: "backtest", low: Math.min(0, from), high: Math.max(0, from), kind: "total", text: money(parity, parity.backtestProfit, true) },
  ];
  let at = from;
  for (const { cause, amount } of steps) {
    const next = at + quoteOf(parity, amount);
    bars.push({
      label: cause,
      low: Math.min(at, next),
      high: Math.max(at, next),
      kind: next >= at ? "up" : "down",
      text: money(parity, amount, true),
    });
    at = next;
  }
  bars.push({
    label: "session",
    low: Math.min(0, to),
    high: Math.max(0, to),
    kind: "total",
    text: money(parity, parity.sessionProfit, true),
  });
  return drawn(bars);
}

function drawn(bars: readonly { label: string; low: number; high: number; kind: string; text: string }[]): string {
  const width = 1_000;
  const low = Math.min(0, ...bars.map((bar) => bar.low));
  const high = Math.max(0, ...bars.map((bar) => bar.high));
  const span = high - low || 1;
  const x = (value: number): number => ((value - low) / span) * width;
  const rows = bars.map(({ label, low: from, high: to, kind, text }) => {
    const length = Math.max(3, x(to) - x(from));
    return (
      `<div class="bridge-step"><span class="bridge-label">${escapeHtml(label)}</span>` +
      `<svg class="bridge-bar" viewBox="0 0 ${width} 20" preserveAspectRatio="none" aria-hidden="true">` +
      `<line class="axis" x1="${x(0).toFixed(1)}" x2="${x(0).toFixed(1)}" y1="0" y2="20"/>` +
      `<rect class="${kind}" x="${Math.min(x(from), width - length).toFixed(1)}" y="1" width="${length.toFixed(1)}" height="18"/></svg>` +
      `<span class="bridge-amount">${escapeHtml(text)}</span></div>`
    );
  });
  return `<div class="bridge-chart" role="group" aria-label="Bridge from the backtest to the session">${rows.join("")}</div>`;
}

function rowsTable(parity: Parity): string {
  const rows = parity.bridge.rows.map((row) => causeRow(parity, row));
  const total = `<tr class="total-row"><th scope="row">Difference</th><td class="number">${money(parity, parity.bridge.difference, true)}</td><td class="number narrow-off"></td><td class="wide">The sum of the rows, to the last digit.</td></tr>`;
  return table(["Cause", "Amount", "Orders", "Meaning"], [1, 2], [...rows, total], "stacked");
}

function causeRow(parity: Parity, { cause, amount, orders }: BridgeRow): string {
  return `<tr><th scope="row">${escapeHtml(cause)}</th><td class="number">${money(parity, amount, true)}</td><td class="number narrow-off">${orders}</td><td class="wide">${escapeHtml(CAUSE_MEANINGS[cause])}</td></tr>`;
}

function ordersTable(parity: Parity): string {
  const pairs = largestPairs(parity, LARGEST);
  if (pairs.length === 0) return `<p class="empty">Every order decided, filled and cost the same.</p>`;
  const rows = pairs.map(([pair, amount]) => {
    const story = (pair.session ?? pair.backtest)!;
    const cells = [
      formatTimeUs(story.decidedUs),
      `${story.side > 0 ? "buy" : "sell"} ${story.type}`,
      story.reason,
      sideText(pair, "session"),
      sideText(pair, "backtest"),
    ];
    const shown = cells.map((cell, k) =>
      k === 0 ? `<td>${escapeHtml(cell)}</td>` : `<td class="wide" data-title="${ORDER_TITLES[k]}">${escapeHtml(cell)}</td>`,
    );
    return `<tr>${shown.join("")}<td class="number">${money(parity, amount, true)}</td></tr>`;
  });
  return table(ORDER_TITLES, [5], rows, "stacked");
}

function sideText(pair: OrderPair, side: "session" | "backtest"): string {
  const story = pair[side];
  if (story === undefined) return "not decided";
  return story.cause === "" ? story.state : `${story.state}: ${story.cause}`;
}

function differing({ bridge }: Parity): string {
  const count = bridge.byPair.size;
  return count <= LARGEST ? counted(count, "order") : `the ${LARGEST} largest of ${count}`;
}

function proofTable(parity: Parity): string {
  const { record, replayed, codeDigest } = parity.session;
  const rows: (readonly [string, string])[] = [
    [
      "Replay",
      parity.isReplaySame
        ? `bit-identical over ${counted(replayed.facts, "fact")} and ${counted(replayed.commands, "command")}`
        : "DIFFERS",
    ],
    ["Run hash of the replay", replayed.runHash],
    ["Event lists", parity.isHashSame ? "equal bit for bit to the backtest" : "other than the backtest's"],
    ["Code digest then", record.strategy.codeDigest ?? ""],
    ["Code digest now", codeDigest],
    ["Reference", parity.reference],
    ["Exact difference", `${parity.bridge.difference.toText(scaleOf(parity))} ${currencyOf(parity)}`],
    ...parity.notes.map((note) => ["Note", note] as const),
  ];
  return table(
    ["", ""],
    [],
    rows.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`),
  );
}

function table(titles: readonly string[], numbers: readonly number[], rows: readonly string[], look = ""): string {
  const head = titles.map((title, k) => `<th scope="col"${numbers.includes(k) ? ' class="number"' : ""}>${title}</th>`).join("");
  const header = titles.some((title) => title !== "") ? `<thead><tr>${head}</tr></thead>` : "";
  return `<div class="card"><table class="${`plain ${look}`.trim()}">${header}<tbody>${rows.join("")}</tbody></table></div>`;
}

function section(id: string, title: string, aside: string, body: string): string {
  const small = aside === "" ? "" : ` <small>${escapeHtml(aside)}</small>`;
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}${small}</h2>${body}</section>`;
}

export function currencyOf({ session }: Parity): string {
  return session.record.instruments[0]!.instrument.quote.code;
}

function scaleOf({ session }: Parity): number {
  return session.record.instruments[0]!.instrument.quote.scale;
}

function quoteOf(parity: Parity, quanta: Fraction): number {
  return quanta.toNumber() / 10 ** scaleOf(parity);
}

/** `+1,234.56 USD` of quanta: six decimals where two would show nothing. */
export function money(parity: Parity, quanta: Fraction, isSigned: boolean): string {
  const value = quoteOf(parity, quanta);
  const decimals = value !== 0 && Math.abs(value) < 0.01 ? 6 : 2;
  const sign = isSigned && value > 0 ? "+" : "";
  return `${sign}${moneyText(value, decimals)} ${currencyOf(parity)}`;
}
