/**
 * The tree of calls, computed as chunks arrive: one row a call, in order of entry.
 * @module
 */

import { Growable, Names } from "./growable.js";

/** @typedef {import("./fold.js").Raw} Raw */

export class Calls {
  /** Open calls, innermost last (rows). @type {number[]} */ #open = [];
  /** The last child so far of each open call. @type {number[]} */ #last = [];
  #lastRoot = -1;

  constructor() {
    /** seq of the Enter. */
    this.enter = new Growable(Int32Array);
    /** seq of the Exit, -1 while the call is open. */
    this.exit = new Growable(Int32Array);
    /** Row of the calling call, -1 outside. */
    this.parent = new Growable(Int32Array);
    this.depth = new Growable(Uint16Array);
    /** Index of the function in the header. */
    this.fn = new Growable(Int32Array);
    /** Row of the next call in the same call, -1 where there is none (yet). */
    this.next = new Growable(Int32Array);
    /** The first argument: an object's id; a text's number in `texts`, below 0 and counted from -1 down; 0 for anything else. */
    this.first = new Growable(Int32Array);
    this.texts = new Names();
    /** 1 where the call was left with an error. */
    this.failed = new Growable(Uint8Array);
  }

  get length() {
    return this.enter.length;
  }

  /**
   * @param {number} seq
   * @param {Raw} event
   */
  push(seq, event) {
    if (event[0] === "E") {
      const row = this.length;
      const parent = this.#open.at(-1) ?? -1;
      const before = parent === -1 ? this.#lastRoot : /** @type {number} */ (this.#last.at(-1));
      if (before !== -1) this.next.data[before] = row;
      if (parent === -1) this.#lastRoot = row;
      else this.#last[this.#last.length - 1] = row;
      this.enter.push(seq);
      this.exit.push(-1);
      this.parent.push(parent);
      this.depth.push(this.#open.length);
      this.fn.push(event[3]);
      this.next.push(-1);
      this.failed.push(0);
      // What an outermost call is about is a command, where it is given one.
      const first = parent === -1 && typeof event[4][1] === "string" ? event[4][1] : event[4][0];
      this.first.push(first?.r ?? (typeof first === "string" ? -1 - this.texts.add(first) : 0));
      this.#open.push(row);
      this.#last.push(-1);
    } else if (event[0] === "X") {
      const row = this.#open.pop();
      this.#last.pop();
      if (row === undefined) return;
      this.exit.data[row] = seq;
      if (event[4] !== null) this.failed.data[row] = 1;
    }
  }

  /** The rows of the calls that are open at the end of the log. */
  get open() {
    return this.#open;
  }

  /**
   * The row of the call whose Enter is event `seq`, -1 for the outside.
   * @param {number} seq
   */
  row(seq) {
    if (seq < 0) return -1;
    const row = this.enter.floor(seq);
    return row >= 0 && this.enter.data[row] === seq ? row : -1;
  }

  /**
   * The row of the innermost call that is open after `n` events, -1 where none is.
   * @param {number} n
   */
  innermost(n) {
    let row = this.enter.floor(n - 1);
    while (row !== -1) {
      const exit = this.exit.data[row];
      if (exit === -1 || exit >= n) return row;
      row = this.parent.data[row];
    }
    return -1;
  }

  /**
   * The rows from the outermost call to `row`.
   * @param {number} row
   */
  path(row) {
    const rows = [];
    for (; row !== -1; row = this.parent.data[row]) rows.push(row);
    return rows.reverse();
  }

  /**
   * The first call made inside `row` (-1: the first of all), -1 where there is none.
   * @param {number} row
   */
  firstChild(row) {
    const first = row + 1;
    return first < this.length && this.parent.data[first] === row ? first : -1;
  }

  /**
   * The first row after `row` and everything inside of it.
   * @param {number} row
   */
  after(row) {
    const exit = this.exit.data[row];
    return exit === -1 ? this.length : this.enter.floor(exit) + 1;
  }
}
