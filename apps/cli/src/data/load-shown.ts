import { type DatasetSummary, describeDataset, loadDataset } from "@tradepulse/data";
import { readingOptions } from "../backtest/data-sources.ts";
import { interruptible } from "../interruption.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { shownPath } from "../terminal/shown-path.ts";

/** Loads a file or dataset as the options say, with progress, and sums it up. */
export async function loadShown(file: string, options: Readonly<Record<string, unknown>>, points: number): Promise<DatasetSummary> {
  const line = new ProgressLine(`reading ${shownPath(file)}`, "MB");
  try {
    return await interruptible(async (signal) => {
      const progress = ({ bytesDone, bytesTotal }: { bytesDone: number; bytesTotal: number }): void =>
        line.update({ done: bytesDone / 1e6, total: bytesTotal / 1e6 });
      return describeDataset(await loadDataset(file, { ...readingOptions(options), signal, progress }), points);
    });
  } finally {
    line.end();
  }
}
