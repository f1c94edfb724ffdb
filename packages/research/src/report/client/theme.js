import { elementById } from "./libraries.js";

/** @type {(() => void)[]} */
const themeListeners = [];

/** @param {() => void} listener called after the colours changed */
export function onThemeChange(listener) {
  themeListeners.push(listener);
}

/** @type {Map<string, string>} */
const resolvedColors = new Map();

/**
 * @param {string} name of a CSS custom property that holds a colour, without the dashes
 * @returns {string} the colour in the present theme, in a form that a canvas understands
 */
export function color(name) {
  const known = resolvedColors.get(name);
  if (known !== undefined) return known;
  // A custom property reads as it was written, `light-dark()` and all; only a real property gives the colour it comes to.
  const probe = elementById("tip");
  probe.style.outlineColor = `var(--${name})`;
  const resolved = getComputedStyle(probe).outlineColor;
  probe.style.outlineColor = "";
  resolvedColors.set(name, resolved);
  return resolved;
}

/** The toggle in the top bar, the system's preference, and light colours on paper. */
export function startTheme() {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset["theme"] ?? (system.matches ? "dark" : "light")) === "dark";
  const announce = () => {
    resolvedColors.clear();
    elementById("theme-toggle").setAttribute("aria-pressed", String(isDark()));
    for (const listener of themeListeners) listener();
  };

  elementById("theme-toggle").addEventListener("click", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("tradepulse-report-theme", root.dataset["theme"]);
    } catch {
      // Not remembered, which is all that storage was for.
    }
    announce();
  });
  system.addEventListener("change", announce);

  /** @type {string | undefined} */
  let onScreen;
  window.addEventListener("beforeprint", () => {
    onScreen = root.dataset["theme"];
    root.dataset["theme"] = "light";
    announce();
  });
  window.addEventListener("afterprint", () => {
    if (onScreen === undefined) delete root.dataset["theme"];
    else root.dataset["theme"] = onScreen;
    announce();
  });
  announce();
}
