import { open } from "node:fs/promises";
import { type BarColumns, formatTimeUs } from "@tradepulse/core";

const ROWS_AT_A_TIME = 16_384;

/**
 * Writes bars as CSV: `timestamp,open,high,low,close,volume`, times in ISO 8601 UTC, numbers in the shortest form that reads
 * back as the same double. No volume column when it is unknown. Overwrites the file.
 */
export async function writeCsv(path: string, columns: BarColumns): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.write(`timestamp,open,high,low,close${columns.volumeKnown ? ",volume" : ""}\n`);
    for (let start = 0; start < columns.length; start += ROWS_AT_A_TIME) {
      await file.write(rowsText(columns, start, Math.min(columns.length, start + ROWS_AT_A_TIME)));
    }
  } finally {
    await file.close();
  }
}

function rowsText(columns: BarColumns, from: number, to: number): string {
  const { openUs, open: opens, high, low, close, volume, volumeKnown } = columns;
  let text = "";
  for (let row = from; row < to; row += 1) {
    text += `${formatTimeUs(openUs[row]!)},${opens[row]!},${high[row]!},${low[row]!},${close[row]!}${volumeKnown ? `,${volume[row]!}` : ""}\n`;
  }
  return text;
}
