/**
 * Searching and breakpoints: a text with facets becomes a test of events that reads columns only.
 *
 *   virtio_pci_realize          any name with this in it: function, type, field, object, message
 *   fn:virtio_*  type:e1000  field:DeviceClass.realize  obj:nic0  phase:realize  kind:set  byte:0x34
 *
 * Facets are joined by "and"; the same facet twice, by "or".
 * @module
 */

import { ENTER, EXIT, FREE, KINDS, MESSAGE, NEW, POKE, SET } from "./columns.js";
import { glob } from "./glob.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {(seq: number) => boolean} Test */

export const FACETS = /** @type {const} */ (["fn", "type", "field", "obj", "phase", "kind", "byte"]);

/** Words for kinds of events. @type {Record<string, string>} */
export const KIND_NAMES = {
  enter: "E",
  exit: "X",
  new: "N",
  free: "F",
  set: "S",
  insert: "I",
  remove: "R",
  poke: "P",
  message: "M",
  error: "error",
};

/**
 * @param {string} text
 * @returns {{facets: Map<string, string[]>, words: string[]}}
 */
export function parse(text) {
  /** @type {Map<string, string[]>} */
  const facets = new Map();
  const words = [];
  for (const part of text.trim().split(/\s+/)) {
    const [, facet, value] = /^(\w+):(.+)$/.exec(part) ?? [];
    if (facet && value && /** @type {readonly string[]} */ (FACETS).includes(facet)) {
      facets.set(facet, [...(facets.get(facet) ?? []), value]);
    } else if (part) words.push(part);
  }
  return { facets, words };
}

/**
 * The test of a query, null where the query is empty.
 * @param {Run} run
 * @param {string} text
 * @returns {Test | null}
 */
export function compile(run, text) {
  const { facets, words } = parse(text);
  /** @type {Test[]} */
  const tests = [];
  for (const [facet, values] of facets) {
    const any = values.map((value) => facetTest(run, facet, value));
    tests.push(any.length === 1 ? any[0] : (seq) => any.some((test) => test(seq)));
  }
  for (const word of words) tests.push(wordTest(run, word));
  if (tests.length === 0) return null;
  return tests.length === 1 ? tests[0] : (seq) => tests.every((test) => test(seq));
}

/**
 * All events that pass, ascending.
 * @param {Run} run
 * @param {string} text
 * @returns {Int32Array}
 */
export function search(run, text) {
  const test = compile(run, text);
  if (!test) return new Int32Array(0);
  const found = [];
  for (let seq = 0; seq < run.length; seq++) if (test(seq)) found.push(seq);
  return Int32Array.from(found);
}

/**
 * The place after the first event from place `n` on that passes one of the tests; -1 where none does.
 * @param {Run} run
 * @param {Test[]} tests
 * @param {number} n
 */
export function forward(run, tests, n) {
  for (let seq = n; seq < run.length; seq++) if (tests.some((test) => test(seq))) return seq + 1;
  return -1;
}

/**
 * As `forward`, backwards.
 * @param {Run} run
 * @param {Test[]} tests
 * @param {number} n
 */
export function backward(run, tests, n) {
  for (let seq = n - 2; seq >= 0; seq--) if (tests.some((test) => test(seq))) return seq + 1;
  return -1;
}

/**
 * @param {Run} run
 * @param {string} facet
 * @param {string} value
 * @returns {Test}
 */
function facetTest(run, facet, value) {
  const { kind, subject, field, call } = run.columns;
  const pattern = glob(value);
  switch (facet) {
    case "fn": {
      const table = functions(run, pattern);
      return (seq) => kind.data[seq] === ENTER && table[subject.data[seq]] === 1;
    }
    case "type": {
      const types = run.columns.types.table(pattern);
      const objects = objectTable(run, (id) => pattern(run.names.get(id)?.type ?? ""));
      return (seq) => (kind.data[seq] === NEW ? types[field.data[seq]] === 1 : isWrite(kind.data[seq]) && objects[subject.data[seq]] === 1);
    }
    case "field": {
      const table = run.columns.fields.table((name) => pattern(name) || pattern(name.slice(name.indexOf(".") + 1)));
      return (seq) => kind.data[seq] >= SET && kind.data[seq] <= POKE && table[field.data[seq]] === 1;
    }
    case "obj": {
      const objects = objectTable(run, (id) => pattern(run.names.label(id)) || pattern(run.names.stable(id)));
      return (seq) => isWrite(kind.data[seq]) && objects[subject.data[seq]] === 1;
    }
    case "phase": {
      return (seq) => pattern(run.story.segments[run.story.segmentAt(seq)]?.phase ?? "");
    }
    case "kind": {
      if (value === "error") return (seq) => kind.data[seq] === EXIT && field.data[seq] === 1 && !isFailing(run, call.data[seq], seq);
      const number = KINDS.indexOf(KIND_NAMES[value] ?? "?");
      return (seq) => kind.data[seq] === number;
    }
    default: {
      const at = Number(value);
      const config = run.columns.fields.table((name) => name.endsWith("PCIDevice.config"));
      return (seq) => {
        if (kind.data[seq] !== POKE || config[field.data[seq]] !== 1) return false;
        const first = run.columns.at.data[seq];
        return at >= first && at < first + run.columns.span.data[seq];
      };
    }
  }
}

/**
 * Whether the error of an exit only passes through: the event before is the failing exit of an inner call.
 * @param {Run} run
 * @param {number} call
 * @param {number} seq
 */
function isFailing(run, call, seq) {
  const { kind, field, call: calls } = run.columns;
  return seq > 0 && kind.data[seq - 1] === EXIT && field.data[seq - 1] === 1 && calls.data[seq - 1] > call;
}

/**
 * @param {Run} run
 * @param {string} word
 * @returns {Test}
 */
function wordTest(run, word) {
  const { kind, subject, field } = run.columns;
  const needle = word.toLowerCase();
  const has = (/** @type {string} */ text) => text.toLowerCase().includes(needle);
  const entered = functions(run, has);
  const fields = run.columns.fields.table(has);
  const types = run.columns.types.table(has);
  return (seq) => {
    const is = kind.data[seq];
    if (is === ENTER) return entered[subject.data[seq]] === 1;
    if (is === NEW) return types[field.data[seq]] === 1;
    if (is >= SET && is <= POKE) return fields[field.data[seq]] === 1;
    return is === MESSAGE && has(run.log.at(seq)[4]);
  };
}

/** @param {number} kind */
function isWrite(kind) {
  return kind === NEW || kind === FREE || (kind >= SET && kind <= POKE);
}

/**
 * @param {Run} run
 * @param {(name: string) => boolean} test
 */
function functions(run, test) {
  return Uint8Array.from(run.header.functions, ({ name }) => (test(name) ? 1 : 0));
}

/**
 * @param {Run} run
 * @param {(id: number) => boolean} test
 */
function objectTable(run, test) {
  const table = new Uint8Array(run.names.length);
  for (let id = 1; id < table.length; id++) table[id] = test(id) ? 1 : 0;
  return table;
}
