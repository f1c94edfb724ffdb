import { formatFixed, formatPercent, formatQuantity, formatSigned, formatTime } from "./format.js";

/**
 * One column of the round-trip table. `value` sorts, `text` shows; `null` sorts last in either direction.
 * @typedef {{ key: string, title: string, numeric: boolean, value: (index: number) => number | string | null,
 *             text: (index: number) => string, tone?: (index: number) => string }} TripColumn
 */

/**
 * @param {import("../report-data.ts").ReportData} data
 * @returns {TripColumn[]}
 */
export function tripColumns(data) {
  const { trips, prices, texts, currency, moneyDecimals } = data;
  const price = (/** @type {number | null | undefined} */ value, /** @type {number} */ index) => {
    const decimals = prices[trips.instrument[index] ?? -1]?.decimals ?? 2;
    return value === null || value === undefined ? "open" : formatFixed(value, decimals);
  };
  const time = (/** @type {number | null | undefined} */ value) => (value === null || value === undefined ? "open" : formatTime(value));
  const tone = (/** @type {number} */ index) => ((trips.profit[index] ?? 0) < 0 ? "loss" : "gain");
  const reasons = (/** @type {number} */ index) => {
    const parts = [texts[trips.entryReason[index] ?? -1], texts[trips.exitReason[index] ?? -1]];
    return parts.filter((part) => part !== undefined && part !== "").join(" → ");
  };
  const heldBars = (/** @type {number | null | undefined} */ bars) => (bars === null || bars === undefined ? "n/a" : formatQuantity(bars));
  const instrument = (/** @type {number} */ index) => prices[trips.instrument[index] ?? -1]?.id ?? "";
  /** @type {TripColumn[]} */
  const columns = [
    { key: "id", title: "#", numeric: true, value: (i) => trips.id[i] ?? 0, text: (i) => String(trips.id[i] ?? 0) },
    {
      key: "side",
      title: "Side",
      numeric: false,
      value: (i) => trips.side[i] ?? 0,
      text: (i) => ((trips.side[i] ?? 1) > 0 ? "Long" : "Short"),
    },
    { key: "instrument", title: "Instrument", numeric: false, value: instrument, text: instrument },
    { key: "entry", title: "Entry", numeric: true, value: (i) => trips.entry[i] ?? 0, text: (i) => time(trips.entry[i]) },
    { key: "exit", title: "Exit", numeric: true, value: (i) => trips.exit[i] ?? null, text: (i) => time(trips.exit[i]) },
    {
      key: "entry-price",
      title: "Entry price",
      numeric: true,
      value: (i) => trips.entryPrice[i] ?? 0,
      text: (i) => price(trips.entryPrice[i], i),
    },
    {
      key: "exit-price",
      title: "Exit price",
      numeric: true,
      value: (i) => trips.exitPrice[i] ?? null,
      text: (i) => price(trips.exitPrice[i], i),
    },
    {
      key: "quantity",
      title: "Quantity",
      numeric: true,
      value: (i) => trips.quantity[i] ?? 0,
      text: (i) => formatQuantity(trips.quantity[i] ?? 0),
    },
    {
      key: "profit",
      title: `Profit, ${currency}`,
      numeric: true,
      value: (i) => trips.profit[i] ?? 0,
      text: (i) => formatSigned(trips.profit[i] ?? 0, moneyDecimals),
      tone,
    },
    {
      key: "ratio",
      title: "Return",
      numeric: true,
      value: (i) => trips.ratio[i] ?? null,
      text: (i) => formatPercent(trips.ratio[i] ?? null),
      tone,
    },
    {
      key: "fees",
      title: "Fees",
      numeric: true,
      value: (i) => trips.fees[i] ?? 0,
      text: (i) => formatFixed(trips.fees[i] ?? 0, moneyDecimals),
    },
    { key: "bars", title: "Bars", numeric: true, value: (i) => trips.bars[i] ?? null, text: (i) => heldBars(trips.bars[i]) },
    { key: "reason", title: "Reasons", numeric: false, value: reasons, text: reasons },
  ];
  return columns.filter(({ key }) => key !== "instrument" || prices.length > 1);
}

/**
 * @param {readonly number[]} indices
 * @param {TripColumn} column
 * @param {boolean} descending
 * @returns {number[]} a new order; equal rows stay as they were
 */
export function sortTrips(indices, column, descending) {
  const keyed = indices.map((index) => ({ index, key: column.value(index) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    const order = a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
    return descending ? -order : order;
  });
  return keyed.map(({ index }) => index);
}
