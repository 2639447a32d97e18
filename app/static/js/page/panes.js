/**
 * The panes, drawn one after the other: a frame draws as many as it has time for, in the order of the layout, and the others come
 * with the next frame. So a step is seen at once, and a key that is held down never has to wait.
 * @module
 */

import { render } from "../../vendor/lit-html/lit-html.js";
import { scaleOf } from "./layouts.js";
import { pane } from "./pane.js";
import { settle } from "./scroll.js";

/** @typedef {import("./app.js").App} App */

/** After so many frames without it, a pane comes before the others. */
const PATIENCE = 3;

/** Panes that are still to be drawn, and how many frames they have waited. @type {Map<string, number>} */
const late = new Map();

/**
 * Draw panes; the first whatever it takes.
 * @param {App} app
 * @param {boolean} all not only those that the last frame had no time for
 * @param {number} until the time (performance.now) after which none is begun
 * @returns {boolean} whether the page shows the present step in all of them
 */
export function drawPanes(app, all, until) {
  const sections = new Map(Array.from(/** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main > .pane")), (each) => [each.dataset.view ?? "", each]));
  const waited = new Map(late);
  const waits = (/** @type {string} */ id) => waited.get(id) ?? 0;
  const turns = [...sections.keys()].filter((id) => all || waited.has(id)).sort((a, b) => Number(waits(b) >= PATIENCE) - Number(waits(a) >= PATIENCE));
  late.clear();
  turns.forEach((id, i) => {
    if (i > 0 && performance.now() > until) {
      late.set(id, waits(id) + 1);
      return;
    }
    const section = /** @type {HTMLElement} */ (sections.get(id));
    render(pane(app, id, scaleOf(app)), section);
    settle(/** @type {HTMLElement} */ (section.querySelector(".scroll")));
  });
  return late.size === 0;
}
