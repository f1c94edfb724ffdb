import { element, elementById, focusOn } from "./libraries.js";
import { sortTrips, tripColumns } from "./round-trip-rows.js";

/** On a phone a row is a card of several lines. */
const ROWS_PER_PAGE = matchMedia("(max-width: 760px)").matches ? 8 : 20;
const FILTERS = /** @type {const} */ ([
  ["all", "All"],
  ["gain", "Winners"],
  ["loss", "Losers"],
]);

/**
 * The round trips, one page at a time; ten thousand cost no more than twenty.
 * @param {import("../report-data.ts").ReportData} data
 * @param {(index: number) => void} onChoose called with the place of the round trip in the data
 */
export function startRoundTripTable(data, onChoose) {
  const columns = tripColumns(data);
  const all = data.trips.id.map((_id, index) => index);
  const state = { filter: "all", key: "id", descending: false, page: 0, chosen: -1 };
  /** @type {number[]} */
  let rows = [];

  const select = () => {
    const column = columns.find(({ key }) => key === state.key);
    const wanted = all.filter((index) => state.filter === "all" || (state.filter === "gain") === (data.trips.profit[index] ?? 0) >= 0);
    rows = column === undefined ? wanted : sortTrips(wanted, column, state.descending);
    state.page = 0;
    render();
  };

  /**
   * @param {string} key
   * @param {boolean} descending
   */
  const sortBy = (key, descending) => {
    state.key = key;
    state.descending = descending;
    select();
  };

  const render = () => {
    renderHead(columns, state, sortBy);
    const from = state.page * ROWS_PER_PAGE;
    const shown = rows.slice(from, from + ROWS_PER_PAGE);
    const body = shown.flatMap((index) => {
      const row = rowOf(columns, index, index === state.chosen, choose);
      return index === state.chosen ? [row, detailOf(data, index, columns.length)] : [row];
    });
    elementById("trip-body").replaceChildren(...body);
    renderPager(rows.length, state.page, (page) => {
      state.page = page;
      render();
    });
    const choice = /** @type {HTMLSelectElement} */ (elementById("trip-sort"));
    choice.value = `${state.key} ${state.descending ? "down" : "up"}`;
    for (const button of elementById("trip-filters").children) {
      button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset["filter"] === state.filter));
    }
  };

  /** @param {number} index */
  const choose = (index) => {
    state.chosen = index;
    render();
    focusOn("#trip-body .chosen .show");
    onChoose(index);
  };

  for (const [filter, name] of FILTERS) {
    const button = element("button", { type: "button", "data-filter": filter }, name);
    button.addEventListener("click", () => {
      state.filter = filter;
      select();
    });
    elementById("trip-filters").append(button);
  }
  fillSortChoice(columns, sortBy);
  select();
}

/**
 * @param {readonly import("./round-trip-rows.js").TripColumn[]} columns
 * @param {{ key: string, descending: boolean }} state
 * @param {(key: string, descending: boolean) => void} sortBy
 */
function renderHead(columns, state, sortBy) {
  const head = elementById("trip-head");
  const cells = columns.map(({ key, title, numeric }) => {
    const sorted = key === state.key;
    const direction = sorted ? (state.descending ? "descending" : "ascending") : "none";
    const cell = element("th", { role: "columnheader", scope: "col", "aria-sort": direction, class: numeric ? "number" : "" });
    const button = element("button", { type: "button", "data-key": key }, title);
    button.append(element("span", { class: "arrow", "aria-hidden": "true" }, sorted ? (state.descending ? "↓" : "↑") : ""));
    // The first press on a figure shows the largest first; on a time or number of a trip, the earliest.
    const fresh = numeric && !["id", "entry", "exit"].includes(key);
    button.addEventListener("click", () => {
      sortBy(key, sorted ? !state.descending : fresh);
      focusOn(`#trip-head [data-key="${key}"]`);
    });
    cell.append(button);
    return cell;
  });
  head.replaceChildren(...cells);
}

/**
 * @param {readonly import("./round-trip-rows.js").TripColumn[]} columns
 * @param {number} index
 * @param {boolean} chosen
 * @param {(index: number) => void} choose
 */
function rowOf(columns, index, chosen, choose) {
  const row = element("tr", { role: "row", class: chosen ? "chosen" : "" });
  for (const { key, title, numeric, text, tone } of columns) {
    const cell = element("td", { role: "cell", class: `${key} ${numeric ? "number" : ""} ${tone?.(index) ?? ""}`, "data-label": title });
    if (key === "id") {
      const button = element(
        "button",
        { type: "button", class: "show", "aria-label": `Show round trip ${text(index)} in the chart` },
        text(index),
      );
      button.addEventListener("click", () => choose(index));
      cell.append(button);
    } else {
      cell.textContent = text(index);
      if (key === "reason") cell.title = text(index);
    }
    row.append(cell);
  }
  row.addEventListener("click", (event) => {
    const selecting = String(getSelection() ?? "") !== "";
    if (!selecting && !(/** @type {Element} */ (event.target).closest("button"))) choose(index);
  });
  return row;
}

/**
 * The reasons of the chosen round trip in full, which the column has no room for.
 * @param {import("../report-data.ts").ReportData} data
 * @param {number} index
 * @param {number} width columns
 */
function detailOf({ trips, texts }, index, width) {
  const row = element("tr", { role: "row", class: "detail" });
  const entry = texts[trips.entryReason[index] ?? -1] || "no reason given";
  const exit = texts[trips.exitReason[index] ?? -1] || "no reason given";
  row.append(element("td", { role: "cell", colspan: String(width) }, `In: ${entry}. Out: ${exit}.`));
  return row;
}

/**
 * @param {number} total
 * @param {number} page
 * @param {(page: number) => void} go
 */
function renderPager(total, page, go) {
  const last = Math.max(0, Math.ceil(total / ROWS_PER_PAGE) - 1);
  const count = (/** @type {number} */ n) => n.toLocaleString("en-US");
  const from = Math.min(total, page * ROWS_PER_PAGE + 1);
  const to = Math.min(total, (page + 1) * ROWS_PER_PAGE);
  /** @type {[string, string, number][]} */
  const steps = [
    ["«", "First page", 0],
    ["‹", "Previous page", page - 1],
    ["›", "Next page", page + 1],
    ["»", "Last page", last],
  ];
  const buttons = steps.map(([text, name, target]) => {
    const button = element("button", { type: "button", "aria-label": name }, text);
    button.disabled = target < 0 || target > last || target === page;
    button.addEventListener("click", () => {
      go(target);
      focusOn(`#trip-pager [aria-label="${name}"]`);
    });
    return button;
  });
  const place = element("span", { role: "status" }, `${count(from)} to ${count(to)} of ${count(total)}`);
  elementById("trip-pager").replaceChildren(...buttons.slice(0, 2), place, ...buttons.slice(2));
}

/**
 * The same orders as the heads offer, for screens that show the rows as cards without a head.
 * @param {readonly import("./round-trip-rows.js").TripColumn[]} columns
 * @param {(key: string, descending: boolean) => void} sortBy
 */
function fillSortChoice(columns, sortBy) {
  const choice = /** @type {HTMLSelectElement} */ (elementById("trip-sort"));
  for (const { key, title } of columns) {
    const name = key === "id" ? "Number" : title;
    choice.append(element("option", { value: `${key} up` }, `${name} ↑`), element("option", { value: `${key} down` }, `${name} ↓`));
  }
  choice.addEventListener("change", () => {
    const [key = "id", direction] = choice.value.split(" ");
    sortBy(key, direction === "down");
  });
}
