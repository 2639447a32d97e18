/**
 * Every event that wrote an object, a field or a byte: asked often, so lists are kept and grow with the log.
 * @module
 */

import { FREE, NEW, POKE } from "./columns.js";

/** @typedef {{seqs: number[], scanned: number}} Kept */

export class History {
  /** @type {Map<number, Kept>} */ #objects = new Map();
  /** Of the fields that were asked for: what is found among so many events of the object. @type {Map<string, Kept>} */ #fields = new Map();

  /** @param {import("./columns.js").Columns} columns */
  constructor(columns) {
    this.columns = columns;
  }

  /**
   * The events that created, freed or wrote the object, ascending.
   * @param {number} id
   * @returns {readonly number[]}
   */
  object(id) {
    let kept = this.#objects.get(id);
    if (!kept) this.#objects.set(id, (kept = { seqs: [], scanned: 0 }));
    const { kind, subject, length } = this.columns;
    for (; kept.scanned < length; kept.scanned++) {
      const seq = kept.scanned;
      if (subject.data[seq] === id && kind.data[seq] >= NEW && kind.data[seq] <= POKE) kept.seqs.push(seq);
    }
    return kept.seqs;
  }

  /**
   * The events that wrote a field (or one item or byte of it), its object's creation included if that gave it a value.
   * @param {number} id
   * @param {string} field
   * @param {number} [at]
   * @returns {readonly number[]}
   */
  field(id, field, at) {
    const writes = this.object(id);
    const key = `${id} ${at ?? ""} ${field}`;
    let kept = this.#fields.get(key);
    if (!kept) this.#fields.set(key, (kept = { seqs: [], scanned: 0 }));
    const number = this.columns.fields.find(field);
    for (; kept.scanned < writes.length; kept.scanned++) {
      const seq = writes[kept.scanned];
      const kind = this.columns.kind.data[seq];
      if (kind !== NEW && kind !== FREE && this.columns.writes(seq, id, number, at)) kept.seqs.push(seq);
    }
    return kept.seqs;
  }

  /**
   * The last event before place `n` that wrote the field, -1 where there is none.
   * @param {number} id
   * @param {string} field
   * @param {number} n
   * @param {number} [at]
   */
  lastWrite(id, field, n, at) {
    const seqs = this.field(id, field, at);
    for (let i = seqs.length - 1; i >= 0; i--) if (seqs[i] < n) return seqs[i];
    return -1;
  }

  /**
   * For each of `size` bytes of a buffer: the last event before place `n` that wrote it, -1 where none did.
   * @param {number} id
   * @param {string} field
   * @param {number} size
   * @param {number} n
   */
  lastWriters(id, field, size, n) {
    const writers = new Int32Array(size).fill(-1);
    for (const seq of this.field(id, field)) {
      if (seq >= n) break;
      const first = this.columns.at.data[seq];
      if (first === -1) writers.fill(seq);
      else writers.fill(seq, first, first + this.columns.span.data[seq]);
    }
    return writers;
  }
}
