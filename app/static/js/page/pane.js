/**
 * A pane: title, tools, and a drawing that scrolls and follows the present step.
 * @module
 */

import { guard } from "../../vendor/lit-html/directives/guard.js";
import { keyed } from "../../vendor/lit-html/directives/keyed.js";
import { html, nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { VIEWS } from "../views/index.js";
import { frameOf, measured } from "./frame.js";
import { icon } from "./icons.js";
import { inspector } from "./inspector.js";
import { inspectorMenu } from "./inspector_picture.js";
import { listed } from "./lines.js";
import { saveMenu } from "./savemenu.js";
import { scrollTo, scrolled, topOf } from "./scroll.js";
import { tableOf } from "./table.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../views/view.js").Drawing} Drawing */
/** @typedef {import("../views/view.js").View} View */

/** The part of a pane's height above and below which the present step does not go. */
const MIDDLE = 0.28;

/** @type {Map<string, {key: string, at: number, size: object, drawing: Drawing}>} */
const drawn = new Map();

/**
 * What is in the section of a pane (page/shell.js).
 * @param {App} app
 * @param {string} id
 * @param {number} scale
 */
export function pane(app, id, scale) {
  const view = VIEWS[id];
  const { messages } = app;
  const title = messages.t(id === "inspector" && !app.selection ? "view-step" : `view-${id}`);
  const size = measured(id);
  const drawing = view && size.width > 0 ? drawingOf(app, view, scale) : null;
  const asTable = app.asTable.has(id);
  const grown = app.maximized === id;
  const forms = Object.keys(drawing?.texts ?? {}).join();
  const present = () => /** @type {{drawing: Drawing}} */ (drawn.get(id)).drawing;
  // What a step leaves as it was is not even compared.
  return html`${guard([messages, title, drawing === null, app.run, asTable, grown, forms], () => html`<header>
      <h2 id="title-${id}">${title}</h2>
      <div class="pane-tools">
        ${drawing
          ? html`<button class="tool small" title=${messages.t(asTable ? "as-drawing" : "as-table")} aria-pressed=${String(asTable)} @click=${() => toggle(app, id)}>${icon(asTable ? "drawing" : "table")}</button>
              ${saveMenu(app, id, present, drawing.texts)}`
          : app.run && id === "inspector"
            ? inspectorMenu(app)
            : nothing}
        <button class="tool small" title=${messages.t(grown ? "shrink" : "grow")} @click=${() => {
          app.maximized = grown ? "" : id;
          app.changed();
        }}>${icon(grown ? "shrink" : "grow")}</button>
      </div>
    </header>`)}
    <div class="scroll" data-measure=${id} data-scroll=${id} tabindex="0" role="group" aria-label=${title} @scroll=${(/** @type {Event} */ event) => scrolled(app, id, event)}>
      ${view
        ? guard([drawing, asTable, size, scale, messages], () => (drawing ? (asTable ? tableOf(app, drawing.table()) : canvas(drawing, scale, size)) : nothing))
        : inspector(app)}
    </div>`;
}

/**
 * A drawing, in a box of its size. An SVG element keeps the size of the pane and lets the drawing overflow: where the size of an SVG
 * element changes, the browser lays out every text in it anew.
 * @param {Drawing} drawing
 * @param {number} scale
 * @param {{width: number, height: number}} size of the pane
 */
function canvas(drawing, scale, size) {
  const { width, height, label, list, scene } = drawing;
  if (list) return html`<div class="canvas" style="width: ${width}px; height: ${height}px; zoom: ${scale}" role="img" aria-label=${label}>${listed(list)}</div>`;
  return html`<div class="canvas" style="width: ${width * scale}px; height: ${height * scale}px"><svg class="diagram" width=${size.width} height=${size.height}
    viewBox="0 0 ${size.width / scale} ${size.height / scale}" role="img" aria-label=${label}>${keyed(scene, svg`<g>${drawing.svg}</g>`)}</svg></div>`;
}

/**
 * The drawing of a view now; the last one where nothing that it depends on has changed.
 * @param {App} app
 * @param {View} view
 * @param {number} scale
 */
export function drawingOf(app, view, scale) {
  const { id } = view;
  const size = measured(id);
  const { width, height } = size;
  const top = topOf(id);
  const key = (/** @type {number} */ y) =>
    [app.at, app.level, app.run?.length, app.revision, app.messages.lang, width, height, y, scale, JSON.stringify(app.selection), app.toggled.size, app.hits.length].join("|");
  const held = drawn.get(id);
  if (held?.key === key(top)) return held.drawing;
  const moved = held?.at !== app.at || held.size !== size || held.drawing.follow === undefined;
  const goal = (/** @type {number} */ y, /** @type {number} */ whole) => (moved ? followed(top, y * scale, height, whole * scale) : top);
  const frame = { ...frameOf(app, id, scale, top), follow: (/** @type {number} */ y, /** @type {number} */ whole) => goal(y, whole) / scale };
  const drawing = view.draw(frame);
  const seen = drawing.follow === undefined ? top : goal(drawing.follow, drawing.height);
  if (seen !== top) scrollTo(id, seen);
  drawn.set(id, { key: key(seen), at: app.at, size, drawing });
  return drawing;
}

/**
 * Where a pane is scrolled to so that the present step stays in its middle: no further than it must, so that few rows come into sight.
 * @param {number} top where it is
 * @param {number} y the present step
 * @param {number} height of the pane
 * @param {number} whole height of the drawing
 */
function followed(top, y, height, whole) {
  const low = height * MIDDLE;
  const far = y < top - height || y > top + 2 * height;
  const wanted = far ? y - height / 2 : y < top + low ? y - low : y > top + height - low ? y - height + low : top;
  return Math.max(0, Math.min(Math.max(0, whole - height), Math.round(wanted)));
}

/**
 * @param {App} app
 * @param {string} id
 */
function toggle(app, id) {
  if (!app.asTable.delete(id)) app.asTable.add(id);
  app.changed();
}
