import { formatTimeUs } from "@tradepulse/core";
import { escapeHtml, integrityOf, pageStyle } from "@tradepulse/research";
import { counted, moneyText } from "../terminal/number-text.ts";
import { type BridgeRow, CAUSE_MEANINGS } from "./bridge.ts";
import { barCount, largestPairs, type Parity } from "./compare-session.ts";
import type { Fraction } from "./fraction.ts";
import type { OrderPair } from "./match-orders.ts";

const LARGEST = 25;
const OWN_STYLE = `
.bridge-chart { width: 100%; height: auto; display: block; padding: 14px 18px; box-sizing: border-box; }
.bridge-chart text { font: 13px system-ui, sans-serif; fill: var(--muted); }
.bridge-chart .amount { fill: var(--text); font-variant-numeric: tabular-nums; }
.bridge-chart .total { fill: var(--benchmark); }
.bridge-chart .up { fill: var(--gain); }
.bridge-chart .down { fill: var(--loss); }
.bridge-chart .axis { stroke: var(--line); }
.number { text-align: right !important; font-variant-numeric: tabular-nums; white-space: nowrap; }
.total-row th, .total-row td { font-weight: 620 !important; }
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
  const [left, right, row] = [120, 150, 34];
  const width = 900;
  // Steps are small beside the profits they lie between: the scale begins where the first of them does, and says so.
  const low = Math.min(...bars.map((bar) => bar.low));
  const high = Math.max(...bars.map((bar) => bar.high));
  const span = high - low || 1;
  const x = (value: number): number => left + ((value - low) / span) * (width - left - right);
  const lines = bars.map(({ label, low: from, high: to, kind, text }, k) => {
    const y = k * row + 8;
    const length = Math.max(2, x(to) - x(from));
    return (
      `<text x="${left - 12}" y="${y + 15}" text-anchor="end">${escapeHtml(label)}</text>` +
      `<rect class="${kind}" x="${x(from).toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="20" rx="3"/>` +
      `<text class="amount" x="${(x(to) + 10).toFixed(1)}" y="${y + 15}">${escapeHtml(text)}</text>`
    );
  });
  const zero = low <= 0 && high >= 0 ? `<line class="axis" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${bars.length * row + 4}"/>` : "";
  return `<svg class="bridge-chart" viewBox="0 0 ${width} ${bars.length * row + 8}" role="img" aria-label="Bridge from the backtest to the session">${zero}${lines.join("")}</svg>`;
}

function rowsTable(parity: Parity): string {
  const rows = parity.bridge.rows.map((row) => causeRow(parity, row));
  const total = `<tr class="total-row"><th scope="row">Difference</th><td class="number">${money(parity, parity.bridge.difference, true)}</td><td class="number"></td><td>The sum of the rows, to the last digit.</td></tr>`;
  return table(["Cause", "Amount", "Orders", "Meaning"], [1, 2], [...rows, total]);
}

function causeRow(parity: Parity, { cause, amount, orders }: BridgeRow): string {
  return `<tr><th scope="row">${escapeHtml(cause)}</th><td class="number">${money(parity, amount, true)}</td><td class="number">${orders}</td><td>${escapeHtml(CAUSE_MEANINGS[cause])}</td></tr>`;
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
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}<td class="number">${money(parity, amount, true)}</td></tr>`;
  });
  return table(["Decided", "Order", "Reason", "Session", "Backtest", "Amount"], [5], rows);
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

function table(titles: readonly string[], numbers: readonly number[], rows: readonly string[]): string {
  const head = titles.map((title, k) => `<th scope="col"${numbers.includes(k) ? ' class="number"' : ""}>${title}</th>`).join("");
  const header = titles.some((title) => title !== "") ? `<thead><tr>${head}</tr></thead>` : "";
  return `<div class="card"><table class="plain">${header}<tbody>${rows.join("")}</tbody></table></div>`;
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
