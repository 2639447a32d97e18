/**
 * Function slots of classes: who stands in them, since when, by whom, and instead of whom.
 * @module
 */

import { SET } from "../core/columns.js";
import { Fn, decode } from "../core/values.js";
import { factsOf } from "./facts.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("../core/run.js").Run} Run */

/**
 * @typedef {object} Slot
 * @property {string} struct
 * @property {string} field
 * @property {string} key Struct.field
 */
/**
 * A slot of one class, now.
 * @typedef {object} SlotState
 * @property {Slot} slot
 * @property {"none" | "ahead" | "here"} has "none": the class has no such struct; "ahead": the class is not there yet
 * @property {string | null} name the function in it
 * @property {Write | null} write how it came there, null where it was copied from the parent's class, or never written
 * @property {boolean} changed in this step
 * @property {boolean} writes whether this class ever writes it, now or later
 */
/**
 * @typedef {object} Write
 * @property {number} seq
 * @property {number} call seq of the call that it happened in
 * @property {string} by the class_init (or other function) that a reader would name
 * @property {number} byCall its seq
 * @property {string} via the function that the event happened in, "" where that is `by`
 * @property {string | null} old the function that stood there before
 */
/**
 * A class of a chain.
 * @typedef {object} ClassRow
 * @property {string} type
 * @property {number} id of the class, 0 where it never comes into being
 * @property {boolean} here it has come into being
 * @property {boolean} created in this step
 * @property {string} classInit
 * @property {boolean} modelled
 * @property {number} size of the class
 * @property {SlotState[]} slots one for each slot of the chain
 * @property {Save[]} saves
 */
/**
 * A slot's value kept in another slot of the same class before it is overwritten.
 * @typedef {object} Save
 * @property {string} from key of the slot that is overwritten
 * @property {string} to key of the slot that keeps its value
 * @property {string} name the function kept
 * @property {number} call seq of the call that does it
 * @property {string} by its function
 * @property {boolean} done both writes have happened
 * @property {boolean} changed in this step
 */

/** Slots that take part in realizing a device. */
const REALIZE = /(^|_)realize$/;

/**
 * The slots of a chain of types whose names match, in order of memory.
 * @param {Run} run
 * @param {string} type
 * @param {RegExp} [family]
 * @returns {Slot[]}
 */
export function slotsOf(run, type, family = REALIZE) {
  return factsOf(run)
    .classStructs(type)
    .flatMap((struct) =>
      Object.keys(run.header.structs[struct]?.fields ?? {})
        .map((name) => name.slice(name.indexOf(".") + 1))
        .filter((field) => family.test(field))
        .map((field) => ({ struct, field, key: `${struct}.${field}` })),
    );
}

/**
 * The classes of a chain that have slots, base first.
 * @param {Frame} frame
 * @param {string} type
 * @param {Slot[]} slots
 * @returns {ClassRow[]}
 */
export function classRows(frame, type, slots) {
  const facts = factsOf(frame.run);
  return facts
    .chain(type)
    .filter((name) => {
      const structs = facts.classStructs(name);
      return slots.some(({ struct }) => structs.includes(struct)) || !structs.length;
    })
    .map((name) => classRow(frame, name, slots))
    .filter((row) => row.id || row.type === type);
}

/**
 * @param {Frame} frame
 * @param {string} name
 * @param {Slot[]} slots
 * @returns {ClassRow}
 */
function classRow(frame, name, slots) {
  const facts = factsOf(frame.run);
  const id = facts.classOf(name);
  const info = facts.type(name);
  const structs = facts.classStructs(name);
  const here = id !== 0 && frame.state.get(id) !== undefined;
  const states = slots.map((slot) => slotState(frame, id, slot, here, structs.includes(slot.struct)));
  const classInit = info ? facts.created(info.impl).fields.class_init : null;
  return {
    type: name,
    id,
    here,
    created: id !== 0 && frame.changes.created.has(id),
    classInit: classInit?.f ?? "",
    modelled: info?.modelled ?? true,
    size: frame.run.header.structs[structs.at(-1) ?? ""]?.size ?? 0,
    slots: states,
    saves: here ? savesOf(frame, id, states) : [],
  };
}

/**
 * @param {Frame} frame
 * @param {number} id
 * @param {Slot} slot
 * @param {boolean} here
 * @param {boolean} fits
 * @returns {SlotState}
 */
function slotState({ run, state, at, changes }, id, slot, here, fits) {
  const seqs = id ? run.history.field(id, slot.key).filter((seq) => run.columns.kind.data[seq] === SET) : [];
  const value = here ? state.get(id)?.field(slot.key) : null;
  const last = seqs.findLast((seq) => seq < at) ?? -1;
  return {
    slot,
    has: !fits ? "none" : here ? "here" : "ahead",
    name: value instanceof Fn ? value.name : null,
    write: last === -1 ? null : writeAt(run, last),
    changed: here && (changes.field(id, slot.key) || (changes.created.has(id) && value instanceof Fn)),
    writes: seqs.length > 0,
  };
}

/** @type {WeakMap<Run, Map<number, Write>>} */
const kept = new WeakMap();

/**
 * The write that an event is; looked up in the log once.
 * @param {Run} run
 * @param {number} seq
 * @returns {Write}
 */
function writeAt(run, seq) {
  let writes = kept.get(run);
  if (!writes) kept.set(run, (writes = new Map()));
  let write = writes.get(seq);
  if (!write) writes.set(seq, (write = readWrite(run, seq)));
  return write;
}

/**
 * @param {Run} run
 * @param {number} seq
 * @returns {Write}
 */
function readWrite(run, seq) {
  const event = run.log.at(seq);
  const old = decode(event[5]);
  const row = run.calls.row(event[1]);
  const via = row === -1 ? "" : run.functionName(run.calls.fn.data[row]);
  let by = row;
  for (let step = row; step !== -1; step = run.calls.parent.data[step]) {
    const name = run.functionName(run.calls.fn.data[step]);
    if (name.endsWith("type_initialize")) break;
    by = step;
    if (/class_(base_)?init$/.test(name)) break;
  }
  const byName = by === -1 ? "" : run.functionName(run.calls.fn.data[by]);
  return {
    seq,
    call: event[1],
    by: byName,
    byCall: by === -1 ? -1 : run.calls.enter.data[by],
    via: via === byName ? "" : via,
    old: old instanceof Fn ? old.name : null,
  };
}

/**
 * @param {Frame} frame
 * @param {number} id
 * @param {SlotState[]} states
 * @returns {Save[]}
 */
function savesOf({ run, at, changes }, id, states) {
  /** @type {Save[]} */
  const saves = [];
  for (const to of states) {
    const kept = to.write;
    if (!kept || to.name === null || to.has !== "here") continue;
    for (const from of states) {
      if (from === to) continue;
      // The overwriting may still be ahead, within the same call.
      const seq = run.history.field(id, from.slot.key).find((each) => each > kept.seq && run.columns.call.data[each] === kept.call);
      if (seq === undefined || writeAt(run, seq).old !== to.name) continue;
      const row = run.calls.row(kept.call);
      saves.push({
        from: from.slot.key,
        to: to.slot.key,
        name: to.name,
        call: kept.call,
        by: row === -1 ? "" : run.functionName(run.calls.fn.data[row]),
        done: seq < at,
        changed: changes.field(id, from.slot.key) || changes.field(id, to.slot.key),
      });
    }
  }
  return saves;
}

/**
 * The names of all functions that write a slot of a class in this run.
 * @param {Run} run
 * @param {number} id
 * @param {string} key
 */
export function writersOf(run, id, key) {
  return id ? run.history.field(id, key).filter((seq) => run.columns.kind.data[seq] === SET).map((seq) => writeAt(run, seq).by) : [];
}

/**
 * The function in a slot of a class, as the last of its rows has it; null where there is none.
 * @param {ClassRow[]} rows
 * @param {string} key
 */
export function functionIn(rows, key) {
  return rows.at(-1)?.slots.find(({ slot }) => slot.key === key)?.name ?? null;
}
