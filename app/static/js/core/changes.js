/**
 * What one step changed: everything from the stop before to the present one.
 * @module
 */

import { FREE, INSERT, NEW, POKE, REMOVE, SET } from "./columns.js";
import { ABSENT, decode } from "./values.js";

/** @typedef {import("./values.js").Value} Value */

export class Changes {
  /** Events by object, then by number of the field's name. @type {Map<number, Map<number, number[]>>} */ #writes = new Map();
  /** @type {Set<number>} */ #created = new Set();
  /** @type {Set<number>} */ #freed = new Set();

  /**
   * @param {import("./columns.js").Columns} columns
   * @param {import("./log.js").Log} log
   * @param {number} from the place before the step
   * @param {number} to the place after it
   */
  constructor(columns, log, from, to) {
    this.columns = columns;
    this.log = log;
    this.from = from;
    this.to = to;
    const kinds = columns.kind.data;
    for (let seq = from; seq < to; seq++) {
      const kind = kinds[seq];
      if (kind < NEW || kind > POKE) continue;
      const id = columns.subject.data[seq];
      if (kind === NEW) this.#created.add(id);
      else if (kind === FREE) this.#freed.add(id);
      else {
        let fields = this.#writes.get(id);
        if (!fields) this.#writes.set(id, (fields = new Map()));
        const field = columns.field.data[seq];
        const seqs = fields.get(field);
        if (seqs) seqs.push(seq);
        else fields.set(field, [seq]);
      }
    }
  }

  /** Whether nothing was created, freed or written. */
  get none() {
    return this.#created.size === 0 && this.#freed.size === 0 && this.#writes.size === 0;
  }

  /** Ids of the objects created in this step. */
  get created() {
    return this.#created;
  }

  /**
   * Whether the object was created, freed or written to.
   * @param {number} id
   */
  object(id) {
    return this.#created.has(id) || this.#freed.has(id) || this.#writes.has(id);
  }

  /**
   * The events of this step that wrote the field.
   * @param {number} id
   * @param {string} field
   * @returns {readonly number[]}
   */
  events(id, field) {
    return this.#writes.get(id)?.get(this.columns.fields.find(field)) ?? [];
  }

  /**
   * Whether the field was written (or, with `at`, that item, key or byte of it).
   * @param {number} id
   * @param {string} field
   * @param {number | string} [at]
   */
  field(id, field, at) {
    const seqs = this.events(id, field);
    if (at === undefined || seqs.length === 0) return seqs.length > 0;
    return seqs.some((seq) => {
      if (this.columns.kind.data[seq] === SET) return true;
      if (typeof at === "string") return this.log.at(seq)[5] === at;
      const first = this.columns.at.data[seq];
      return at >= first && at < first + this.columns.span.data[seq];
    });
  }

  /**
   * What the field held before this step, as far as the step's own events tell: the old value of the first assignment,
   * `ABSENT` where the step did not assign it.
   * @param {number} id
   * @param {string} field
   * @returns {Value}
   */
  before(id, field) {
    for (const seq of this.events(id, field)) {
      if (this.columns.kind.data[seq] === SET) return decode(this.log.at(seq)[5]);
    }
    return ABSENT;
  }

  /**
   * The items that a container gained or lost in this step.
   * @param {number} id
   * @param {string} field
   * @returns {{gained: Value[], lost: Value[]}}
   */
  items(id, field) {
    /** @type {{gained: Value[], lost: Value[]}} */
    const items = { gained: [], lost: [] };
    for (const seq of this.events(id, field)) {
      const kind = this.columns.kind.data[seq];
      if (kind === INSERT) items.gained.push(decode(this.log.at(seq)[6]));
      else if (kind === REMOVE) items.lost.push(decode(this.log.at(seq)[6]));
    }
    return items;
  }
}
