/**
 * One run: its log and everything derived from it, fed chunk by chunk.
 * @module
 */

import { Calls } from "./calls.js";
import { Changes } from "./changes.js";
import { Columns, MESSAGE } from "./columns.js";
import { History } from "./history.js";
import { Levels } from "./levels.js";
import { Log } from "./log.js";
import { ObjectNames } from "./names.js";
import { Story } from "./story.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./fold.js").Raw} Raw */
/** @typedef {{total: number, exit: number, stderr: string, stdout: string, ready?: boolean}} Ending */

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
    /** What was done on the ready machine: the event of each command, and its text. @type {{seq: number, text: string}[]} */
    this.commands = [];
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
      if (event[0] === "M" && event[3] === "command") this.commands.push({ seq, text: event[4] });
      seq++;
    }
    this.timeline.extend(fresh);
  }

  /**
   * Take the log up again: more commands are done on the machine.
   * @param {import("./log.js").Header} header
   */
  goOn(header) {
    this.header = header;
    this.ending = null;
  }

  /**
   * What a command printed, as far as it is here.
   * @param {number} i which one
   */
  printed(i) {
    const end = this.commands[i + 1]?.seq ?? this.length;
    let text = "";
    for (let seq = this.commands[i].seq + 1; seq < end; seq++) {
      if (this.columns.kind.data[seq] !== MESSAGE) continue;
      const [, , , stream, said] = this.log.at(seq);
      if (stream !== "command") text += said;
    }
    return text;
  }

  /**
   * What the step to place `n` changed, at a level.
   * @param {number} n
   * @param {import("./levels.js").Level} level
   */
  changes(n, level) {
    return new Changes(this.columns, this.log, n === 0 ? 0 : Math.min(n - 1, this.levels.previous(level, n)), n);
  }

  /** The modules that hold functions which were called. */
  modules() {
    const called = new Uint8Array(this.header.functions.length);
    for (let row = 0; row < this.calls.length; row++) called[this.calls.fn.data[row]] = 1;
    return [...new Set(this.header.functions.filter((info, i) => called[i] && info.modelled).map((info) => info.module))];
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
