import { elementById } from "./libraries.js";

/** Shows the definition behind a name on hover, on keyboard focus and on a tap; Escape, leaving and a tap elsewhere hide it. */
export function startDefinitionTips() {
  const tip = elementById("tip");
  /** @type {HTMLElement | null} */
  let shown = null;

  /** @param {HTMLElement} button */
  const show = (button) => {
    const definition = document.getElementById(button.getAttribute("aria-describedby") ?? "");
    tip.textContent = definition?.textContent ?? "";
    tip.hidden = false;
    shown = button;
    place(tip, button.getBoundingClientRect());
  };
  const hide = () => {
    tip.hidden = true;
    shown = null;
  };

  /** @type {NodeListOf<HTMLElement>} */
  const names = document.querySelectorAll("button.hint");
  for (const button of names) {
    button.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") show(button);
    });
    button.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && document.activeElement !== button) hide();
    });
    button.addEventListener("focus", () => show(button));
    button.addEventListener("blur", hide);
    // A tap focuses on some phones and not on others; either way it ends with the definition in view, and a second tap takes it away.
    let shownBefore = false;
    button.addEventListener("pointerdown", (event) => {
      shownBefore = shown === button && event.pointerType !== "mouse";
    });
    button.addEventListener("click", () => (shownBefore ? hide() : show(button)));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("pointerdown", (event) => {
    if (shown !== null && !shown.contains(/** @type {Node} */ (event.target))) hide();
  });
  // Focus may itself scroll the name into view, so the definition has to come along.
  const follow = () => {
    if (shown !== null) place(tip, shown.getBoundingClientRect());
  };
  window.addEventListener("scroll", follow, { passive: true });
}

/**
 * Below the name, or above it where there is no room, and never beyond the edge of the screen.
 * @param {HTMLElement} tip
 * @param {DOMRect} anchor
 */
function place(tip, anchor) {
  const margin = 12;
  const { width, height } = tip.getBoundingClientRect();
  const viewWidth = document.documentElement.clientWidth;
  const below = anchor.bottom + 8;
  const fits = below + height + margin <= window.innerHeight;
  tip.style.left = `${Math.max(margin, Math.min(anchor.left, viewWidth - width - margin))}px`;
  tip.style.top = `${fits ? below : Math.max(margin, anchor.top - height - 8)}px`;
}
