/**
 * The states of a run: a head that folds what arrives, checkpoints, and a cursor that goes to any place quickly.
 *
 * A place `n` is a number of events: 0 is before everything, and at `n` the last thing that happened is event `n - 1`.
 * @module
 */

import { State, apply, revert } from "./fold.js";

/** @typedef {import("./fold.js").Raw} Raw */

/** Events between two checkpoints at first: half of them, folded, is the most that a seek costs. */
const SPACING = 2048;
/** With more checkpoints than this, every second one goes: what they hold apart from each other is what a long run costs. */
const MOST = 48;

export class Timeline {
  #head = new State();
  #folded = 0;
  #spacing = SPACING;
  /** `#checkpoints[i]` is the state after `i * #spacing` events. @type {State[]} */ #checkpoints;
  /** @type {State} */ #state;

  /** @param {import("./log.js").Log} log */
  constructor(log) {
    this.log = log;
    this.#checkpoints = [this.#head.fork()];
    this.#state = this.#checkpoints[0].fork();
    /** Where the cursor stands. */
    this.at = 0;
  }

  /** The state at the cursor. Not to be kept: the next seek changes it. */
  get state() {
    return this.#state;
  }

  /**
   * Fold events that were appended to the log.
   * @param {Raw[]} events
   */
  extend(events) {
    for (const event of events) {
      apply(this.#head, this.#folded++, event);
      if (this.#folded % this.#spacing !== 0) continue;
      this.#checkpoints.push(this.#head.fork());
      if (this.#checkpoints.length <= MOST) continue;
      this.#checkpoints = this.#checkpoints.filter((_, i) => i % 2 === 0);
      this.#spacing *= 2;
    }
  }

  /**
   * Move the cursor to `n` events (clamped to what there is) and return the state there.
   * @param {number} n
   */
  seek(n) {
    n = Math.max(0, Math.min(this.#folded, Math.floor(n)));
    const nearest = Math.min(this.#checkpoints.length - 1, Math.round(n / this.#spacing));
    if (Math.abs(n - this.at) > Math.abs(n - nearest * this.#spacing)) {
      this.#state = this.#checkpoints[nearest].fork();
      this.at = nearest * this.#spacing;
    }
    const state = this.#state;
    this.log.each(this.at, n, n >= this.at ? (seq, event) => apply(state, seq, event) : (seq, event) => revert(state, seq, event));
    this.at = n;
    return state;
  }
}
