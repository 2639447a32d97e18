/**
 * The log of a run: raw JSON text in chunks, parsed on demand, a few chunks kept parsed. In a long log, old chunks are packed.
 * @module
 */

import { inflate } from "./inflate.js";

/** @typedef {import("./fold.js").Raw} Raw */

/**
 * @typedef {object} FunctionInfo
 * @property {string} name QEMU's name
 * @property {string} module the Python module that emulates it
 * @property {string | null} file QEMU's file
 * @property {number | null} line QEMU's line
 * @property {[number, number]} py first and last line in the module
 * @property {string[]} params
 * @property {boolean} modelled
 */
/**
 * @typedef {object} Header
 * @property {number} format
 * @property {string} version
 * @property {string[]} argv
 * @property {string[]} [commands]
 * @property {FunctionInfo[]} functions
 * @property {Record<string, {size: number, fields: Record<string, any>}>} structs
 * @property {string} [run]
 */

/** How many chunks stay parsed. A chunk holds at most 1024 events. */
const PARSED = 96;
/** So many of the newest chunks are never packed. */
const UNPACKED = 128;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Log {
  /** UTF-8; packed by DEFLATE where `size` (of the text) is not 0. @type {{bytes: Uint8Array, size: number}[]} */ #texts = [];
  #packed = 0;
  #packing = false;
  /** The first event of each chunk. @type {number[]} */ #starts = [];
  /** @type {Map<number, Raw[]>} */ #parsed = new Map();

  /** @param {Header} header */
  constructor(header) {
    this.header = header;
    /** The number of events. */
    this.length = 0;
  }

  /**
   * Add events that begin at `from`. An overlap with what is there is dropped; a gap is a RangeError.
   * @param {number} from
   * @param {string} text JSON of an array of events, or of an object whose `events` is one
   * @param {Raw[]} events the same, parsed
   * @returns {Raw[]} the events that are new
   */
  append(from, text, events) {
    if (from > this.length) throw new RangeError(`events ${this.length} to ${from - 1} are missing`);
    const fresh = from === this.length ? events : events.slice(this.length - from);
    if (fresh.length === 0) return fresh;
    const chunk = this.#texts.length;
    this.#texts.push({ bytes: encoder.encode(fresh === events ? text : JSON.stringify(fresh)), size: 0 });
    this.#starts.push(this.length);
    this.#keep(chunk, fresh);
    this.length += fresh.length;
    if (!this.#packing && this.#packed < this.#texts.length - UNPACKED) this.packed = this.#pack();
    return fresh;
  }

  /** Fulfilled when all chunks that should be are packed. */
  packed = Promise.resolve();

  async #pack() {
    this.#packing = true;
    while (this.#packed < this.#texts.length - UNPACKED) {
      const { bytes } = this.#texts[this.#packed];
      const stream = new Blob([/** @type {BlobPart} */ (bytes)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
      this.#texts[this.#packed++] = { bytes: new Uint8Array(await new Response(stream).arrayBuffer()), size: bytes.length };
    }
    this.#packing = false;
  }

  /**
   * Event number `seq`.
   * @param {number} seq
   * @returns {Raw}
   */
  at(seq) {
    const chunk = this.chunkOf(seq);
    return this.#chunk(chunk)[seq - /** @type {number} */ (this.#starts[chunk])];
  }

  /**
   * Call `visit(seq, event)` for the events from `first` up to (not including) `end`; downwards if `end` is smaller
   * (from `first - 1` down to `end`).
   * @param {number} first
   * @param {number} end
   * @param {(seq: number, event: Raw) => void} visit
   */
  each(first, end, visit) {
    if (first <= end) {
      for (let seq = first; seq < end; ) {
        const chunk = this.chunkOf(seq);
        const start = this.#starts[chunk];
        const events = this.#chunk(chunk);
        const stop = Math.min(end, start + events.length);
        for (; seq < stop; seq++) visit(seq, events[seq - start]);
      }
      return;
    }
    for (let seq = first - 1; seq >= end; ) {
      const chunk = this.chunkOf(seq);
      const start = this.#starts[chunk];
      const events = this.#chunk(chunk);
      for (const stop = Math.max(end, start); seq >= stop; seq--) visit(seq, events[seq - start]);
    }
  }

  /**
   * The chunk that holds event `seq`. RangeError: there is no such event.
   * @param {number} seq
   */
  chunkOf(seq) {
    if (!(seq >= 0 && seq < this.length)) throw new RangeError(`no event ${seq} in a log of ${this.length}`);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * @param {number} chunk
   * @returns {Raw[]}
   */
  #chunk(chunk) {
    const held = this.#parsed.get(chunk);
    if (held) {
      this.#parsed.delete(chunk);
      this.#parsed.set(chunk, held);
      return held;
    }
    const { bytes, size } = this.#texts[chunk];
    const parsed = JSON.parse(decoder.decode(size ? inflate(bytes, size) : bytes));
    const events = Array.isArray(parsed) ? parsed : parsed.events;
    this.#keep(chunk, events);
    return events;
  }

  /**
   * @param {number} chunk
   * @param {Raw[]} events
   */
  #keep(chunk, events) {
    this.#parsed.set(chunk, events);
    if (this.#parsed.size > PARSED) this.#parsed.delete(/** @type {number} */ (this.#parsed.keys().next().value));
  }
}

/**
 * QEMU's file and line of a function, "" where none is recorded.
 * @param {FunctionInfo | null | undefined} info
 */
export function whereOf(info) {
  return info?.file ? `${info.file}${info.line ? `:${info.line}` : ""}` : "";
}
