// The chart libraries stand before this script in the page and leave their exports in the global scope.
/** @type {typeof import("uplot")} */
export const lineCharts = Reflect.get(globalThis, "uPlot");
/** @type {typeof import("lightweight-charts")} */
export const priceCharts = Reflect.get(globalThis, "LightweightCharts");

/** @returns {import("../report-data.ts").ReportData} */
export function readReportData() {
  return JSON.parse(elementById("report-data").textContent ?? "");
}

/**
 * @param {string} id of an element that the page is known to have
 * @returns {HTMLElement}
 */
export function elementById(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The report has no element "${id}".`);
  return found;
}

/**
 * Gives the focus to the element that took the place of one that was drawn anew.
 * @param {string} selector
 */
export function focusOn(selector) {
  /** @type {HTMLElement | null} */
  const found = document.querySelector(selector);
  found?.focus({ preventScroll: true });
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<Record<string, string>>} attributes
 * @param {string} [text] shown as text, never as markup
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes, text) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}
