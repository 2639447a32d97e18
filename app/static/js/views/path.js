/**
 * The way that realizing a device takes through the slots of classes: which function is called through which slot, in which order,
 * one inside the other.
 * @module
 */

import { Fn, Ref } from "../core/values.js";
import { factsOf } from "./facts.js";

/** @typedef {import("../core/run.js").Run} Run */

/**
 * @typedef {object} Step
 * @property {string} name function
 * @property {string} slot "Struct.field", "" where it is called by its own name
 * @property {number} owner id of the class that the slot belongs to, 0 without a slot
 * @property {number} object the device (or the bus) that it is called for
 * @property {number} depth how many steps it is inside of
 * @property {number} enter seq of the Enter
 * @property {number} exit seq of the Exit, -1 while it is open
 * @property {boolean} failed
 * @property {string[]} via functions between the step around it and this one, outermost first
 */

const SLOTS = /(^|_)(realize|pre_plugged|plugged)$/;

/** @type {WeakMap<Run, Map<number, {length: number, steps: Step[]}>>} */
const kept = new WeakMap();

/**
 * The steps of realizing a device; empty where it is never realized. The first one is the call of device_set_realized.
 * @param {Run} run
 * @param {number} device
 * @returns {Step[]}
 */
export function realizePath(run, device) {
  let paths = kept.get(run);
  if (!paths) kept.set(run, (paths = new Map()));
  const held = paths.get(device);
  if (held && (held.length === run.length || held.steps[0]?.exit > -1)) return held.steps;
  const steps = walk(run, device);
  paths.set(device, { length: run.length, steps });
  return steps;
}

/**
 * @param {Run} run
 * @param {number} device
 * @returns {Step[]}
 */
function walk(run, device) {
  const facts = factsOf(run);
  const { calls } = run;
  const first = facts.callsOf("device_set_realized").find((row) => isFor(facts.args(row), device) && facts.args(row)[1] === true);
  if (first === undefined) return [];
  const end = calls.after(first);
  /** @type {Step[]} */
  const steps = [];
  /** Rows of the steps that are open, outermost first. @type {number[]} */
  const open = [];
  /** Function -> slot. @type {Map<string, {slot: string, owner: number, object: number}>} */
  let slots = new Map();

  const add = (/** @type {number} */ row, /** @type {Partial<Step>} */ of) => {
    while (open.length && !within(run, row, /** @type {number} */ (open.at(-1)))) open.pop();
    const exit = calls.exit.data[row];
    steps.push({
      name: facts.functionOf(row),
      slot: "",
      owner: 0,
      object: device,
      depth: open.length,
      enter: calls.enter.data[row],
      exit,
      failed: calls.failed.data[row] === 1,
      via: between(run, row, open.at(-1) ?? -1),
      ...of,
    });
    open.push(row);
  };

  add(first, {});
  slots = new Map([...slots, ...slotsFor(run, device)]);
  for (let row = first + 1; row < end; row++) {
    const name = facts.functionOf(row);
    if (name === "device_set_realized") {
      const args = facts.args(row);
      if (args[1] !== true || !(args[0] instanceof Ref)) continue;
      add(row, { object: args[0].id });
      slots = new Map([...slots, ...slotsFor(run, args[0].id)]);
      continue;
    }
    const found = slots.get(name);
    if (!found) continue;
    const [argument] = facts.args(row);
    if (found.slot.startsWith("DeviceClass") && !isFor([argument], found.object)) continue;
    add(row, found);
  }
  return steps;
}

/**
 * @param {readonly any[]} args
 * @param {number} id
 */
function isFor([first], id) {
  return first instanceof Ref && first.id === id;
}

/**
 * The functions in the slots of a device's class, and of the classes of the buses that it offers.
 * @param {Run} run
 * @param {number} device
 * @returns {Map<string, {slot: string, owner: number, object: number}>}
 */
function slotsFor(run, device) {
  const facts = factsOf(run);
  /** @type {Map<string, {slot: string, owner: number, object: number}>} */
  const found = new Map();
  for (const object of [device, ...facts.everReferred(device, "DeviceState.child_bus")]) {
    const type = run.names.get(object)?.type ?? "";
    const owner = facts.classOf(type);
    for (const struct of facts.classStructs(type)) {
      for (const key of Object.keys(run.header.structs[struct]?.fields ?? {})) {
        const field = key.slice(key.indexOf(".") + 1);
        if (!SLOTS.test(field)) continue;
        const value = facts.finally(owner, `${struct}.${field}`);
        if (value instanceof Fn) found.set(value.name, { slot: `${struct}.${field}`, owner, object });
      }
    }
  }
  return found;
}

/**
 * @param {Run} run
 * @param {number} row
 * @param {number} outer
 */
function within({ calls }, row, outer) {
  return row > outer && row < calls.after(outer);
}

/**
 * Functions called between two rows.
 * @param {Run} run
 * @param {number} row
 * @param {number} outer
 */
function between(run, row, outer) {
  /** @type {string[]} */
  const names = [];
  if (outer === -1) return names;
  for (let step = run.calls.parent.data[row]; step !== outer && step !== -1; step = run.calls.parent.data[step]) {
    names.unshift(run.functionName(run.calls.fn.data[step]));
  }
  return names;
}
