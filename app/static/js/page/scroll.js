/**
 * How far each pane is scrolled, and where panes are to be scrolled with the next drawing of the page.
 * @module
 */

/** @typedef {import("./app.js").App} App */

/** @type {Map<string, number>} */
const tops = new Map();
/** Panes that this drawing of the page scrolls. @type {Set<string>} */
const wanted = new Set();
/** Elements that were scrolled already: a new one begins at its top. @type {WeakSet<Element>} */
const known = new WeakSet();

/**
 * How far a pane is scrolled, in CSS pixels.
 * @param {string} id
 */
export function topOf(id) {
  return tops.get(id) ?? 0;
}

/**
 * Scroll a pane with this drawing of the page.
 * @param {string} id
 * @param {number} top
 */
export function scrollTo(id, top) {
  tops.set(id, top);
  wanted.add(id);
}

/** Scroll the panes for which that was asked, and those that have come back. Call after the page was drawn. */
export function settle() {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-scroll]"))) {
    const id = element.dataset.scroll ?? "";
    if (!wanted.has(id) && (known.has(element) || topOf(id) === 0)) continue;
    element.scrollTop = topOf(id);
    known.add(element);
  }
  wanted.clear();
}

/**
 * The reader scrolled a pane.
 * @param {App} app
 * @param {string} id
 * @param {Event} event
 */
export function scrolled(app, id, event) {
  const element = /** @type {HTMLElement} */ (event.currentTarget);
  const { scrollTop } = element;
  known.add(element);
  if (Math.abs(scrollTop - topOf(id)) < 1) return;
  tops.set(id, scrollTop);
  app.redraw();
}
