import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/**
 * `node scripts/render-report-picture.ts`: takes the README's two pictures of a real report, light and dark, in a Chromium that is on the
 * machine (`CHROMIUM_PATH`, else /usr/bin/chromium).
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const runs = mkdtempSync(join(tmpdir(), "tradepulse-picture-"));
try {
  execFileSync(process.execPath, [join(root, "apps/cli/bin/tradepulse.mjs"), "demo", "--runs", runs], { stdio: "ignore" });
  const report = join(runs, readdirSync(runs)[0]!, "report.html");
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 1320 } });
    await page.goto(pathToFileURL(report).href);
    await page.waitForSelector("canvas");
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(root, `docs/images/report-${colorScheme}.png`) });
  }
  await browser.close();
} finally {
  rmSync(runs, { recursive: true, force: true });
}
