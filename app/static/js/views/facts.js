/**
 * What the views ask of a whole run, not of one moment of it: types and their classes, where objects were made, calls of a
 * function, what will stand in a field. Kept per run and grown with its log, so that drawings can be laid out in their final form.
 * @module
 */

import { FREE, NEW } from "../core/columns.js";
import { ABSENT, decode } from "../core/values.js";

/** @typedef {import("../core/run.js").Run} Run */
/** @typedef {import("../core/values.js").Value} Value */

/**
 * @typedef {object} TypeFacts
 * @property {string} name
 * @property {string} parent "" for a root
 * @property {number} impl id of its TypeImpl
 * @property {boolean} modelled false for a type that is known by recorded facts alone
 * @property {number} instanceSize as registered, 0 where the parent's is taken
 * @property {number} classSize
 */

/** @type {WeakMap<Run, Facts>} */
const kept = new WeakMap();

/**
 * The facts of a run, brought up to the end of its log.
 * @param {Run} run
 */
export function factsOf(run) {
  let facts = kept.get(run);
  if (!facts) kept.set(run, (facts = new Facts(run)));
  facts.grow();
  return facts;
}

export class Facts {
  /** seq of the New of each object. @type {number[]} */ #made = [];
  /** @type {Set<number>} */ #freed = new Set();
  #scanned = 0;
  #named = 0;
  /** @type {Map<string, TypeFacts>} */ #types = new Map();
  /** @type {Map<string, string[]>} */ #children = new Map();
  /** @type {Map<number, {type: string, structs: readonly string[], fields: Record<string, any>}>} */ #news = new Map();
  /** Structs of an instance or class, by its type. @type {Map<string, readonly string[]>} */ #structs = new Map();
  /** @type {Map<string, {rows: number[], scanned: number}>} */ #calls = new Map();
  /** @type {Map<string, number[]>} */ #instances = new Map();
  /** Ids by first struct. @type {Map<string, number[]>} */ #structIds = new Map();
  #seenInstances = 1;
  /** What was found of a field, and how many writes of it there were then: looking into the log is slow. @type {Map<string, {length: number, writes: number, value: any}>} */ #fields = new Map();

  /** @param {Run} run */
  constructor(run) {
    this.run = run;
  }

  grow() {
    const { kind, subject, length } = this.run.columns;
    for (; this.#scanned < length; this.#scanned++) {
      const is = kind.data[this.#scanned];
      if (is === NEW) this.#made[subject.data[this.#scanned]] = this.#scanned;
      else if (is === FREE) this.#freed.add(subject.data[this.#scanned]);
    }
    const impls = this.run.names.ofType("TypeImpl", "TypeImpl");
    for (; this.#named < impls.length; this.#named++) {
      const impl = impls[this.#named];
      const name = this.run.names.get(impl)?.name ?? "";
      // A class's own copy of an interface is no registered type.
      if (name && !name.includes("::") && !this.#types.has(name)) this.#addType(name, impl);
    }
    for (; this.#seenInstances < this.run.names.length; this.#seenInstances++) {
      const named = this.run.names.get(this.#seenInstances);
      if (!named) continue;
      const alike = this.#structIds.get(named.struct);
      if (alike) alike.push(this.#seenInstances);
      else this.#structIds.set(named.struct, [this.#seenInstances]);
      if (named.struct !== "Object") continue;
      const ids = this.#instances.get(named.type);
      if (ids) ids.push(this.#seenInstances);
      else this.#instances.set(named.type, [this.#seenInstances]);
    }
  }

  /**
   * @param {string} name
   * @param {number} impl
   */
  #addType(name, impl) {
    const { fields } = this.created(impl);
    const parent = fields.parent ?? "";
    this.#types.set(name, {
      name,
      parent,
      impl,
      modelled: fields.modelled !== false,
      instanceSize: fields.instance_size ?? 0,
      classSize: fields.class_size ?? 0,
    });
    const children = this.#children.get(parent);
    if (children) children.push(name);
    else this.#children.set(parent, [name]);
  }

  /**
   * The New event of an object. RangeError: there is no such object.
   * @param {number} id
   */
  created(id) {
    let found = this.#news.get(id);
    if (!found) {
      const seq = this.#made[id];
      if (seq === undefined) throw new RangeError(`no object #${id}`);
      const event = this.run.log.at(seq);
      this.#news.set(id, (found = { type: event[4], structs: event[5], fields: event[6] }));
    }
    return found;
  }

  /**
   * The event that made an object, -1 where there is none.
   * @param {number} id
   */
  madeAt(id) {
    return this.#made[id] ?? -1;
  }

  /**
   * Whether the memory of the object is given back in this run.
   * @param {number} id
   */
  isFreed(id) {
    return this.#freed.has(id);
  }

  /**
   * @param {string} name
   * @returns {TypeFacts | null}
   */
  type(name) {
    return this.#types.get(name) ?? null;
  }

  /** Names of all registered types, in order of registration. */
  get typeNames() {
    return [...this.#types.keys()];
  }

  /**
   * Types derived directly from a type, in order of registration.
   * @param {string} name
   * @returns {readonly string[]}
   */
  children(name) {
    return this.#children.get(name) ?? [];
  }

  /**
   * A type's ancestors and itself, root first; empty where it is not registered.
   * @param {string} name
   */
  chain(name) {
    const names = [];
    for (let step = this.type(name); step; step = this.type(step.parent)) names.unshift(step.name);
    return names;
  }

  /**
   * The class object of a type, 0 where it never gets one.
   * @param {string} name
   */
  classOf(name) {
    return this.run.names.ofType(name, "ObjectClass")[0] ?? 0;
  }

  /**
   * The structs that make up the class of a type, base first; empty where it never gets one.
   * @param {string} name
   */
  classStructs(name) {
    return this.#structsOf(`class ${name}`, this.classOf(name));
  }

  /**
   * The structs that make up an instance of a type; empty where none is ever made, of it or of a type derived from it.
   * @param {string} name
   * @returns {readonly string[]}
   */
  instanceStructs(name) {
    const found = this.#seenStructs(name);
    const parent = this.type(name)?.parent;
    return found.length || !parent || this.type(name)?.instanceSize ? found : this.instanceStructs(parent);
  }

  /**
   * The structs that instances of a type or of those derived from it show it to have.
   * @param {string} name
   * @returns {readonly string[]}
   */
  #seenStructs(name) {
    const own = this.#structsOf(name, this.#instances.get(name)?.[0] ?? 0);
    if (own.length) return own;
    for (const child of this.children(name)) {
      const structs = this.#seenStructs(child);
      if (structs.length) return this.#within(structs, name);
    }
    return [];
  }

  /**
   * Of a derived type's structs, those that belong to `name`: whose size is at most its own.
   * @param {readonly string[]} structs
   * @param {string} name
   */
  #within(structs, name) {
    const size = this.instanceSize(name);
    return structs.filter((struct) => (this.run.header.structs[struct]?.size ?? 0) <= size);
  }

  /**
   * sizeof an instance of a type, as type_object_get_size finds it.
   * @param {string} name
   */
  instanceSize(name) {
    for (let step = this.type(name); step; step = this.type(step.parent)) if (step.instanceSize) return step.instanceSize;
    return 0;
  }

  /**
   * @param {string} key
   * @param {number} id
   */
  #structsOf(key, id) {
    let structs = this.#structs.get(key);
    if (!structs && id) this.#structs.set(key, (structs = this.created(id).structs));
    return structs ?? [];
  }

  /** Types of which instances are made in this run, with their ids. */
  get instances() {
    return this.#instances;
  }

  /**
   * All instances of a type and of those derived from it, in order of creation.
   * @param {string} name
   */
  instancesOf(name) {
    const found = [...(this.#instances.get(name) ?? [])];
    for (const child of this.children(name)) found.push(...this.instancesOf(child));
    return found.sort((a, b) => a - b);
  }

  /**
   * All objects whose first struct this is, in order of creation.
   * @param {string} struct
   * @returns {readonly number[]}
   */
  withStruct(struct) {
    return this.#structIds.get(struct) ?? [];
  }

  /**
   * Rows (run.calls) of the calls of a function, in order.
   * @param {string} name
   * @returns {readonly number[]}
   */
  callsOf(name) {
    let found = this.#calls.get(name);
    if (!found) this.#calls.set(name, (found = { rows: [], scanned: 0 }));
    const { calls, header } = this.run;
    const indices = new Set(header.functions.flatMap((info, index) => (info.name === name ? [index] : [])));
    for (; found.scanned < calls.length; found.scanned++) if (indices.has(calls.fn.data[found.scanned])) found.rows.push(found.scanned);
    return found.rows;
  }

  /**
   * The name of the function of a call row.
   * @param {number} row
   */
  functionOf(row) {
    return this.run.functionName(this.run.calls.fn.data[row]);
  }

  /**
   * The arguments of a call row.
   * @param {number} row
   * @returns {Value[]}
   */
  args(row) {
    return this.run.log.at(this.run.calls.enter.data[row])[4].map(decode);
  }

  /**
   * What stands in a field at the end of the run; `ABSENT` where it is never written.
   * @param {number} id
   * @param {string} field
   * @returns {Value}
   */
  finally(id, field) {
    return this.#known(`=${id} ${field}`, id, field, (seqs) => {
      for (let i = seqs.length - 1; i >= 0; i--) {
        const event = this.run.log.at(seqs[i]);
        if (event[0] === "S") return decode(event[6]);
      }
      const first = this.#made[id] === undefined ? undefined : this.created(id).fields[field];
      return first === undefined ? ABSENT : decode(first);
    });
  }

  /**
   * Every object that the field ever refers to, in order: assigned to it, or inserted into it.
   * @param {number} id
   * @param {string} field
   * @returns {readonly number[]}
   */
  everReferred(id, field) {
    return this.#known(`>${id} ${field}`, id, field, (seqs) => {
      /** @type {Set<number>} */
      const ids = new Set();
      const note = (/** @type {any} */ wire) => {
        if (wire === null || typeof wire !== "object") return;
        if (wire.r !== undefined) ids.add(wire.r);
        else if (wire.l !== undefined) wire.l.forEach(note);
        else if (wire.d !== undefined) Object.values(wire.d).forEach(note);
      };
      if (this.#made[id] !== undefined) note(this.created(id).fields[field]);
      for (const seq of seqs) {
        const event = this.run.log.at(seq);
        if (event[0] === "S" || event[0] === "I") note(event[6]);
        else if (event[0] === "P") note(event[7]);
      }
      return [...ids];
    });
  }

  /**
   * What `find` makes of the writes of a field, kept until there are more.
   * @template T
   * @param {string} key
   * @param {number} id
   * @param {string} field
   * @param {(seqs: readonly number[]) => T} find
   * @returns {T}
   */
  #known(key, id, field, find) {
    const { length } = this.run;
    const held = this.#fields.get(key);
    if (held?.length === length) return held.value;
    const seqs = this.run.history.field(id, field);
    const value = held?.writes === seqs.length ? held.value : find(seqs);
    this.#fields.set(key, { length, writes: seqs.length, value });
    return value;
  }
}
