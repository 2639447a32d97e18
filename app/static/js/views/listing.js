/**
 * Lists of lines of text. They are HTML on the screen (page/lines.js), where a browser lays text out much faster than in SVG, and SVG
 * in pictures. Both come from the same rows.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";

/** @typedef {import("../../vendor/lit-html/lit-html.js").TemplateResult} Template */

/**
 * @typedef {object} Piece a text in one style, monospaced
 * @property {string} text
 * @property {number} [x] where it begins; where that is not said, after the piece before
 * @property {string} [cls]
 * @property {number} [size]
 * @property {string} [title]
 * @property {string} [toggle] what a click on it folds; for the screen alone
 */
/**
 * @typedef {object} Row
 * @property {unknown} key what it stands for: while that is in sight, it keeps its elements
 * @property {number} y its top
 * @property {string} [cls]
 * @property {string} [select]
 * @property {number} [go]
 * @property {boolean} [current] the present step
 * @property {readonly (readonly Piece[])[]} lines
 */
/**
 * @typedef {object} Listing
 * @property {string} name a class
 * @property {"div" | "button"} [tag] of a row
 * @property {readonly Row[]} rows those in sight
 * @property {{first: number, every: number}} [stops] tab stops, at which most pieces begin
 * @property {number} line height of a line in a row
 * @property {number} base base line of the first line, below the row's top
 * @property {Template} [under] shapes below the text
 */

/** Of a piece that says no other. */
export const SIZE = 12;
/** Pixels between the right end of a row and what surrounds it. */
export const INSET = 4;

/**
 * A list as a picture.
 * @param {Listing} list
 * @returns {Template}
 */
export function listSvg({ rows, line, base, under }) {
  return svg`${under ?? nothing}${rows.map(
    ({ y, cls, lines }) => svg`<g class="row ${cls}" transform="translate(0 ${y})">${lines.map(
      (pieces, i) => svg`<text y=${base + i * line} class="t m" font-size=${SIZE} xml:space="preserve">${pieces.map(pieceSvg)}</text>`,
    )}</g>`,
  )}`;
}

/** @param {Piece} piece */
function pieceSvg({ text, x, cls, size }) {
  return text ? svg`<tspan x=${x ?? nothing} class=${cls ?? nothing} font-size=${size ?? nothing}>${text}</tspan>` : nothing;
}

/**
 * The ground of the present row.
 * @param {number} y
 * @param {number} width of the list
 * @param {number} height of the row
 */
export function ground(y, width, height) {
  return svg`<rect x=${INSET} y=${y} width=${width - 2 * INSET} height=${height} rx="3" class="current"></rect>`;
}
