/**
 * How far each pane is scrolled, and where panes are to be scrolled with the next drawing of the page.
 * @module
 */

/** @typedef {import("./app.js").App} App */

/** @type {Map<string, number>} */
const tops = new Map();
/** @type {Map<string, number>} */
const wanted = new Map();

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
  wanted.set(id, top);
}

/** Scroll the panes for which that was asked. Call after the page was drawn. */
export function settle() {
  for (const [id, top] of wanted) {
    const element = document.querySelector(`[data-scroll="${id}"]`);
    if (element) element.scrollTop = top;
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
  const { scrollTop } = /** @type {HTMLElement} */ (event.currentTarget);
  if (Math.abs(scrollTop - topOf(id)) < 1) return;
  tops.set(id, scrollTop);
  app.redraw();
}
