/**
 * The list of changes in the inspector: one line each where there is room, two where not.
 * @module
 */

import { html } from "../../vendor/lit-html/lit-html.js";
import { fit, textWidth } from "../views/kit.js";
import { measured } from "./frame.js";
import { panesOf } from "./layouts.js";
import { listed } from "./lines.js";
import { topOf } from "./scroll.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../views/listing.js").Piece} Piece */

/**
 * @typedef {object} Entry
 * @property {string} seq number of the event
 * @property {Piece[]} who the function, or the object and its field
 * @property {string} change
 * @property {string} [cls]
 * @property {boolean} [current]
 * @property {string} [select]
 * @property {number} [go]
 */

/** Space at both sides of the list (css/panes.css). */
const PAD = 12;
/** Width of a character: whatever begins in a row begins where one does. */
const CHAR = textWidth("0");
/** Where text begins, after the number. */
const LEFT = 9 * CHAR;
/** From this width a change stands beside what it is of. */
const WIDE = 560;
/** Heights of rows of one line and of two. */
const [ONE, TWO] = [24, 41];
/** The drawer (css/panes.css): everything is drawn. */
const DRAWER = { width: 358, height: Infinity };

/**
 * @param {App} app
 * @param {readonly Entry[]} entries
 */
export function historyList(app, entries) {
  const { width, height } = panesOf(app).includes("inspector") ? measured("inspector") : DRAWER;
  const inner = width - 2 * PAD;
  const changes = entries.some(({ change }) => change);
  const row = changes && width < WIDE ? TWO : ONE;
  const middle = !changes ? inner : row === TWO ? LEFT : LEFT + Math.round(((inner - LEFT) * 0.5) / CHAR) * CHAR;
  // Whatever stands above the list only moves it down: what could be in sight is drawn.
  const last = Math.ceil((topOf("inspector") + height) / row) + 1;
  const rows = entries.slice(0, last).map((entry, i) => rowOf(entry, i, row * i, inner, middle));
  return html`<div class="changes" style="height: ${row * entries.length}px">${listed({ name: row === ONE ? "one" : "two", tag: "button", stops: { first: 0, every: CHAR }, rows, line: 17, base: 15 })}</div>`;
}

/**
 * @param {Entry} entry
 * @param {number} key
 * @param {number} y
 * @param {number} width
 * @param {number} middle where changes begin
 * @returns {import("../views/listing.js").Row}
 */
function rowOf({ seq, who, change, cls, current, select, go }, key, y, width, middle) {
  const beside = middle > LEFT;
  // The field says more than the object: where there is no room for both, the object is cut.
  const [first, ...more] = who;
  const after = more.reduce((sum, { text }) => sum + textWidth(text), 0);
  let end = LEFT;
  const room = (beside ? middle : width) - CHAR;
  const names = who.map((piece) => {
    const text = fit(piece.text, piece === first ? Math.max(room - end - after, 8 * CHAR) : room - end);
    const x = end;
    end += textWidth(text);
    return { ...piece, x, text, title: text === piece.text ? "" : piece.text };
  });
  const shown = fit(change, width - middle - 4);
  const value = { x: middle, text: shown, cls: "ink2", title: shown === change ? "" : change };
  const number = { x: LEFT - CHAR - textWidth(seq), text: seq, cls: "ink3" };
  return { key, y, cls, current, select, go, lines: beside ? [[number, ...names, value]] : [[number, ...names], [value]] };
}
