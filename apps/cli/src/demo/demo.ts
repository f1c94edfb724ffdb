import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { backtestDocument, backtestLines, runAndKeep } from "../backtest/backtest.ts";
import { prepareRun } from "../backtest/prepare-run.ts";
import { commandName } from "../command-name.ts";
import { interruptible } from "../interruption.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";

const STRATEGY = join("examples", "strategies", "ema-cross.ts");
const DATASET = "sp500";

/** `tradepulse demo`: what `npm start` runs. */
export async function demo(options: { readonly runs?: string; readonly json?: boolean }): Promise<void> {
  const strategy = sampleStrategy();
  const run = await prepareRun(strategy, { data: [DATASET], fee: "0.0005" });
  const kept = await interruptible((signal) => runAndKeep(run, options, signal));
  if (options.json === true) {
    sayJson(backtestDocument(kept));
    return;
  }
  const width = outputWidth();
  say(hangingText("", "A sample strategy on the S&P 500, with a fee of 0.05 %. Nothing is downloaded.", width));
  for (const line of backtestLines(kept, width)) say(line);
  const command = commandName();
  say();
  say(paint("bold", "What next"));
  say(`  open ${shownPath(join(kept.folder!, "report.html"))} in a browser`);
  say(`  ${command} backtest ${shownPath(strategy)} --data ${DATASET} --set fast=20`);
  say(`  ${command} init my-strategy`);
}

/** The example of the repository, or the one that init writes where there is no repository. */
function sampleStrategy(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, STRATEGY);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return fileURLToPath(new URL("../../templates/strategy.ts", import.meta.url));
  }
}
