import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { prepareRun } from "../backtest/prepare-run.ts";
import { emptyFolder } from "../testing/run-command.ts";
import { runRecordedPaper } from "./recorded-paper.ts";

const strategy = fileURLToPath(new URL("../../../../examples/strategies/ema-cross.ts", import.meta.url));

test("a wish to stop that comes while a session on paper starts is heard", async () => {
  const run = await prepareRun(strategy, { data: ["synth:bars=1000000"] }, "paper");
  const controller = new AbortController();
  const kept = await runRecordedPaper(
    { run, perSecond: 100, root: emptyFolder(), onStart: () => controller.abort(), onNews: () => undefined },
    controller.signal,
  );
  expect(kept.end.why).toBe("stopped");
});
