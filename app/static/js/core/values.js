/**
 * Values of the event log: decoding from JSON (see ARCHITECTURE.md, "Events") and showing them.
 *
 * A decoded value is null, a boolean, a string, a number, a bigint, a `Ref`, a `Fn`, `ABSENT`, a Uint8Array, an array or a Map.
 * @module
 */

/** An object of the log, by its id. */
export class Ref {
  /** @param {number} id */
  constructor(id) {
    this.id = id;
  }
}

/** A function, by QEMU's name for it. */
export class Fn {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }
}

/** "Nothing was there": not the same as null, QEMU's NULL. */
export const ABSENT = Symbol("absent");

/** @typedef {null | boolean | string | number | bigint | Ref | Fn | typeof ABSENT | Uint8Array | any[] | Map<string, any>} Value */

/** @type {Ref[]} */
const refs = [];
/** @type {Map<string, Fn>} */
const fns = new Map();

/**
 * The one `Ref` of an id.
 * @param {number} id
 */
export function ref(id) {
  return (refs[id] ??= new Ref(id));
}

/**
 * The one `Fn` of a name.
 * @param {string} name
 */
export function fn(name) {
  let found = fns.get(name);
  if (!found) fns.set(name, (found = new Fn(name)));
  return found;
}

/**
 * Decode a JSON value of the log. Containers are fresh each time, so that a state may own them.
 * @param {any} wire
 * @returns {Value}
 */
export function decode(wire) {
  if (typeof wire !== "object" || wire === null) return wire;
  if (wire.r !== undefined) return ref(wire.r);
  if (wire.f !== undefined) return fn(wire.f);
  if (wire.b !== undefined) return unhex(wire.b);
  if (wire.l !== undefined) return wire.l.map(decode);
  if (wire.d !== undefined) {
    return new Map(Object.entries(wire.d).map(([key, value]) => [key, decode(value)]));
  }
  if (wire.i !== undefined) return /^-?\d+$/.test(wire.i) ? BigInt(wire.i) : Number(wire.i.replace("inf", "Infinity"));
  if (wire.a !== undefined) return ABSENT;
  throw new TypeError(`not a value of the log: ${JSON.stringify(wire)}`);
}

/**
 * The inverse of `decode`.
 * @param {Value} value
 * @returns {any}
 */
export function encode(value) {
  if (typeof value === "bigint") return { i: String(value) };
  if (typeof value === "number" && !Number.isFinite(value)) return { i: String(value).replace("Infinity", "inf").toLowerCase() };
  if (value === ABSENT) return { a: 1 };
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Ref) return { r: value.id };
  if (value instanceof Fn) return { f: value.name };
  if (value instanceof Uint8Array) return { b: hex(value) };
  if (value instanceof Map) return { d: Object.fromEntries([...value].map(([key, item]) => [key, encode(item)])) };
  return { l: value.map(encode) };
}

/** @param {string} text in lower case, as the log has it */
function unhex(text) {
  const digit = (/** @type {number} */ code) => (code < 58 ? code - 48 : code - 87);
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (digit(text.charCodeAt(2 * i)) << 4) | digit(text.charCodeAt(2 * i + 1));
  return bytes;
}

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/**
 * Whether two values are equal, contents compared.
 * @param {Value} a
 * @param {Value} b
 * @returns {boolean}
 */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Ref) return b instanceof Ref && a.id === b.id;
  if (a instanceof Fn) return b instanceof Fn && a.name === b.name;
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    for (const [key, item] of a) if (!b.has(key) || !same(item, b.get(key))) return false;
    return true;
  }
  if (a instanceof Uint8Array !== b instanceof Uint8Array || b instanceof Map || b instanceof Ref || b instanceof Fn) return false;
  return a.length === b.length && Array.prototype.every.call(a, (item, i) => same(item, b[i]));
}

/**
 * A value as one short line. `name` says how an object is called; the default is its number.
 * @param {Value} value
 * @param {(id: number) => string} [name]
 * @returns {string}
 */
export function show(value, name = (id) => `#${id}`) {
  if (value === null) return "NULL";
  if (value === ABSENT) return "∅";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return value > 0xffffn ? `0x${value.toString(16)}` : String(value);
  if (typeof value === "number") return Number.isInteger(value) && value > 0xffff ? `0x${value.toString(16)}` : String(value);
  if (typeof value !== "object") return String(value);
  if (value instanceof Ref) return name(value.id);
  if (value instanceof Fn) return value.name;
  if (value instanceof Uint8Array) return showBytes(value);
  if (value instanceof Map) return `{${brief([...value.keys()])}}`;
  return `[${brief(value.map((/** @type {Value} */ item) => show(item, name)))}]`;
}

/**
 * Bytes in little room: `09 40 10`, `ff × 20`, `01 02 03 04 … 256 B`.
 * @param {Uint8Array} bytes
 */
function showBytes(bytes) {
  if (bytes.length > 2 && bytes.every((byte) => byte === bytes[0])) return `${hex(bytes.subarray(0, 1))} × ${bytes.length}`;
  const shown = bytes.length > 8 ? bytes.subarray(0, 4) : bytes;
  return hex(shown).replace(/..(?=.)/g, "$& ") + (shown === bytes ? "" : ` … ${bytes.length} B`);
}

/** @param {string[]} items */
function brief(items) {
  return items.length > 3 ? `${items.slice(0, 3).join(", ")}, … ${items.length}` : items.join(", ");
}
