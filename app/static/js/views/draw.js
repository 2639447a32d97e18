/**
 * Pieces that several of the larger drawings share, on top of kit.js.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { textWidth } from "./kit.js";

/** @typedef {import("../../vendor/lit-html/lit-html.js").TemplateResult} Template */
/** @typedef {Template | typeof nothing | "" | (Template | typeof nothing | "")[]} Part */

/**
 * A text made of differently styled pieces, in one line.
 * @param {number} x
 * @param {number} y
 * @param {({text: string, cls?: string, size?: number, select?: string, go?: number} | null | false)[]} pieces
 * @param {number} [size]
 * @returns {Template}
 */
export function line(x, y, pieces, size = 12) {
  let at = x;
  return svg`${pieces.map((piece) => {
    if (!piece) return nothing;
    const { text, cls = "", select, go } = piece;
    const own = piece.size ?? size;
    const start = at;
    at += textWidth(text, own, /\bm\b/.test(cls)) * (/\bb\b/.test(cls) && !/\bm\b/.test(cls) ? 1.06 : 1);
    return svg`<text x=${start} y=${y} class="t ${cls} ${select || go !== undefined ? "pick" : ""}" font-size=${own} xml:space="preserve"
      data-select=${select ?? nothing} data-go=${go ?? nothing}>${text}</text>`;
  })}`;
}

/**
 * A surface that can be clicked, under what is drawn on it. Each stands in a group of its own with what is on it: the style of what
 * follows a surface depends on it, and where thousands of elements follow each other, every change would look through all of them.
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {{select?: string, toggle?: string, go?: number, title?: string, cls?: string}} of
 */
export function surface(x, y, width, height, { select, toggle, go, title, cls = "" }) {
  return svg`<rect x=${x} y=${y} width=${Math.max(0, width)} height=${Math.max(0, height)} class="surface pick ${cls}" data-select=${select ?? nothing}
    data-toggle=${toggle ?? nothing} data-go=${go ?? nothing}>${title ? svg`<title>${title}</title>` : nothing}</rect>`;
}

/**
 * A number in a disc.
 * @param {number} x centre
 * @param {number} y
 * @param {number | string} number
 * @param {"ahead" | "open" | "done" | "would"} how
 * @param {string} [select]
 */
export function badge(x, y, number, how, select) {
  const text = String(number);
  return svg`<g class="badge is-${how}"><circle cx=${x} cy=${y} r=${text.length > 1 ? 11 : 10} class=${select ? "pick" : ""} data-select=${select ?? nothing}></circle>
    <text x=${x} y=${y + 4.3} class="t b num" font-size=${text.length > 1 ? 11.5 : 12} text-anchor="middle" data-select=${select ?? nothing}>${text}</text></g>`;
}

/**
 * Things to choose from, as tabs in rows; returns where they end.
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {{text: string, on: boolean, toggle?: string, select?: string, title?: string}[]} tabs
 * @returns {{svg: Template, height: number}}
 */
export function tabs(x, y, width, tabs) {
  const height = 24;
  let at = x;
  let row = 0;
  const drawn = tabs.map(({ text, on, toggle, select, title }) => {
    const own = textWidth(text, 12, true) + 20;
    if (at > x && at + own > x + width) {
      at = x;
      row++;
    }
    const left = at;
    const top = y + row * (height + 6);
    at += own + 6;
    return svg`<g class="tab ${on ? "on" : ""}"><rect x=${left} y=${top} width=${own} height=${height} rx="12" class="pick" data-toggle=${toggle ?? nothing} data-select=${select ?? nothing}>
      ${title ? svg`<title>${title}</title>` : nothing}</rect>
      <text x=${left + own / 2} y=${top + 16} class="t m" font-size="12" text-anchor="middle" data-toggle=${toggle ?? nothing} data-select=${select ?? nothing}>${text}</text></g>`;
  });
  return { svg: svg`${drawn}`, height: tabs.length ? (row + 1) * (height + 6) : 0 };
}

/**
 * Text broken into lines of at most a width: at spaces, and between Chinese characters.
 * @param {string} text
 * @param {number} width
 * @param {number} [size]
 * @returns {string[]}
 */
export function wrap(text, width, size = 12) {
  /** @type {string[]} */
  const lines = [];
  let own = "";
  for (const word of text.match(/[\u2e80-\uffff][，。；：、）」！？]*|[^\s\u2e80-\uffff]+\s*|\s+/g) ?? []) {
    if (own && textWidth((own + word).trimEnd(), size, false) > width) {
      lines.push(own.trimEnd());
      own = "";
    }
    own += word;
  }
  if (own.trim()) lines.push(own.trimEnd());
  return lines;
}

/**
 * Lines of prose, one under the other.
 * @param {number} x
 * @param {number} y base line of the first
 * @param {readonly string[]} lines
 * @param {{size?: number, cls?: string, leading?: number}} [style]
 */
export function prose(x, y, lines, { size = 12, cls = "ink2", leading = 17 } = {}) {
  return svg`${lines.map((text, i) => svg`<text x=${x} y=${y + i * leading} class="t ${cls}" font-size=${size}>${text}</text>`)}`;
}

/**
 * A heading of a part of a drawing.
 * @param {number} x
 * @param {number} y base line
 * @param {string} text
 */
export function heading(x, y, text) {
  return svg`<text x=${x} y=${y} class="t b" font-size="14">${text}</text>`;
}

/**
 * Move a drawn part.
 * @param {number} x
 * @param {number} y
 * @param {Part} part
 */
export function at(x, y, part) {
  return svg`<g transform="translate(${x} ${y})">${part}</g>`;
}
