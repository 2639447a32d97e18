/**
 * The four levels of detail, and steps between the places where each of them stops.
 * @module
 */

import { ENTER, EXIT, MESSAGE } from "./columns.js";

export const LEVELS = /** @type {const} */ (["phase", "milestone", "function", "event"]);
/** @typedef {typeof LEVELS[number]} Level */

export class Levels {
  /**
   * @param {import("./columns.js").Columns} columns
   * @param {import("./calls.js").Calls} calls
   * @param {import("./story.js").Story} story
   */
  constructor(columns, calls, story) {
    this.columns = columns;
    this.calls = calls;
    this.story = story;
  }

  /**
   * Whether a level stops after event `seq`.
   *
   * "function" stops at every Enter, and at an Exit where something happened since the stop before: no change is ever
   * attributed to the wrong function.
   * @param {Level} level
   * @param {number} seq
   */
  stops(level, seq) {
    if (level === "event") return true;
    if (level === "milestone") {
      const place = this.story.milestones.floor(seq);
      return place >= 0 && this.story.milestones.at(place) === seq;
    }
    if (level === "phase") {
      const segment = this.story.segments[this.story.segmentAt(seq)];
      return segment !== undefined && segment.start === seq;
    }
    const kind = this.columns.kind.data[seq];
    if (kind === ENTER || kind === MESSAGE) return true;
    if (kind !== EXIT) return false;
    const before = this.columns.kind.data[seq - 1];
    return before !== ENTER && before !== EXIT;
  }

  /**
   * The next place after `n` at which the level stops; the end where there is none.
   * @param {Level} level
   * @param {number} n
   */
  next(level, n) {
    const end = this.columns.length;
    if (level === "phase") {
      const segment = this.story.segments[this.story.segmentAt(n - 1) + 1];
      return segment ? Math.max(segment.start + 1, n + 1) : end;
    }
    if (level === "milestone") {
      const place = this.story.milestones.floor(n - 1) + 1;
      return place < this.story.milestones.length ? this.story.milestones.at(place) + 1 : end;
    }
    for (let seq = n; seq < end; seq++) if (this.stops(level, seq)) return seq + 1;
    return end;
  }

  /**
   * The last place before `n` at which the level stops; 0 where there is none.
   * @param {Level} level
   * @param {number} n
   */
  previous(level, n) {
    if (level === "phase") {
      const segment = this.story.segments[this.story.segmentAt(n - 2)];
      return segment ? segment.start + 1 : 0;
    }
    if (level === "milestone") {
      const place = this.story.milestones.floor(n - 2);
      return place >= 0 ? this.story.milestones.at(place) + 1 : 0;
    }
    for (let seq = n - 2; seq >= 0; seq--) if (this.stops(level, seq)) return seq + 1;
    return 0;
  }

  /**
   * Into: the next call entered or left.
   * @param {number} n
   */
  into(n) {
    const { data } = this.columns.kind;
    for (let seq = n; seq < this.columns.length; seq++) if (data[seq] === ENTER || data[seq] === EXIT) return seq + 1;
    return this.columns.length;
  }

  /**
   * Into, backwards.
   * @param {number} n
   */
  intoBack(n) {
    const { data } = this.columns.kind;
    for (let seq = n - 2; seq >= 0; seq--) if (data[seq] === ENTER || data[seq] === EXIT) return seq + 1;
    return 0;
  }

  /**
   * Over: a call that was just entered is run to its end; else as `into`.
   * @param {number} n
   */
  over(n) {
    if (n > 0 && this.columns.kind.data[n - 1] === ENTER) {
      const exit = this.calls.exit.data[this.calls.row(n - 1)];
      return exit === -1 ? this.columns.length : exit + 1;
    }
    return this.into(n);
  }

  /**
   * Over, backwards: a call that was just left is run back to its beginning.
   * @param {number} n
   */
  overBack(n) {
    if (n > 0 && this.columns.kind.data[n - 1] === EXIT) return this.columns.call.data[n - 1] + 1;
    return this.intoBack(n);
  }

  /**
   * Out: to the end of the innermost open call.
   * @param {number} n
   */
  out(n) {
    const row = this.calls.innermost(n);
    const exit = row === -1 ? -1 : this.calls.exit.data[row];
    return exit === -1 ? this.columns.length : exit + 1;
  }

  /**
   * Out, backwards: to the beginning of the innermost open call, or of the one around it.
   * @param {number} n
   */
  outBack(n) {
    let row = this.calls.innermost(n);
    if (row !== -1 && this.calls.enter.data[row] === n - 1) row = this.calls.parent.data[row];
    return row === -1 ? 0 : this.calls.enter.data[row] + 1;
  }
}
