/**
 * Typed arrays that grow, and a table of interned strings.
 * @module
 */

/** @template {Int32Array | Uint32Array | Uint16Array | Uint8Array} T */
export class Growable {
  /**
   * @param {new (size: number) => T} kind
   * @param {number} [capacity]
   */
  constructor(kind, capacity = 4096) {
    this.kind = kind;
    /** @type {T} */
    this.data = new kind(capacity);
    this.length = 0;
  }

  /** @param {number} value */
  push(value) {
    if (this.length === this.data.length) {
      const grown = new this.kind(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length++] = value;
  }

  /** @param {number} at */
  at(at) {
    return this.data[at];
  }

  /**
   * The place of the last item that is at most `value` (items ascend), -1 where there is none.
   * @param {number} value
   */
  floor(value) {
    let low = -1;
    let high = this.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.data[middle] <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Strings numbered in order of first appearance. */
export class Names {
  /** @type {Map<string, number>} */ #ids = new Map();

  constructor() {
    /** @type {string[]} */
    this.list = [];
  }

  /**
   * The number of a name, a new one where it is new.
   * @param {string} name
   */
  add(name) {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.list.length;
      this.#ids.set(name, id);
      this.list.push(name);
    }
    return id;
  }

  /**
   * The number of a name, -1 where it is unknown.
   * @param {string} name
   */
  find(name) {
    return this.#ids.get(name) ?? -1;
  }

  /**
   * A table over the numbers: 1 where the name passes the test.
   * @param {(name: string) => boolean} test
   */
  table(test) {
    return Uint8Array.from(this.list, (name) => (test(name) ? 1 : 0));
  }
}
