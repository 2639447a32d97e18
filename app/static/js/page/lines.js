/**
 * Lists of lines of text on the screen (views/listing.js says what is in them). Written without templates: a step exchanges most
 * of some hundred lines, and nothing costs a browser less than new text in elements that are there already.
 * @module
 */

import { html, noChange, nothing } from "../../vendor/lit-html/lit-html.js";
import { Directive, directive } from "../../vendor/lit-html/directive.js";
import { SIZE } from "../views/listing.js";
import { textWidth } from "../views/kit.js";

/** @typedef {import("../views/listing.js").Listing} Listing */
/** @typedef {import("../views/listing.js").Row} Row */
/** @typedef {import("../views/listing.js").Piece} Piece */

/** So many empty elements a row keeps, for the next that has more. */
const SPARE = 8;
/** A tab stop that is nearer than half a character is passed over. */
const NEAR = SIZE * 0.3;

/**
 * The tabs that lead from `end` to `x`, -1 where none do. Tabs are text: to change a margin, a browser finds the element's style anew.
 * @param {number} end
 * @param {number} x
 * @param {{first: number, every: number} | undefined} stops
 */
export function tabs(end, x, stops) {
  if (!stops) return -1;
  const stop = (x - stops.first) / stops.every;
  const count = Math.round(stop) - Math.floor((end + NEAR - stops.first) / stops.every);
  return Math.abs(stop - Math.round(stop)) < 0.01 ? Math.max(-1, count) : -1;
}

/**
 * Which elements rows get: those that are still there keep theirs, the others get what is free.
 * @param {ReadonlyMap<unknown, number>} before slots by key
 * @param {readonly unknown[]} keys
 * @returns {Map<unknown, number>}
 */
export function assign(before, keys) {
  const taken = new Set();
  for (const key of keys) {
    const slot = before.get(key);
    if (slot !== undefined) taken.add(slot);
  }
  let free = -1;
  return new Map(
    keys.map((key) => {
      const slot = before.get(key);
      if (slot !== undefined) return [key, slot];
      do free++;
      while (taken.has(free));
      return [key, free];
    }),
  );
}

/** A text of a row, and the plain text before it. */
class Word {
  #plain = document.createTextNode("");
  #text = document.createTextNode("");
  #element = document.createElement("span");
  /** @type {Piece} */ #shown = { text: "" };
  #gap = 0;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.#element.append(this.#text);
    parent.append(this.#plain, this.#element);
  }

  /**
   * @param {string} plain
   * @param {Piece} piece
   * @param {number} gap before it
   */
  show(plain, piece, gap) {
    const before = this.#shown;
    this.#shown = piece;
    if (this.#plain.data !== plain) this.#plain.data = plain;
    if (before.text !== piece.text) this.#text.data = piece.text;
    if (before.cls !== piece.cls) this.#element.className = piece.cls ?? "";
    if (before.size !== piece.size) this.#element.style.fontSize = piece.size ? `${piece.size}px` : "";
    if (this.#gap !== gap) this.#element.style.marginLeft = (this.#gap = gap) ? `${gap}px` : "";
    if (before.title !== piece.title) put(this.#element, "title", piece.title);
    if (before.toggle !== piece.toggle) put(this.#element, "data-toggle", piece.toggle);
  }

  remove() {
    this.#plain.remove();
    this.#element.remove();
  }
}

/** The elements of a row. */
class Line {
  element;
  /** @type {Word[]} */ #words = [];
  /** @type {Partial<Row>} */ #shown = {};

  /** @param {string} tag */
  constructor(tag) {
    this.element = document.createElement(tag);
    this.element.className = "row";
  }

  /**
   * @param {Row | undefined} row nothing where there is none
   * @param {Listing["stops"]} stops
   */
  show(row, stops) {
    const { element } = this;
    const before = this.#shown;
    if (element.hidden === Boolean(row)) element.hidden = !row;
    if (!row || row === before) return;
    this.#shown = row;
    if (before.y !== row.y) element.style.top = `${row.y}px`;
    if (before.cls !== row.cls) element.className = `row ${row.cls ?? ""}`;
    if (before.select !== row.select) put(element, "data-select", row.select);
    if (before.go !== row.go) put(element, "data-go", row.go);
    if (before.current !== row.current) put(element, "aria-current", row.current ? "step" : undefined);
    this.#write(row.lines, stops);
  }

  /**
   * @param {Row["lines"]} lines
   * @param {Listing["stops"]} stops
   */
  #write(lines, stops) {
    let count = 0;
    let plain = "";
    const add = (/** @type {Piece} */ piece, gap = 0) => {
      (this.#words[count] ??= new Word(this.element)).show(plain, piece, gap);
      plain = "";
      count++;
    };
    lines.forEach((pieces, i) => {
      if (i > 0) plain += "\n";
      let end = stops?.first ?? 0;
      for (const piece of pieces) {
        const { text, x, cls, size = SIZE } = piece;
        if (x === undefined && !cls) plain += text;
        else if (x === undefined || !text) add(piece);
        else {
          const between = tabs(end, x, stops);
          if (between > 0) plain += "\t".repeat(between);
          add(piece, between >= 0 ? 0 : x - end);
          end = x;
        }
        end += textWidth(text, size);
      }
    });
    if (plain) add(NONE);
    for (let i = count; i < this.#words.length; i++) this.#words[i].show("", NONE, 0);
    while (this.#words.length > count + SPARE) this.#words.pop()?.remove();
  }
}

const NONE = Object.freeze({ text: "" });

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | number | undefined} value
 */
function put(element, name, value) {
  if (value === undefined || value === "") element.removeAttribute(name);
  else element.setAttribute(name, String(value));
}

class Lines extends Directive {
  /** @type {Line[]} */ #lines = [];
  /** @type {Map<unknown, number>} */ #slots = new Map();

  /** @param {Listing} _list @returns {unknown} */
  render(_list) {
    return noChange;
  }

  /**
   * @param {import("../../vendor/lit-html/directive.js").ElementPart} part
   * @param {[Listing]} list
   */
  update({ element }, [{ rows, stops, tag = "div" }]) {
    this.#slots = assign(this.#slots, rows.map(({ key }) => key));
    /** @type {(Row | undefined)[]} */
    const shown = Array.from(this.#lines, () => undefined);
    for (const row of rows) shown[/** @type {number} */ (this.#slots.get(row.key))] = row;
    shown.forEach((row, i) => {
      if (!this.#lines[i]) element.append((this.#lines[i] = new Line(tag)).element);
      this.#lines[i].show(row, stops);
    });
    return noChange;
  }
}

const lines = directive(Lines);

/**
 * A list, as an element.
 * @param {Listing} list
 */
export function listed(list) {
  const { name, stops } = list;
  return html`${list.under ? html`<svg class="under diagram" aria-hidden="true">${list.under}</svg>` : nothing}<div class="listing ${name}" style=${stops ? `--first: ${stops.first}px; tab-size: ${stops.every}px` : ""} ${lines(list)}></div>`;
}
