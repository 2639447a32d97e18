/**
 * What the view "types" shows: the types of some chains as one tree, and of each its TypeImpl, its class and its instances.
 * @module
 */

import { SET } from "../core/columns.js";
import { chosen } from "../core/picks.js";
import { Fn } from "../core/values.js";
import { cardOf, cardsOf } from "./cards.js";
import { factsOf } from "./facts.js";
import { realizePath } from "./path.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./facts.js").Facts} Facts */

/**
 * A function or other field of a TypeImpl.
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} value
 * @property {boolean} fn
 * @property {boolean} changed
 */
/**
 * A slot that a class writes.
 * @typedef {object} Written
 * @property {string} slot
 * @property {string} name the function that will stand in it at the end
 * @property {string | null} now what stands in it, null before it is written
 * @property {boolean} changed
 */
/**
 * One type.
 * @typedef {object} TypeRow
 * @property {string} type
 * @property {string} parent
 * @property {number} level depth in the tree, from 0
 * @property {boolean} last it is the last child of its parent in the tree
 * @property {string} file where its TypeInfo stands
 * @property {string} by the function that registers it
 * @property {number} byCall
 * @property {boolean} modelled
 * @property {number} impl id of its TypeImpl
 * @property {boolean} registered
 * @property {boolean} registeredNow in this step
 * @property {boolean} abstract
 * @property {Entry[]} entries
 * @property {string[]} interfaces
 * @property {[number, number]} sizes class_size and instance_size of the TypeImpl, now
 * @property {boolean} sizesChanged
 * @property {number} klass id of its class, 0: never
 * @property {boolean} initialized the class is there
 * @property {boolean} initializedNow in this step
 * @property {readonly string[]} classStructs
 * @property {boolean} ownClass it has a class struct of its own
 * @property {Written[]} written realize slots
 * @property {number} fields how many fields of the class were written so far
 * @property {boolean} classChanged
 * @property {readonly string[]} structs of an instance
 * @property {boolean} ownStruct it has an instance struct of its own
 * @property {number} size of an instance
 * @property {number[]} instances alive, of just this type
 * @property {boolean} instancesChanged
 */

const FUNCTIONS = ["class_base_init", "class_init", "instance_init", "instance_post_init", "instance_finalize"];
const ALWAYS = new Set(["class_init", "instance_init"]);
const REALIZE = /(^|_)realize$/;
/** The subject of it all, for runs without a card. */
const SUBJECT = ["virtio-net-pci", "virtio-net-device"];
const COMPARED = "e1000";

/**
 * A choice of chains.
 * @typedef {object} Group
 * @property {string} id
 * @property {string} text
 * @property {string[]} types the ends of the chains
 */

/**
 * The chains that can be chosen: those of the run's cards with the devices inside them, of its buses, and of a card to compare with.
 * @param {Frame} frame
 * @returns {Group[]}
 */
export function groupsOf(frame) {
  const { run } = frame;
  const facts = factsOf(run);
  /** @type {Group[]} */
  const groups = [];
  const add = (/** @type {string} */ id, /** @type {string} */ text, /** @type {string[]} */ types) => {
    const known = types.filter((type) => facts.type(type));
    if (known.length && !groups.some((group) => group.id === id)) groups.push({ id, text, types: known });
  };
  const cards = cardsOf(run).filter(({ network, asked }) => network || asked);
  const first = cardOf(frame);
  const shown = first && !cards.includes(first) ? [...cards, first] : cards;
  for (const { id, type } of shown) add(type, type, [type, ...innerTypes(frame, id)]);
  if (!shown.length) add(SUBJECT[0], SUBJECT[0], SUBJECT);
  add("bus", frame.messages.t("ty-buses"), ["PCI", "virtio-pci-bus"]);
  add(COMPARED, COMPARED, [COMPARED]);
  const { selection } = frame;
  if (selection?.kind === "type" && !groups.some(({ types }) => types.some((type) => treeOf(facts, [type]).includes(selection.name)))) {
    add(selection.name, selection.name, [selection.name]);
  }
  return groups;
}

/**
 * The types of the devices that are realized inside a device.
 * @param {Frame} frame
 * @param {number} device
 */
function innerTypes({ run }, device) {
  const steps = realizePath(run, device).filter(({ slot, object }) => !slot && object !== device);
  return [...new Set(steps.map(({ object }) => run.names.get(object)?.type ?? ""))].filter(Boolean);
}

/**
 * The group that is shown.
 * @param {Frame} frame
 * @param {Group[]} groups
 */
export function groupOf(frame, groups) {
  const picked = chosen(frame.toggled, "types");
  const { selection, run } = frame;
  const card = cardOf(frame);
  return (
    groups.find(({ id }) => id === picked) ??
    (selection?.kind === "type" ? groups.find(({ types }) => treeOf(factsOf(run), types).includes(selection.name)) : undefined) ??
    groups.find(({ id }) => id === card?.type) ??
    groups[0]
  );
}

/**
 * All types of some chains with the sisters of their ends, parents before children.
 * @param {Facts} facts
 * @param {string[]} ends
 */
function treeOf(facts, ends) {
  /** @type {Set<string>} */
  const names = new Set();
  for (const end of ends) {
    for (const name of facts.chain(end)) names.add(name);
    const parent = facts.type(end)?.parent ?? "";
    const sisters = facts.children(parent);
    // Sisters are other faces of the same thing: a parent with many children only has something in common.
    if (sisters.length <= 4) for (const sister of sisters) names.add(sister);
  }
  return [...names];
}

/**
 * The rows of a group, parents before children.
 * @param {Frame} frame
 * @param {Group} group
 * @returns {TypeRow[]}
 */
export function typeRows(frame, group) {
  const facts = factsOf(frame.run);
  const names = treeOf(facts, group.types);
  /** @type {TypeRow[]} */
  const rows = [];
  const visit = (/** @type {string} */ name, /** @type {number} */ level, /** @type {boolean} */ last) => {
    rows.push(typeRow(frame, facts, name, level, last));
    const children = names.filter((each) => facts.type(each)?.parent === name);
    for (const [i, child] of children.entries()) visit(child, level + 1, i === children.length - 1);
  };
  for (const root of names.filter((each) => !facts.type(each)?.parent)) visit(root, 0, true);
  return rows;
}

/**
 * @param {Frame} frame
 * @param {Facts} facts
 * @param {string} type
 * @param {number} level
 * @param {boolean} last
 * @returns {TypeRow}
 */
function typeRow(frame, facts, type, level, last) {
  const { run, state, changes } = frame;
  const info = /** @type {import("./facts.js").TypeFacts} */ (facts.type(type));
  const { fields } = facts.created(info.impl);
  const impl = state.get(info.impl);
  const klass = facts.classOf(type);
  const parentClass = facts.classStructs(info.parent);
  const classStructs = facts.classStructs(type);
  const structs = facts.instanceStructs(type);
  const instances = (facts.instances.get(type) ?? []).filter((id) => state.get(id) && !state.get(id)?.freed);
  const number = (/** @type {string} */ field) => {
    const value = impl?.field(field);
    return typeof value === "number" ? value : 0;
  };
  const byRow = registrar(facts, info.impl);
  return {
    type,
    parent: info.parent,
    level,
    last,
    file: byRow === -1 ? "" : (run.header.functions[run.calls.fn.data[byRow]]?.file ?? ""),
    by: byRow === -1 ? "" : facts.functionOf(byRow),
    byCall: byRow === -1 ? -1 : run.calls.enter.data[byRow],
    modelled: info.modelled,
    impl: info.impl,
    registered: impl !== undefined,
    registeredNow: changes.created.has(info.impl),
    abstract: fields.abstract === true,
    entries: FUNCTIONS.filter((name) => fields[name] || ALWAYS.has(name)).map((name) => ({
      name,
      value: fields[name]?.f ?? "NULL",
      fn: Boolean(fields[name]),
      changed: changes.field(info.impl, name),
    })),
    interfaces: fields.interfaces?.l ?? [],
    sizes: [number("class_size"), number("instance_size")],
    sizesChanged: changes.field(info.impl, "class_size") || changes.field(info.impl, "instance_size"),
    klass,
    initialized: klass !== 0 && state.get(klass) !== undefined,
    initializedNow: klass !== 0 && changes.created.has(klass),
    classStructs,
    ownClass: classStructs.length > parentClass.length,
    written: writtenSlots(frame, klass),
    fields: klass ? writtenCount(frame, klass) : 0,
    classChanged: klass !== 0 && changes.object(klass),
    structs,
    ownStruct: info.instanceSize !== 0 && info.instanceSize !== facts.instanceSize(info.parent),
    size: facts.instanceSize(type),
    instances,
    instancesChanged: instances.some((id) => changes.created.has(id)),
  };
}

/**
 * The row of the call that registers a type: the type_init function, or as near to it as is recorded; -1 where none is.
 * @param {Facts} facts
 * @param {number} impl
 */
function registrar(facts, impl) {
  const { calls, columns, header } = facts.run;
  let found = -1;
  for (let row = calls.row(columns.call.data[facts.madeAt(impl)]); row !== -1; row = calls.parent.data[row]) {
    const info = header.functions[calls.fn.data[row]];
    if (info?.name === "module_call_init") break;
    if (info?.file !== "qom/object.c") found = row;
  }
  return found;
}

/**
 * How many fields of a class were written so far, the bookkeeping of type_initialize in ObjectClass left out.
 * @param {Frame} frame
 * @param {number} klass
 */
function writtenCount({ run, at }, klass) {
  const { kind, field, fields } = run.columns;
  const written = new Set(run.history.object(klass).filter((seq) => seq < at && kind.data[seq] === SET).map((seq) => field.data[seq]));
  return [...written].filter((number) => !fields.list[number].startsWith("ObjectClass.")).length;
}

/**
 * The realize slots that a class writes at any time of the run, and what they hold now.
 * @param {Frame} frame
 * @param {number} klass
 * @returns {Written[]}
 */
function writtenSlots({ run, state, changes }, klass) {
  if (!klass) return [];
  const facts = factsOf(run);
  return facts.classStructs(run.names.get(klass)?.type ?? "").flatMap((struct) =>
    Object.keys(run.header.structs[struct]?.fields ?? {})
      .map((name) => `${struct}.${name.slice(name.indexOf(".") + 1)}`)
      .filter((slot) => REALIZE.test(slot.slice(slot.indexOf(".") + 1)) && run.history.field(klass, slot).some((seq) => run.columns.kind.data[seq] === SET))
      .map((slot) => {
        const value = facts.finally(klass, slot);
        const now = state.get(klass)?.field(slot);
        const written = run.history.field(klass, slot).some((seq) => seq < run.timeline.at && run.columns.kind.data[seq] === SET);
        return { slot, name: value instanceof Fn ? value.name : "NULL", now: written && now instanceof Fn ? now.name : null, changed: changes.field(klass, slot) };
      }),
  );
}
