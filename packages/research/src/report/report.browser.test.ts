import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderReport } from "./render-report.ts";
import type { ReportModel } from "./report-model.ts";
import { sp500ReportModel } from "./testing/sp500-report-model.ts";

const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
const absent = existsSync(CHROMIUM) ? "" : ` (skipped: no browser at ${CHROMIUM}; install Chromium or set CHROMIUM_PATH)`;

interface Opened extends AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors included. */
  readonly complaints: string[];
  /** Every address that the page asked for, itself excluded. */
  readonly requests: string[];
}

describe.skipIf(absent !== "")(`the report in a browser${absent}`, () => {
  const model = sp500ReportModel();
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tradepulse-report-"));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...QUIET] });
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(shown: ReportModel = model, width = 1280, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
    const file = join(folder, "report.html");
    writeFileSync(file, renderReport(shown));
    const address = pathToFileURL(file).href;
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, hasTouch: width < 600 });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (request.url() !== address) requests.push(request.url());
    });
    await page.goto(address);
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    return { page, complaints, requests, [Symbol.asyncDispose]: () => page.close() };
  }

  test.for([360, 390, 1280])("fits a screen %i px wide, draws its charts, complains about nothing and asks for nothing", async (width) => {
    await using opened = await open(model, width);
    const { page, complaints, requests } = opened;
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    for (const chart of ["equity-chart", "drawdown-chart", "price-chart"]) expect(await inkOf(page, chart), chart).toBeGreaterThan(500);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
  });

  test("keeps the names of settings in one line on a telephone", async () => {
    const configuration = [
      ...model.configuration,
      { key: "slippage.fillThroughTicks", value: "volume-share:0.1".repeat(9), origin: "default" },
    ];
    await using opened = await open({ ...model, configuration }, 360);
    const heights = `[...document.querySelectorAll(".configuration tbody th")].map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell.querySelector("code").firstChild);
      return range.getClientRects().length;
    })`;
    const lines = await opened.page.evaluate<number[]>(heights);
    expect(lines).toEqual(configuration.map(() => 1));
    expect(await opened.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
  });

  test("shows a definition on keyboard focus and on hover, and takes it away on Escape and on leaving", async () => {
    await using opened = await open();
    const { page } = opened;
    const name = page.getByRole("button", { name: "Sharpe ratio" }).first();
    const tip = page.locator("#tip");
    await name.focus();
    expect(await tip.isVisible()).toBe(true);
    expect(await textOf(tip)).toContain("standard deviation of daily returns");
    await page.keyboard.press("Escape");
    expect(await tip.isVisible()).toBe(false);
    await page.getByRole("button", { name: "CAGR" }).first().hover();
    expect(await textOf(tip)).toContain("Compound annual growth rate");
    await page.mouse.move(2, 2);
    await name.blur();
    expect(await tip.isVisible()).toBe(false);
  });

  test("keeps a definition beside its name when focus scrolls the page", async () => {
    await using opened = await open();
    const { page } = opened;
    const name = page.locator(".metrics button.hint").last();
    await name.focus();
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const [anchor, tip] = [await name.boundingBox(), await page.locator("#tip").boundingBox()];
    expect(anchor!.y).toBeGreaterThan(0);
    expect(Math.min(Math.abs(tip!.y - anchor!.y - anchor!.height), Math.abs(anchor!.y - tip!.y - tip!.height))).toBeLessThan(12);
  });

  test("shows a definition on a tap and takes it away on a second tap, or a tap elsewhere", async () => {
    await using opened = await open(model, 390);
    const { page } = opened;
    const name = page.getByRole("button", { name: "Max drawdown" }).first();
    const tip = page.locator("#tip");
    await name.tap();
    expect(await tip.isVisible()).toBe(true);
    const box = await tip.boundingBox();
    expect(box!.x + box!.width).toBeLessThanOrEqual(390);
    await name.tap();
    expect(await tip.isVisible()).toBe(false);
    await name.tap();
    await page.locator("h1").tap();
    expect(await tip.isVisible()).toBe(false);
  });

  test("switches between light and dark, starting from what the system prefers", async () => {
    await using opened = await open(model, 1280, "dark");
    const { page } = opened;
    const background = (): Promise<string> => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await background();
    await page.getByRole("button", { name: "Switch between light and dark" }).click();
    const light = await background();
    expect(light).not.toBe(dark);
    await page.reload();
    expect(await background()).toBe(light);
  });

  test("zooms all charts with a range button and back with the zero key", async () => {
    await using opened = await open();
    const { page } = opened;
    const pressed = (): Promise<string> => textOf(page.locator('#ranges [aria-pressed="true"]'));
    expect(await pressed()).toBe("All");
    await page.getByRole("button", { name: "1Y, last year" }).click();
    expect(await pressed()).toBe("1Y");
    await page.locator("#charts").focus();
    await page.keyboard.press("0");
    expect(await pressed()).toBe("All");
  });

  test("reads out the same day in all charts while the pointer is on one of them", async () => {
    await using opened = await open();
    const { page } = opened;
    const before = await textOf(page.locator("#price-readout"));
    const box = await page.locator("#equity-chart").boundingBox();
    await page.mouse.move(box!.x + box!.width * 0.4, box!.y + box!.height / 2);
    const equityDay = Date.parse((await textOf(page.locator("#equity-readout"))).slice(0, 10));
    const price = await textOf(page.locator("#price-readout"));
    expect(price).not.toBe(before);
    // Equity of a day is marked at the midnight that ends it.
    expect(equityDay - Date.parse(price.slice(0, 10))).toBe(86_400_000);
  });

  test("keeps its whole range in the price chart when the window narrows", async () => {
    await using opened = await open();
    const { page } = opened;
    const last = Date.parse((await textOf(page.locator("#price-readout"))).slice(0, 10));
    await page.setViewportSize({ width: 390, height: 900 });
    await page.waitForTimeout(300);
    await page.locator("#price-chart").scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await page.locator("#price-chart").boundingBox())!;
    const axis = await page.locator("#price-chart td:last-child").first().boundingBox();
    await page.mouse.move(x + width - axis!.width - 3, y + height / 2);
    const days = (last - Date.parse((await textOf(page.locator("#price-readout"))).slice(0, 10))) / 86_400_000;
    expect(days).toBeLessThan(60);
  });

  test("sorts, filters and pages the round trips, and zooms to the chosen one", async () => {
    await using opened = await open();
    const { page, complaints } = opened;
    const profits = async (): Promise<number[]> =>
      (await page.locator("#trip-body td.profit").allInnerTexts()).map((text) => Number(text.replace("−", "-").replaceAll(",", "")));
    await page.getByRole("button", { name: "Profit, USD" }).click();
    const largest = await profits();
    expect(largest).toEqual([...largest].sort((a, b) => b - a));
    expect(largest[0]).toBeCloseTo(Math.max(...model.roundTrips.map(({ profit }) => profit)), 2);
    await page.getByRole("button", { name: "Losers" }).click();
    expect((await profits()).every((profit) => profit < 0)).toBe(true);
    await page.getByRole("button", { name: "Next page" }).click();
    expect(await textOf(page.locator("#trip-pager"))).toContain("21 to");
    await page.locator("#trip-body .show").first().click();
    expect(await textOf(page.locator("#trip-body .detail"))).toContain("fast average crossed below slow");
    expect(await page.locator('#ranges [aria-pressed="true"]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("runs no code that came with the model", async () => {
    const evil = `</script><img src="x" onerror="document.title='owned'"><script>document.title='owned'</script>`;
    await using opened = await open({
      ...model,
      title: evil,
      markers: model.markers.map((marker) => ({ ...marker, reason: evil })),
      roundTrips: model.roundTrips.map((row) => ({ ...row, entryReason: evil })),
      equity: { ...model.equity, benchmarkName: evil },
      prices: [...model.prices, { ...model.prices[0]!, instrumentId: evil }],
    });
    const { page, requests } = opened;
    await page.locator("#instrument").selectOption("1");
    await page.locator("#trip-body .show").first().click();
    expect(await page.title()).toContain("</script>");
    expect(await page.locator("img").count()).toBe(0);
    expect(requests).toEqual([]);
  });

  const noEquity = { timeUs: [], equity: [], drawdown: [] };
  const oneBar = model.prices.map((series) => ({ ...series, openUs: [series.openUs[0]!], open: [1], high: [1], low: [1], close: [1] }));
  const noBar = model.prices.map((series) => ({ ...series, openUs: [], open: [], high: [], low: [], close: [] }));

  test.for<[string, Partial<ReportModel>]>([
    ["when a run did nothing", { equity: noEquity, prices: [], markers: [], roundTrips: [] }],
    ["when there are prices and no equity", { equity: noEquity }],
    ["when there is equity and no price", { prices: [] }],
    ["when an instrument has no bar", { prices: [...noBar, ...model.prices] }],
    ["when an instrument has one bar", { prices: oneBar }],
    ["when equity stood still", { equity: { timeUs: [0, 1e6], equity: [5, 5], drawdown: [0, 0] }, prices: [] }],
  ])("opens without a complaint %s", async ([, part]) => {
    await using opened = await open({ ...model, ...part });
    const { page, complaints } = opened;
    if (await page.locator("#log-scale").count()) await page.locator("#log-scale").click();
    if (await page.locator("#trip-body .show").count()) await page.locator("#trip-body .show").first().click();
    await page.getByRole("button", { name: "Switch between light and dark" }).click();
    expect(complaints).toEqual([]);
  });
});

async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? "";
}

/** Count of pixels that anything was drawn on, over all canvases of a chart. */
function inkOf(page: Page, id: string): Promise<number> {
  return page.evaluate(`[...document.querySelectorAll("#${id} canvas")].reduce((ink, canvas) => {
    if (canvas.width === 0 || canvas.height === 0) return ink;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) ink++;
    return ink;
  }, 0)`);
}
