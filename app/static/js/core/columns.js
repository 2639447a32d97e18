/**
 * What is asked of many events at once, as columns: searching, stepping and marking never parse the log.
 * @module
 */

import { Growable, Names } from "./growable.js";

/** @typedef {import("./fold.js").Raw} Raw */

/** Event kinds by number; the number is the letter's place here. */
export const KINDS = "EXNFSIRPM";
export const [ENTER, EXIT, NEW, FREE, SET, INSERT, REMOVE, POKE, MESSAGE] = [...KINDS].keys();

export class Columns {
  constructor() {
    this.kind = new Growable(Uint8Array);
    /** The seq of the call it happened in; of an Enter: the outer call. */
    this.call = new Growable(Int32Array);
    this.line = new Growable(Int32Array);
    /** Object id; of an Enter: the function's index; else 0. */
    this.subject = new Growable(Int32Array);
    /** Number of the field's name in `fields`; of a New: of the type's name in `types`; of an Exit: 1 where it carries an error. */
    this.field = new Growable(Int32Array);
    /** Index or offset, -1 where it is a key or does not apply. */
    this.at = new Growable(Int32Array);
    /** Bytes poked from `at` on; 1 for other items. */
    this.span = new Growable(Uint16Array);
    this.fields = new Names();
    this.types = new Names();
  }

  get length() {
    return this.kind.length;
  }

  /** @param {Raw} event */
  push(event) {
    const kind = KINDS.indexOf(event[0]);
    let field = 0;
    let at = -1;
    let span = 0;
    let subject = 0;
    if (kind === EXIT) field = event[4] === null ? 0 : 1;
    else if (kind === NEW) field = this.types.add(event[4]);
    else if (kind >= SET && kind <= POKE) {
      field = this.fields.add(event[4]);
      if (kind !== SET) {
        if (typeof event[5] === "number") at = event[5];
        const poked = kind === POKE ? event[7] : null;
        span = poked !== null && typeof poked === "object" && poked.b !== undefined ? poked.b.length / 2 : 1;
      }
    }
    if (kind !== EXIT && kind !== MESSAGE) subject = event[3];
    this.kind.push(kind);
    this.call.push(event[1]);
    this.line.push(event[2] ?? 0);
    this.subject.push(subject);
    this.field.push(field);
    this.at.push(at);
    this.span.push(span);
  }

  /**
   * Whether event `seq` writes `field` of object `id` (any field if undefined; at byte or index `at` if given).
   * @param {number} seq
   * @param {number} id
   * @param {number} [field]
   * @param {number} [at]
   */
  writes(seq, id, field, at) {
    const kind = this.kind.data[seq];
    if (kind < NEW || kind > POKE || this.subject.data[seq] !== id) return false;
    if (kind === NEW) return true;
    if (field === undefined) return true;
    if (kind === FREE || this.field.data[seq] !== field) return false;
    if (at === undefined || kind === SET) return true;
    const first = this.at.data[seq];
    return first === -1 || (at >= first && at < first + this.span.data[seq]);
  }
}
