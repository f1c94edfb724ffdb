import { expect, test } from "vitest";
import { type TableColumn, table } from "./table.ts";

const columns: readonly TableColumn[] = [
  { title: "name", least: 6 },
  { title: "return", align: "end" },
  { title: "trips", align: "end", rank: 1 },
];
const rows = [
  ["a-long-strategy-name", "12.5 %", "7"],
  ["short", "-3.0 %", "1,204"],
];

test("table() aligns columns under their titles", () => {
  expect(table(columns, rows, 80)).toEqual([
    "name                  return  trips",
    "a-long-strategy-name  12.5 %      7",
    "short                 -3.0 %  1,204",
  ]);
});

test("table() leaves out the columns of the highest rank first", () => {
  expect(table(columns, rows, 30)).toEqual([
    "name                  return",
    "a-long-strategy-name  12.5 %",
    "short                 -3.0 %",
  ]);
});

test("table() then cuts the columns that allow it", () => {
  expect(table(columns, rows, 20)).toEqual(["name          return", "a-long-str..  12.5 %", "short         -3.0 %"]);
});
