/**
 * How far each pane is scrolled, and where panes are to be scrolled with the next drawing of the page.
 * @module
 */

/** @typedef {import("./app.js").App} App */

/** @type {Map<string, number>} */
const tops = new Map();

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
}

/**
 * Scroll a pane that was drawn to where it should be: also one that is new or has another place on the page, which a browser takes
 * back to its top without a word.
 * @param {HTMLElement} element
 */
export function settle(element) {
  const top = topOf(element.dataset.scroll ?? "");
  if (Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top;
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
  if (Math.abs(scrollTop - topOf(id)) < 1) return;
  tops.set(id, scrollTop);
  app.redraw();
}
