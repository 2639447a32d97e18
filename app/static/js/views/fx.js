/**
 * Functions told apart at a glance: each function of a drawing has a shape and a hue of its own, so that one can follow it from
 * slot to slot.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";

/** Shapes within a circle of radius 6. */
const SHAPES = [
  "M0 -6A6 6 0 1 1 0 6A6 6 0 1 1 0 -6Z",
  "M-5 -5H5V5H-5Z",
  "M0 -6.5L6 4.5H-6Z",
  "M0 -6.8L6.8 0L0 6.8L-6.8 0Z",
  "M-6 -4.5H6L0 6.5Z",
  "M0 -6.5L6.2 -2L3.8 5.3H-3.8L-6.2 -2Z",
  "M-2.2 -6H2.2V-2.2H6V2.2H2.2V6H-2.2V2.2H-6V-2.2H-2.2Z",
  "M-3.3 -5.7H3.3L6.6 0L3.3 5.7H-3.3L-6.6 0Z",
];

export class Marks {
  /** @type {Map<string, number>} */ #numbers = new Map();

  /**
   * Give a function a mark; the first come, the first served.
   * @param {string | null} name
   */
  note(name) {
    if (name && !this.#numbers.has(name)) this.#numbers.set(name, this.#numbers.size);
  }

  /**
   * The mark of a function, centred at (x, y).
   * @param {number} x
   * @param {number} y
   * @param {string} name
   * @param {boolean} [hollow]
   */
  draw(x, y, name, hollow = false) {
    const number = this.#numbers.get(name);
    if (number === undefined) return nothing;
    // After eight functions shapes come again, with another hue.
    const hue = (number + Math.floor(number / SHAPES.length)) % SHAPES.length;
    return svg`<path d=${SHAPES[number % SHAPES.length]} transform="translate(${x} ${y})" class="fx fx${hue} ${hollow ? "hollow" : ""}"></path>`;
  }
}
