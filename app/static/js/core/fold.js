/**
 * Folding a log: one `apply` and one `revert`, the twin of emu/trace/fold.py; golden logs hold them equal.
 *
 * A state shares its objects with checkpoints until it writes to them (copy on write by epoch), so a checkpoint costs
 * one array of references.
 * @module
 */

import { ABSENT, decode } from "./values.js";

/** @typedef {import("./values.js").Value} Value */
/**
 * An event as it stands in the log: `[kind, call, line, ...]`.
 * @typedef {any[]} Raw
 */

/** An object of the state: what it is, whether its memory is gone, and its written fields. */
export class ObjectState {
  /**
   * @param {number} id
   * @param {string} type
   * @param {readonly string[]} structs
   * @param {boolean} freed
   * @param {Map<string, Value>} fields
   * @param {object} epoch the state (between two checkpoints) that may write to it
   */
  constructor(id, type, structs, freed, fields, epoch) {
    this.id = id;
    this.type = type;
    this.structs = structs;
    this.freed = freed;
    this.fields = fields;
    this.epoch = epoch;
  }

  /** Whether this is a class (an ObjectClass and what derives from it) and not an instance. */
  get isClass() {
    return this.structs[0] === "ObjectClass";
  }

  /**
   * A field, `ABSENT` where it was never written.
   * @param {string} field
   * @returns {Value}
   */
  field(field) {
    const value = this.fields.get(field);
    return value === undefined ? ABSENT : value;
  }
}

/** The machine as the events so far tell it. */
export class State {
  constructor() {
    /** Objects by id; index 0 is never used. @type {(ObjectState | undefined)[]} */
    this.objects = [undefined];
    /** The seqs of the open calls, outermost first. @type {number[]} */
    this.calls = [];
    /** What was printed: stream and text. @type {[string, string][]} */
    this.messages = [];
    this.epoch = {};
  }

  /** A state that shares everything with this one; both copy what they write from now on. */
  fork() {
    const copy = new State();
    copy.objects = this.objects.slice();
    copy.calls = this.calls.slice();
    copy.messages = this.messages.slice();
    this.epoch = {};
    return copy;
  }

  /**
   * @param {number} id
   * @returns {ObjectState | undefined}
   */
  get(id) {
    return this.objects[id];
  }

  /** All objects, in order of creation. @returns {Generator<ObjectState>} */
  *all() {
    for (const object of this.objects) if (object) yield object;
  }

  /**
   * The object, ready to be written to.
   * @param {number} id
   */
  own(id) {
    const held = this.objects[id];
    if (!held) throw new RangeError(`no object #${id}`);
    if (held.epoch === this.epoch) return held;
    const fields = new Map();
    for (const [name, value] of held.fields) fields.set(name, copied(value));
    return (this.objects[id] = new ObjectState(id, held.type, held.structs, held.freed, fields, this.epoch));
  }
}

/**
 * @param {Value} value
 * @returns {Value}
 */
function copied(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.slice();
  return value instanceof Map ? new Map(value) : value;
}

/**
 * Move `state` over event number `seq`, in place.
 * @param {State} state
 * @param {number} seq
 * @param {Raw} event
 */
export function apply(state, seq, event) {
  switch (event[0]) {
    case "E":
      state.calls.push(seq);
      return;
    case "X":
      state.calls.pop();
      return;
    case "S":
      state.own(event[3]).fields.set(event[4], decode(event[6]));
      return;
    case "P":
      poke(state.own(event[3]).fields, event[4], event[5], decode(event[7]));
      return;
    case "I":
      insert(state.own(event[3]).fields.get(event[4]), event[5], decode(event[6]));
      return;
    case "R":
      remove(state.own(event[3]).fields.get(event[4]), event[5]);
      return;
    case "N": {
      const fields = new Map();
      for (const name in event[6]) fields.set(name, decode(event[6][name]));
      state.objects[event[3]] = new ObjectState(event[3], event[4], event[5], false, fields, state.epoch);
      return;
    }
    case "F":
      state.own(event[3]).freed = true;
      return;
    case "M":
      state.messages.push([event[3], event[4]]);
      return;
    default:
      throw new TypeError(`no such event: ${event[0]}`);
  }
}

/**
 * Move `state` back over event number `seq`, in place: the inverse of `apply`.
 * @param {State} state
 * @param {number} seq
 * @param {Raw} event
 */
export function revert(state, seq, event) {
  switch (event[0]) {
    case "E":
      state.calls.pop();
      return;
    case "X":
      state.calls.push(event[1]);
      return;
    case "S": {
      const fields = state.own(event[3]).fields;
      const old = decode(event[5]);
      if (old === ABSENT) fields.delete(event[4]);
      else fields.set(event[4], old);
      return;
    }
    case "P":
      poke(state.own(event[3]).fields, event[4], event[5], decode(event[6]));
      return;
    case "I":
      remove(state.own(event[3]).fields.get(event[4]), event[5]);
      return;
    case "R":
      insert(state.own(event[3]).fields.get(event[4]), event[5], decode(event[6]));
      return;
    case "N":
      state.objects[event[3]] = undefined;
      while (state.objects.length > 1 && state.objects.at(-1) === undefined) state.objects.pop();
      return;
    case "F":
      state.own(event[3]).freed = false;
      return;
    case "M":
      state.messages.pop();
      return;
    default:
      throw new TypeError(`no such event: ${event[0]}`);
  }
}

/**
 * @param {Map<string, Value>} fields
 * @param {string} name
 * @param {number | string} at
 * @param {any} value
 */
function poke(fields, name, at, value) {
  const held = /** @type {any} */ (fields.get(name));
  if (held instanceof Uint8Array) held.set(value, /** @type {number} */ (at));
  else if (held instanceof Map) held.set(String(at), value);
  else held[at] = value;
}

/**
 * @param {any} held
 * @param {number | string} at
 * @param {Value} value
 */
function insert(held, at, value) {
  if (Array.isArray(held)) held.splice(/** @type {number} */ (at), 0, value);
  else held.set(at, value);
}

/**
 * @param {any} held
 * @param {number | string} at
 */
function remove(held, at) {
  if (Array.isArray(held)) held.splice(/** @type {number} */ (at), 1);
  else held.delete(at);
}
