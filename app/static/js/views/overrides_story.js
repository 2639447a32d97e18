/**
 * What the view "overrides" shows: the chains of a card and of the devices inside it with their slots, another card's chain beside
 * them, and the order in which the slots are called.
 * @module
 */

import { Fn } from "../core/values.js";
import { chosen } from "../core/picks.js";
import { realizeOrder } from "../qemu/dispatch.js";
import { cardOf } from "./cards.js";
import { factsOf } from "./facts.js";
import { progress } from "./overrides_order.js";
import { realizePath } from "./path.js";
import { classRows, slotsOf } from "./slots.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./slots.js").Slot} Slot */
/** @typedef {import("./slots.js").ClassRow} ClassRow */
/** @typedef {import("./path.js").Step} Step */
/** @typedef {import("./overrides_chain.js").Stop} Stop */
/** @typedef {import("./overrides_chain.js").Chain} Chain */

/**
 * All that the view shows.
 * @typedef {object} Story
 * @property {string} type of the card
 * @property {number} device id of the card, 0 where only its class is looked at
 * @property {Chain[]} chains
 * @property {Step[]} steps
 * @property {string[]} others types that the card can be compared with
 */

/** Types whose chain is shown where the run has no card. */
const SUBJECT = "virtio-net-pci";
/** The card to compare with, where it is modelled. */
const PLAIN = "e1000";
/** How many types are offered to compare with. */
const OFFERED = 4;

/**
 * What there is to show: the chains of the card and of the devices inside it, and another card's chain beside them.
 * @param {Frame} frame
 * @returns {Story}
 */
export function tell(frame) {
  const facts = factsOf(frame.run);
  const card = cardOf(frame);
  const type = card?.type ?? (facts.type(SUBJECT) ? SUBJECT : "");
  if (!type) return { type: "", device: 0, chains: [], steps: [], others: [] };
  const device = card?.id ?? 0;
  const steps = device ? realizePath(frame.run, device) : [];
  const chains = [chainOf(frame, type, "card", device, steps)];
  for (const object of new Set(steps.filter(({ slot }) => !slot).map((step) => step.object))) {
    const inner = frame.run.names.get(object)?.type;
    if (object !== device && inner) chains.push(chainOf(frame, inner, "inner", object, steps));
  }
  const others = otherTypes(frame, type);
  const picked = chosen(frame.toggled, "compare");
  const other = others.includes(picked) ? picked : others[0];
  if (other) chains.push(chainOf(frame, other, "other", 0, []));
  return { type, device, chains: chains.filter(({ rows }) => rows.length), steps, others };
}

/**
 * The types to compare with: for a card that keeps an old realize, those that override nothing; and the other way round.
 * @param {Frame} frame
 * @param {string} type
 */
function otherTypes(frame, type) {
  const facts = factsOf(frame.run);
  const keeps = slotsOf(frame.run, type).some(({ field }) => field.startsWith("parent_"));
  const found = keeps ? plainTypes(frame) : facts.type(SUBJECT) ? [SUBJECT] : [];
  return found.filter((each) => each !== type).slice(0, OFFERED);
}

/** @type {WeakMap<import("../core/run.js").Run, {length: number, types: string[]}>} */
const kept = new WeakMap();

/**
 * PCI devices that override nothing: pci_qdev_realize is left where pci_device_class_init put it; one for each realize function.
 * Cards before bridges, e1000 first.
 * @param {Frame} frame
 */
function plainTypes({ run }) {
  const held = kept.get(run);
  if (held?.length === run.length) return held.types;
  const facts = factsOf(run);
  const nameIn = (/** @type {number} */ id, /** @type {string} */ slot) => {
    const value = facts.finally(id, slot);
    return value instanceof Fn ? value.name : "";
  };
  /** @type {string[]} */
  const types = [];
  const visit = (/** @type {string} */ name) => {
    const id = facts.classOf(name);
    const known = facts.type(name)?.modelled && id !== 0;
    if (known && nameIn(id, "DeviceClass.realize") === "pci_qdev_realize" && nameIn(id, "PCIDeviceClass.realize")) types.push(name);
    if (known) facts.children(name).forEach(visit);
  };
  if (facts.type("pci-device")) visit("pci-device");
  const rank = (/** @type {string} */ name) => (name === PLAIN ? 0 : isCard(facts.finally(facts.classOf(name), "PCIDeviceClass.class_id")) ? 1 : 2);
  types.sort((a, b) => rank(a) - rank(b));
  const realizes = types.map((name) => nameIn(facts.classOf(name), "PCIDeviceClass.realize"));
  const different = types.filter((_, i) => realizes.indexOf(realizes[i]) === i);
  kept.set(run, { length: run.length, types: different });
  return different;
}

/** @param {unknown} classId */
function isCard(classId) {
  return typeof classId === "number" && classId >> 8 === 2;
}

/**
 * @param {Frame} frame
 * @param {string} type
 * @param {Chain["part"]} part
 * @param {number} device
 * @param {Step[]} steps
 * @returns {Chain}
 */
function chainOf(frame, type, part, device, steps) {
  const slots = slotsOf(frame.run, type);
  const rows = classRows(frame, type, slots);
  return { type, part, slots, rows, stops: device && steps.length ? stopsOf(frame, rows, device, steps) : expected(frame, rows) };
}

/**
 * Where the steps of a device stop at the slots of its class.
 * @param {Frame} frame
 * @param {ClassRow[]} rows
 * @param {number} device
 * @param {Step[]} steps
 * @returns {Stop[]}
 */
function stopsOf(frame, rows, device, steps) {
  const owner = rows.at(-1)?.id ?? 0;
  const current = steps.findLastIndex((step) => progress(step, frame.at) === "open");
  return steps.flatMap((step, i) => {
    const mine = step.slot ? step.owner === owner && step.object === device : step.object === device;
    if (!mine) return [];
    return [{ number: i + 1, slot: step.slot, name: step.name, how: progress(step, frame.at), current: i === current, select: `call:${step.enter}` }];
  });
}

/**
 * The stops that the slots of a class will lead to, as they will stand when it is done.
 * @param {Frame} frame
 * @param {ClassRow[]} rows
 * @returns {Stop[]}
 */
function expected({ run }, rows) {
  const id = rows.at(-1)?.id ?? 0;
  const order = realizeOrder((slot) => {
    const value = id ? factsOf(run).finally(id, slot) : null;
    return value instanceof Fn ? value.name : null;
  });
  if (!order.length) return [];
  const first = /** @type {Stop} */ ({ number: 1, slot: "", name: "device_set_realized", how: "would" });
  return [first, ...order.map(({ slot, name }, i) => /** @type {Stop} */ ({ number: i + 2, slot, name, how: "would" }))];
}
