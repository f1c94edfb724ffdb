import { formatTimeUs, timeUsFromCivil } from "@tradepulse/core";
import { expect, test } from "vitest";
import { detectTimeForm, orderShownBy, parseTimestamp } from "./parse-timestamp.ts";

function read(text: string): string {
  const form = detectTimeForm(text);
  if (form === undefined || form === "ambiguous") return String(form);
  const parsed = parseTimestamp(text, form);
  return parsed === undefined
    ? "no time"
    : `${formatTimeUs(parsed.timeUs)}${parsed.zoned ? "" : " local"}${parsed.dateOnly ? " date" : ""}`;
}

test("parseTimestamp() reads every form of time that market data comes in", () => {
  const texts = [
    "1640991660",
    "1640991660.25",
    "1640991660000",
    "1640991660000000",
    "1640991660000000123",
    "2021-12-31",
    "2021-12-31T23:01Z",
    "2021-12-31 23:01:00.000000",
    "2012-02-01 00:00:00+00:00",
    "2012-02-01T00:00:00.123456789-05:00",
    "2012-02-01 00:00:00 UTC",
    "2012/02/01 14:00:00",
    "2021.12.31 23:01",
    "20211231",
    "20211231 2301",
    "20120201 000100",
    "20211231230100",
    "12/31/2021 12:05:00 AM",
    "31.12.2021 23:01",
    "12/31/2021 1:05 PM",
  ];
  expect(texts.map((text) => `${text.padEnd(36)}${read(text)}`).join("\n")).toMatchInlineSnapshot(`
    "1640991660                          2021-12-31T23:01Z
    1640991660.25                       2021-12-31T23:01:00.25Z
    1640991660000                       2021-12-31T23:01Z
    1640991660000000                    2021-12-31T23:01Z
    1640991660000000123                 2021-12-31T23:01Z
    2021-12-31                          2021-12-31T00:00Z local date
    2021-12-31T23:01Z                   2021-12-31T23:01Z
    2021-12-31 23:01:00.000000          2021-12-31T23:01Z local
    2012-02-01 00:00:00+00:00           2012-02-01T00:00Z
    2012-02-01T00:00:00.123456789-05:00 2012-02-01T05:00:00.123456Z
    2012-02-01 00:00:00 UTC             2012-02-01T00:00Z
    2012/02/01 14:00:00                 2012-02-01T14:00Z local
    2021.12.31 23:01                    2021-12-31T23:01Z local
    20211231                            2021-12-31T00:00Z local date
    20211231 2301                       2021-12-31T23:01Z local
    20120201 000100                     2012-02-01T00:01Z local
    20211231230100                      2021-12-31T23:01Z local
    12/31/2021 12:05:00 AM              2021-12-31T00:05Z local
    31.12.2021 23:01                    2021-12-31T23:01Z local
    12/31/2021 1:05 PM                  2021-12-31T13:05Z local"
  `);
});

test("detectTimeForm() says ambiguous when neither day nor month of a date is above 12", () => {
  expect(detectTimeForm("03/04/2021")).toBe("ambiguous");
  expect(detectTimeForm("03/04/2021", undefined, "day-first")).toEqual({ kind: "slash", order: "day-first" });
  expect(orderShownBy("13/04/2021")).toBe("day-first");
  expect(orderShownBy("04/13/2021")).toBe("month-first");
});

test("parseTimestamp() knows no time when the date or the clock does not exist", () => {
  for (const text of ["2021-02-29", "2021-13-01", "2021-01-01 24:00", "2021-01-01 12:60", "2021-01-01 12:00:61", "2021-00-10"]) {
    expect(parseTimestamp(text, { kind: "iso" }), text).toBeUndefined();
  }
  expect(parseTimestamp("31/02/2021", { kind: "slash", order: "day-first" })).toBeUndefined();
  expect(detectTimeForm("yesterday")).toBeUndefined();
});

test("parseTimestamp() obeys the unit given, whatever the size of the number", () => {
  expect(parseTimestamp("86400000", { kind: "epoch", unit: "ms" })?.timeUs).toBe(timeUsFromCivil(1970, 1, 2));
});
