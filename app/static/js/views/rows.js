/**
 * Rows of a list of which a window is seen: a row that comes into sight takes the elements of one that has left it. To change a text
 * costs a browser much less than to take it out and put another in.
 * @module
 */

import { Directive, directive } from "../../vendor/lit-html/directive.js";
import { repeat } from "../../vendor/lit-html/directives/repeat.js";

/**
 * @template T
 * @typedef {(item: T, i: number) => unknown} Draw
 */

class Rows extends Directive {
  /** Which elements a row has, by its key. @type {Map<unknown, number>} */ #slots = new Map();

  /**
   * @template T
   * @param {readonly T[]} items
   * @param {(item: T) => unknown} key
   * @param {Draw<T>} draw
   */
  render(items, key, draw) {
    const slots = this.#assign(items.map(key));
    const order = Array.from(items.keys()).sort((a, b) => slots[a] - slots[b]);
    return repeat(order, (i) => slots[i], (i) => draw(items[i], i));
  }

  /**
   * Rows that are still there keep their elements; the others get what is free.
   * @param {unknown[]} keys
   * @returns {number[]} the slot of each
   */
  #assign(keys) {
    const before = this.#slots;
    const taken = new Set();
    for (const key of keys) {
      const slot = before.get(key);
      if (slot !== undefined) taken.add(slot);
    }
    let free = -1;
    const slots = keys.map((key) => {
      const slot = before.get(key);
      if (slot !== undefined) return slot;
      do free++;
      while (taken.has(free));
      return free;
    });
    this.#slots = new Map(keys.map((key, i) => [key, slots[i]]));
    return slots;
  }
}

/**
 * Draw rows, each known by its key: `rows(items, key, draw)`, as `repeat`; they must not depend on their order in the document.
 * @type {<T>(items: readonly T[], key: (item: T) => unknown, draw: Draw<T>) => unknown}
 */
export const rows = /** @type {any} */ (directive(Rows));
