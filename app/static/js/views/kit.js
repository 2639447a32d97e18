/**
 * Small pieces that drawings are made of. All sizes are CSS pixels; classes are those of css/diagram.css.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";

/** @typedef {import("../../vendor/lit-html/lit-html.js").TemplateResult} Template */

/** Advance of a character of JetBrains Mono, in em. */
const MONO = 0.6;
/** Advances of Inter, in em: narrow, middle and wide characters, and the rest. @type {[RegExp, number][]} */
const SANS = [
  [/[iljtfrI.,:;'|!()[\]/ ]/, 0.31],
  [/[mwMW@%]/, 0.87],
  [/[A-Z0-9_&$#]/, 0.64],
];

/**
 * The width of a text in pixels: exact for the monospaced face, a good estimate for the other.
 * @param {string} text
 * @param {number} [size]
 * @param {boolean} [mono]
 */
export function textWidth(text, size = 12, mono = true) {
  let em = 0;
  for (const char of text) {
    if (char >= "\u2e80") em += 1;
    else if (mono) em += MONO;
    else em += SANS.find(([kind]) => kind.test(char))?.[1] ?? 0.56;
  }
  return em * size;
}

/**
 * A text cut to a width, with an ellipsis.
 * @param {string} text
 * @param {number} width
 * @param {number} [size]
 * @param {boolean} [mono]
 */
export function fit(text, width, size = 12, mono = true) {
  if (textWidth(text, size, mono) <= width) return text;
  const chars = [...text];
  while (chars.length && textWidth(chars.join("") + "…", size, mono) > width) chars.pop();
  return chars.length ? `${chars.join("")}…` : "";
}

/**
 * @typedef {object} TextStyle
 * @property {string} [cls] classes: m (mono), s (small), b (bold), ink2, ink3, obj, cls, fn, err, chg
 * @property {number} [size]
 * @property {"start" | "middle" | "end"} [anchor]
 * @property {number} [width] cut to this width; the whole text stays in a <title>
 * @property {string} [select] token
 */

/**
 * A text; `y` is its base line.
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {TextStyle} [style]
 * @returns {Template}
 */
export function label(x, y, text, { cls = "", size = 12, anchor = "start", width, select } = {}) {
  const shown = width === undefined ? text : fit(text, width, size, / ?\bm\b/.test(cls));
  return svg`<text x=${x} y=${y} class="t ${cls} ${select ? "pick" : ""}" font-size=${size} text-anchor=${anchor}
    data-select=${select ?? nothing} xml:space="preserve">${shown}${shown === text ? nothing : svg`<title>${text}</title>`}</text>`;
}

/**
 * A box with rounded corners.
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {{cls?: string, select?: string, radius?: number}} [style] classes: paper, panel, tint, ghost, picked, changed
 */
export function box(x, y, width, height, { cls = "paper", select, radius = 3 } = {}) {
  return svg`<rect x=${x} y=${y} width=${Math.max(0, width)} height=${Math.max(0, height)} rx=${radius} class="box ${cls} ${select ? "pick" : ""}"
    data-select=${select ?? nothing}></rect>`;
}

/**
 * The mark of "changed in this step": a tint with a bar at its left, so that it shows without colour.
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
export function changed(x, y, width, height) {
  return svg`<rect x=${x} y=${y} width=${width} height=${height} class="changed-tint"></rect>
    <path d="M${x} ${y}h3v${height / 2 - 3}l3 3l-3 3v${height / 2 - 3}h-3z" class="changed-bar"></path>`;
}

/**
 * The frame around what is selected.
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
export function picked(x, y, width, height) {
  return svg`<rect x=${x} y=${y} width=${width} height=${height} rx="3" class="picked"></rect>`;
}

/**
 * A line.
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} [cls] rule, strong, dashed
 */
export function line(x1, y1, x2, y2, cls = "rule") {
  return svg`<line x1=${x1} y1=${y1} x2=${x2} y2=${y2} class=${cls}></line>`;
}

/**
 * An arrow along a path (SVG path data) that ends in direction `angle` (degrees, 0 is to the right).
 * @param {string} path
 * @param {number} x where it ends
 * @param {number} y
 * @param {number} [angle]
 * @param {string} [cls]
 */
export function arrow(path, x, y, angle = 0, cls = "") {
  return svg`<path d=${path} class="arrow ${cls}"></path>
    <path d="M0 0l-7 -3.5v7z" transform="translate(${x} ${y}) rotate(${angle})" class="head ${cls}"></path>`;
}

/** Shapes of event kinds: each differs in form, not in colour alone. @type {Record<string, string>} */
const GLYPHS = {
  E: "M-4 -4.5L4.5 0L-4 4.5Z",
  X: "M4 -4.5L-4.5 0L4 4.5Z",
  N: "M-1.5 -5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z",
  F: "M-4.5 -3L-3 -4.5L0 -1.5L3 -4.5L4.5 -3L1.5 0L4.5 3L3 4.5L0 1.5L-3 4.5L-4.5 3L-1.5 0Z",
  S: "M-4.5 -4.5h9v9h-9z",
  I: "M-5 -1.5h6v-3.5l5 5l-5 5v-3.5h-6z",
  R: "M5 -1.5h-6v-3.5l-5 5l5 5v-3.5h6z",
  P: "M0 -5.5L5.5 0L0 5.5L-5.5 0Z",
  M: "M-5 -4.5h10v7h-5l-3 3v-3h-2z",
};

/**
 * The shape of an event kind.
 * @param {number} x centre
 * @param {number} y
 * @param {string} kind letter
 * @param {string} [cls]
 */
export function glyph(x, y, kind, cls = "") {
  return svg`<path d=${GLYPHS[kind] ?? GLYPHS.S} transform="translate(${x} ${y})" class="glyph kind-${kind} ${cls}"></path>`;
}
