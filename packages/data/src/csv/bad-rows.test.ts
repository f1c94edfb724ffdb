import { describe, expect, test } from "vitest";
import { good, HEADER, minute, refusal, three } from "./refused-csv.ts";

describe("importCsv() refuses a row, naming line, column and value", () => {
  test("when a value is no number, missing or NaN", async () => {
    expect(await refusal(`${three}${minute(3)},10,abc,9,10,1\n`)).toMatchInlineSnapshot(`
      "TP_DATA_NOT_A_NUMBER
      Cannot load "bars.csv": a value is no number, a plain number such as 1234.5 is needed
        line    5
        column  high
        value   "abc"
        next    fill in the value or remove the row"
    `);
    for (const value of ["", "NaN", "null", "N/A"]) {
      expect(await refusal(`${three}${minute(3)},10,${value},9,10,1\n`)).toContain("a value is missing");
    }
    for (const value of ["inf", "1e999", "-Infinity"])
      expect(await refusal(`${three}${minute(3)},${value},11,9,10,1\n`)).toContain("infinite");
    expect(await refusal(`${three}${minute(3)},10,"1,234.5",9,10,1\n`)).toContain('"1,234.5"');
  });

  test("when a price is zero or below, or a volume negative", async () => {
    expect(await refusal(`${three}${minute(3)},10,11,0,10,1\n`)).toMatchInlineSnapshot(`
      "TP_DATA_NOT_POSITIVE
      Cannot load "bars.csv": a price is 0 or below, prices above 0 are allowed
        line    5
        column  low
        value   "0"
        next    correct or remove the row"
    `);
    expect(await refusal(`${three}${minute(3)},-10,11,9,10,1\n`)).toContain("TP_DATA_NOT_POSITIVE");
    expect(await refusal(`${three}${minute(3)},10,11,9,10,-1\n`)).toContain("a volume is below 0");
  });

  test("when the high is below the low", async () => {
    expect(await refusal(`${three}${minute(3)},10,9,11,10,1\n`)).toMatchInlineSnapshot(`
      "TP_DATA_HIGH_LOW
      Cannot load "bars.csv": a high is below the low of its bar, it must be at or above
        line    5
        column  high
        value   "9"
        low     11
        next    correct or remove the row; columns may be in another order than their names"
    `);
  });

  test("when it is earlier than the row above, also in a file with the newest first", async () => {
    expect(await refusal(HEADER + good(0) + good(2) + good(1))).toMatchInlineSnapshot(`
      "TP_DATA_UNSORTED
      Cannot load "bars.csv": a row is earlier than the row above it, rising times are needed
        line    4
        column  timestamp
        value   "2024-01-01T00:01:00Z"
        above   2024-01-01T00:02Z
        next    sort the file by time, oldest first"
    `);
    expect(await refusal(HEADER + good(2) + good(1) + good(0))).toContain("the newest comes first");
  });

  test("when its time is that of the row above", async () => {
    expect(await refusal(`${three}\n${good(2)}`)).toMatchInlineSnapshot(`
      "TP_DATA_DUPLICATE
      Cannot load "bars.csv": two rows have the same time, each bar has its own
        line    6
        column  timestamp
        value   "2024-01-01T00:02:00Z"
        above   2024-01-01T00:02Z
        next    remove one of the two rows, or split a file of several instruments"
    `);
  });

  test("when it has a field too few or too many", async () => {
    expect(await refusal(`${three}${minute(3)},10,11\n`)).toMatchInlineSnapshot(`
      "TP_DATA_FIELDS
      Cannot load "bars.csv": a row has 3 fields, the first line has 6
        line   5
        value  "2024-01-01T00:03:00Z,10,11"
        next   correct the row; the last row of a download that was cut off can be removed"
    `);
    expect(await refusal(`${three}${minute(3)},10,11,9,10,1,7\n`)).toContain("7 fields");
  });

  test("when a quote stays open", async () => {
    expect(await refusal(`${three}"${minute(3)},10,11,9,10,1\n`)).toContain("TP_DATA_QUOTE");
  });

  test("when it is longer than a row of prices can be", async () => {
    expect(await refusal(`${three}${"9".repeat(300_000)}\n${good(4)}`, { chunkBytes: 4_096 })).toContain("TP_DATA_ROW_LENGTH");
  });
});
