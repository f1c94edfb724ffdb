import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder, runCommand } from "../testing/run-command.ts";

const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const absent = existsSync(CHROMIUM) ? "" : ` (skipped: no browser at ${CHROMIUM}; install Chromium or set CHROMIUM_PATH)`;
const strategy = fileURLToPath(new URL("../../../../examples/strategies/ema-cross.ts", import.meta.url));

describe.skipIf(absent !== "")(`the parity page in a browser${absent}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
  });

  afterAll(async () => {
    await browser.close();
  });

  test("fits a telephone and a desk, breaks no word of a title, draws its steps and complains about nothing", async () => {
    const cwd = emptyFolder();
    await runCommand(["paper", strategy, "--data", "sp500", "--to", "2004-01-01", "--speed", "max"], { cwd });
    // Bars of another year: every step that comes of them is drawn.
    await runCommand(["parity", "last", "--data", "sp500", "--from", "2001-01-01"], { cwd });
    const session = readdirSync(join(cwd, "sessions"))[0]!;
    const address = pathToFileURL(join(cwd, "sessions", session, "parity.html")).href;
    for (const width of [360, 390, 1280]) {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(address);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      const titles = "[...document.querySelectorAll('#rows th[scope=row]')].map((title) => title.getBoundingClientRect().height)";
      for (const height of await page.evaluate<number[]>(titles)) expect(height).toBeLessThan(48);
      const bars = "[...document.querySelectorAll('.bridge-bar rect')].map((bar) => bar.getBoundingClientRect().width)";
      const lengths = await page.evaluate<number[]>(bars);
      expect(lengths).toHaveLength(3);
      expect(Math.max(...lengths)).toBeGreaterThan(width / 4);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });
});
