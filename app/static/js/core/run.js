/**
 * One run: its log and everything derived from it, fed chunk by chunk.
 * @module
 */

import { Calls } from "./calls.js";
import { Changes } from "./changes.js";
import { Columns } from "./columns.js";
import { History } from "./history.js";
import { Levels } from "./levels.js";
import { Log } from "./log.js";
import { ObjectNames } from "./names.js";
import { Story } from "./story.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./fold.js").Raw} Raw */
/** @typedef {{total: number, exit: number, stderr: string, stdout: string}} Ending */

export class Run {
  /**
   * @param {import("./log.js").Header} header
   * @param {import("./story.js").StoryData} story
   */
  constructor(header, story) {
    this.header = header;
    this.log = new Log(header);
    this.columns = new Columns();
    this.calls = new Calls();
    this.names = new ObjectNames();
    this.story = new Story(story, header.functions, this.names);
    this.levels = new Levels(this.columns, this.calls, this.story);
    this.timeline = new Timeline(this.log);
    this.history = new History(this.columns);
    /** How the run ended, null while it goes on. @type {Ending | null} */
    this.ending = null;
  }

  /** The number of events so far. */
  get length() {
    return this.log.length;
  }

  /**
   * Add events (see `Log.append`).
   * @param {number} from
   * @param {string} text
   * @param {Raw[]} events
   */
  append(from, text, events) {
    let seq = this.log.length;
    const fresh = this.log.append(from, text, events);
    for (const event of fresh) {
      this.columns.push(event);
      this.calls.push(seq, event);
      this.names.push(event);
      this.story.push(seq, event);
      seq++;
    }
    this.timeline.extend(fresh);
  }

  /**
   * What the step to place `n` changed, at a level.
   * @param {number} n
   * @param {import("./levels.js").Level} level
   */
  changes(n, level) {
    return new Changes(this.columns, this.log, n === 0 ? 0 : Math.min(n - 1, this.levels.previous(level, n)), n);
  }

  /**
   * The name of a function by its index in the header.
   * @param {number} index
   */
  functionName(index) {
    return this.header.functions[index]?.name ?? "?";
  }

  /**
   * The first argument of a call in a word or two: the object's own name or type, or the text; "" for anything else.
   * @param {number} row
   */
  argumentOf(row) {
    const first = this.calls.first.data[row];
    if (first < 0) return this.calls.texts.list[-1 - first];
    const named = first > 0 ? this.names.get(first) : undefined;
    return named ? named.name || named.type : "";
  }

  /**
   * The row of the call that event `seq` belongs to: the entered or left call itself, or the call it happened in.
   * @param {number} seq
   */
  callOf(seq) {
    if (seq < 0) return -1;
    return this.calls.row(this.columns.kind.data[seq] === 0 ? seq : this.columns.call.data[seq]);
  }

  /**
   * The function that event `seq` belongs to (see `callOf`), null outside of every call.
   * @param {number} seq
   */
  functionOf(seq) {
    const row = this.callOf(seq);
    return row === -1 ? null : (this.header.functions[this.calls.fn.data[row]] ?? null);
  }
}
