import { element, elementById } from "./libraries.js";
import { panRange, zoomRange } from "./time-range.js";

const DAY = 86_400;
const RANGES = /** @type {const} */ ([
  ["1D", "last day", DAY],
  ["1W", "last week", 7 * DAY],
  ["1M", "last month", 30.44 * DAY],
  ["3M", "last three months", 91.3 * DAY],
  ["1Y", "last year", 365.25 * DAY],
  ["3Y", "last three years", 3 * 365.25 * DAY],
  ["5Y", "last five years", 5 * 365.25 * DAY],
  ["10Y", "last ten years", 10 * 365.25 * DAY],
]);
/** The whole period is one more button; the longest of the others that fit are offered. */
const BUTTONS_AT_MOST = 5;

/**
 * Buttons for the last day, week, … of the run, and for all of it.
 * @param {import("./time-range.js").TimeRange} range
 */
export function startRangeButtons(range) {
  const box = elementById("ranges");
  const { from, to } = range.full;
  const offered = RANGES.filter(([, , width]) => width < (to - from) * 0.9).slice(-BUTTONS_AT_MOST);
  const choices = [
    ...offered.map(([text, name, width]) => ({ text, name, width })),
    { text: "All", name: "whole period", width: to - from },
  ];
  const buttons = choices.map(({ text, name, width }) => {
    const button = element("button", { type: "button", title: name, "aria-label": `${text}, ${name}` }, text);
    button.addEventListener("click", () => range.set({ from: to - width, to }, "button"));
    box.append(button);
    return { button, width };
  });
  const mark = () => {
    const now = range.now();
    for (const { button, width } of buttons) {
      const still = width * 0.01;
      button.setAttribute("aria-pressed", String(Math.abs(now.to - to) < still && Math.abs(now.to - now.from - width) < still));
    }
  };
  range.listen(mark);
  mark();
}

/**
 * Arrow keys, plus, minus and zero on the focused charts; Ctrl and the wheel above them.
 * @param {import("./time-range.js").TimeRange} range
 */
export function startChartKeys(range) {
  const box = elementById("charts");
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") panRange(range, -0.1);
    else if (event.key === "ArrowRight") panRange(range, 0.1);
    else if (event.key === "+" || event.key === "=") zoomRange(range, 0.7, 0.5);
    else if (event.key === "-") zoomRange(range, 1 / 0.7, 0.5);
    else if (event.key === "0") range.set(range.full, "key");
    else return;
    event.preventDefault();
  });
  box.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, width } = box.getBoundingClientRect();
      zoomRange(range, Math.exp(Math.max(-1, Math.min(1, event.deltaY / 240))), Math.max(0, Math.min(1, (event.clientX - left) / width)));
    },
    { passive: false },
  );
}
