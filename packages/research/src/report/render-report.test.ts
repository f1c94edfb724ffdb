import { US_PER_MINUTE } from "@tradepulse/core";
import { describe, expect, test } from "vitest";
import { renderReport } from "./render-report.ts";
import type { ReportModel } from "./report-model.ts";
import { sp500ReportModel } from "./testing/sp500-report-model.ts";

const model = sp500ReportModel();
const html = renderReport(model);

/** The page without the inlined scripts, styles and data: what a reader sees. */
function visible(page: string): string {
  return page.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, "");
}

describe("renderReport()", () => {
  test("gives the same text for the same model", () => {
    expect(renderReport(sp500ReportModel())).toBe(html);
  });

  test("stays below 1 MB for twenty years of daily bars", () => {
    expect(Buffer.byteLength(html)).toBeLessThan(1_000_000);
  });

  test("stays below 3 MB for a million bars and fifty thousand round trips with a reason of their own each", () => {
    expect(Buffer.byteLength(renderReport(millionBars()))).toBeLessThan(3_000_000);
  });

  test("allows its own scripts and style by hash and forbids every request", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    expect(policy).toContain("default-src &#39;none&#39;");
    expect(policy).not.toContain("unsafe");
    expect(policy.match(/sha256-/g)).toHaveLength(5);
    expect(policy).not.toMatch(/https?:/);
  });

  test("names no resource that a browser would fetch", () => {
    expect(visible(html)).not.toMatch(/\ssrc=|<link[^>]+href="(?!data:)|url\(|@import/);
  });

  test("shows n/a and the reason where a figure has no value", () => {
    const page = visible(html);
    expect(page).toContain(`<span class="value absent">n/a</span> <span class="reason">no slippage model was set</span>`);
    expect(page).toContain("Not available: no benchmark series of returns.");
  });

  test("puts the definition of each figure behind its name", () => {
    expect(visible(html)).toContain("CAGR over the size of the maximum drawdown.");
    expect(visible(html).match(/class="hint"/g)).toHaveLength(model.figures.length + model.headline.length);
  });

  test("shows text from strategies and files as text", () => {
    const evil = `"><img src=x onerror=alert(1)></script><script>alert(1)</script>\u2028`;
    const page = renderReport({
      ...model,
      title: evil,
      strategyName: evil,
      currency: evil,
      subtitle: { ...model.subtitle, instrumentIds: [evil], interval: evil },
      figures: model.figures.map((figure) => ({ ...figure, title: evil, text: evil, definition: evil, group: evil })),
      equity: { ...model.equity, benchmarkName: evil },
      prices: model.prices.map((series) => ({ ...series, instrumentId: evil })),
      markers: model.markers.map((marker) => ({ ...marker, instrumentId: evil, reason: evil, cause: evil })),
      roundTrips: model.roundTrips.map((row) => ({ ...row, instrumentId: evil, entryReason: evil, exitReason: evil })),
      findings: [{ severity: "serious", title: evil, text: evil }],
      configuration: [{ key: evil, value: evil, origin: evil }],
      manifest: { [evil]: evil },
      footer: { engineVersion: evil, runHash: evil, createdAt: evil },
    });
    expect(page).not.toContain("<img");
    expect(page).not.toContain("\u2028</script>");
    expect(page.match(/<script/g)).toHaveLength(html.match(/<script/g)!.length);
    expect(page.match(/<\/script/g)).toHaveLength(html.match(/<\/script/g)!.length);
  });

  test("says at the top and on every chart that data are synthetic, and only then", () => {
    expect(visible(html)).not.toContain("ynthetic data");
    const page = visible(renderReport({ ...model, synthetic: true }));
    expect(page).toContain("<strong>Synthetic data.</strong>");
    expect(page.match(/class="badge synthetic"/g)).toHaveLength(3);
  });

  test("prints each month as a number with a colour class, and leaves months without a return blank", () => {
    const months = Array.from({ length: 12 }, (_, index) => (index === 1 ? -0.041 : null));
    const page = visible(renderReport({ ...model, monthly: [{ year: 2024, months, total: -0.041 }] }));
    expect(page).toContain(`class="down-5" data-month="Feb">−4.1</td>`);
    expect(page).toContain(`<td role="cell" class="total loss">−4.1 %</td>`);
    expect(page.match(/no return/g)).toHaveLength(11);
  });

  test("compares the final equity under the three orders of events inside the bars", () => {
    const page = visible(renderReport({ ...model, ambiguity: { fills: 1, used: "nearest", worst: 90, nearest: 100, best: null } }));
    expect(page).toContain("1 fill depends");
    expect(page).toContain("<td>90.00</td><td>−10.00 %</td>");
    expect(page).toContain("<td>n/a</td>");
    expect(visible(renderReport({ ...model, ambiguity: null }))).not.toContain("Order of events");
  });

  test("is a whole page when a run did nothing", () => {
    const page = visible(renderReport(emptyRun()));
    expect(page).toContain("No position was opened");
    expect(page).toContain("No month of this run has a return.");
    expect(page).toContain("No finding");
  });

  test("carries the licences and attribution of the inlined libraries", () => {
    expect(html).toContain("https://www.tradingview.com/");
    expect(html).toContain("Apache License");
    expect(html).toContain("The MIT License (MIT)");
  });
});

function emptyRun(): ReportModel {
  return {
    ...model,
    headline: [],
    figures: [],
    equity: { timeUs: [], equity: [], drawdown: [] },
    prices: [],
    markers: [],
    roundTrips: [],
    monthly: [],
    findings: [],
    ambiguity: null,
    configuration: [],
    manifest: null,
  };
}

function millionBars(): ReportModel {
  const length = 1_000_000;
  const start = model.subtitle.fromUs;
  const openUs = Float64Array.from({ length }, (_, index) => start + index * US_PER_MINUTE);
  const close = Float64Array.from({ length }, (_, index) => 40_000 + 5_000 * Math.sin(index / 30_000) + 300 * Math.sin(index / 7));
  const equity = close.map((price) => 3 * price);
  const [fill, trip] = [model.markers[0]!, model.roundTrips[0]!];
  const times = Array.from({ length: 50_000 }, (_, index) => start + index * 20 * US_PER_MINUTE);
  const reason = (index: number): string => `z-score of ${(index / 977).toFixed(6)} left the band of 2.5 deviations`;
  const instrumentId = "BTC-USDT@BINANCE";
  return {
    ...model,
    equity: { timeUs: openUs, equity, drawdown: equity.map((value) => value / 150_000 - 1), benchmark: equity },
    prices: [{ instrumentId, displayDecimals: 2, openUs, open: close, high: close, low: close, close }],
    markers: times.map((timeUs, index) => ({
      ...fill,
      instrumentId,
      timeUs,
      side: index % 2 ? "buy" : "sell",
      quantity: 0.12345678,
      reason: reason(index),
    })),
    roundTrips: times.map((timeUs, index) => ({
      ...trip,
      id: index + 1,
      instrumentId,
      entryUs: timeUs,
      profit: index,
      entryReason: reason(index),
      exitReason: reason(-index),
    })),
  };
}
