/**
 * A pane: title, tools, and a drawing that scrolls and follows the present step.
 * @module
 */

import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { VIEWS } from "../views/index.js";
import { frameOf, measured } from "./frame.js";
import { icon } from "./icons.js";
import { inspector } from "./inspector.js";
import { inspectorMenu } from "./inspector_picture.js";
import { saveMenu } from "./savemenu.js";
import { tableOf } from "./table.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../views/view.js").Drawing} Drawing */
/** @typedef {import("../views/view.js").View} View */

/** How far each pane is scrolled. @type {Map<string, number>} */
const tops = new Map();
/** Where panes must be scrolled to after this drawing of the page. @type {Map<string, number>} */
const wanted = new Map();
/** @type {Map<string, {key: string, at: number, drawing: Drawing}>} */
const drawn = new Map();

/**
 * @param {App} app
 * @param {string} id
 * @param {number} scale
 */
export function pane(app, id, scale) {
  const view = VIEWS[id];
  const title = app.messages.t(id === "inspector" && !app.selection ? "view-step" : `view-${id}`);
  const drawing = view && measured(id).width > 0 ? drawingOf(app, view, scale) : null;
  const asTable = app.asTable.has(id);
  const grown = app.maximized === id;
  return html`<section class="pane" style="grid-area: ${id}" aria-labelledby="title-${id}" data-view=${id}>
    <header>
      <h2 id="title-${id}">${title}</h2>
      <div class="pane-tools">
        ${drawing
          ? html`<button class="tool small" title=${app.messages.t(asTable ? "as-drawing" : "as-table")} aria-pressed=${String(asTable)} @click=${() => toggle(app, id)}>${icon(asTable ? "drawing" : "table")}</button>
              ${saveMenu(app, id, () => drawing, drawing.texts)}`
          : app.run && id === "inspector"
            ? inspectorMenu(app, app.run)
            : nothing}
        <button class="tool small" title=${app.messages.t(grown ? "shrink" : "grow")} @click=${() => {
          app.maximized = grown ? "" : id;
          app.changed();
        }}>${icon(grown ? "shrink" : "grow")}</button>
      </div>
    </header>
    <div class="scroll" data-measure=${id} data-scroll=${id} tabindex="0" role="group" aria-label=${title} @scroll=${(/** @type {Event} */ event) => scrolled(app, id, event)}>
      ${view
        ? drawing
          ? asTable
            ? tableOf(app, drawing.table())
            : canvas(drawing, scale, measured(id))
          : nothing
        : inspector(app)}
    </div>
  </section>`;
}

/**
 * A drawing, in a box of its size. The SVG element itself keeps the size of the pane and lets the drawing overflow: where the size
 * of an SVG element changes, the browser lays out every text in it anew.
 * @param {Drawing} drawing
 * @param {number} scale
 * @param {{width: number, height: number}} size of the pane
 */
function canvas(drawing, scale, { width, height }) {
  return html`<div class="canvas" style="width: ${drawing.width * scale}px; height: ${drawing.height * scale}px"><svg class="diagram" width=${width} height=${height}
    viewBox="0 0 ${width / scale} ${height / scale}" role="img" aria-label=${drawing.label}>${drawing.svg}</svg></div>`;
}

/**
 * The drawing of a view now; the last one where nothing that it depends on has changed.
 * @param {App} app
 * @param {View} view
 * @param {number} scale
 */
export function drawingOf(app, view, scale) {
  const { id } = view;
  const { width, height } = measured(id);
  const top = tops.get(id) ?? 0;
  const key = (/** @type {number} */ y) =>
    [app.at, app.level, app.run?.length, app.revision, app.messages.lang, width, height, y, scale, JSON.stringify(app.selection), app.toggled.size, app.hits.length].join("|");
  const held = drawn.get(id);
  if (held?.key === key(top)) return held.drawing;
  let drawing = view.draw(frameOf(app, id, scale, top));
  let seen = top;
  if (drawing.follow !== undefined && (held?.at !== app.at || held.drawing.follow === undefined)) {
    const y = drawing.follow * scale;
    const margin = Math.min(60, height / 4);
    const limit = Math.max(0, drawing.height * scale - height);
    if (y < top + margin || y > top + height - margin) {
      seen = Math.max(0, Math.min(limit, y - height * 0.45));
      if (seen !== top) {
        drawing = view.draw(frameOf(app, id, scale, seen));
        tops.set(id, seen);
        wanted.set(id, seen);
      }
    }
  }
  drawn.set(id, { key: key(seen), at: app.at, drawing });
  return drawing;
}

/** Scroll the panes whose drawings asked for it. Call after the page was drawn. */
export function settle() {
  for (const [id, top] of wanted) {
    const element = document.querySelector(`[data-scroll="${id}"]`);
    if (element) element.scrollTop = top;
  }
  wanted.clear();
}

/**
 * @param {App} app
 * @param {string} id
 * @param {Event} event
 */
function scrolled(app, id, event) {
  const { scrollTop } = /** @type {HTMLElement} */ (event.currentTarget);
  if (Math.abs(scrollTop - (tops.get(id) ?? 0)) < 1) return;
  tops.set(id, scrollTop);
  app.redraw();
}

/**
 * @param {App} app
 * @param {string} id
 */
function toggle(app, id) {
  if (!app.asTable.delete(id)) app.asTable.add(id);
  app.changed();
}
