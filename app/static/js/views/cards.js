/**
 * The cards of a run: the devices that a reader looks at, and which of them is looked at now.
 * @module
 */

import { chosen } from "../core/picks.js";
import { factsOf } from "./facts.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("../core/run.js").Run} Run */

/**
 * @typedef {object} Card
 * @property {number} id
 * @property {string} type
 * @property {boolean} network
 * @property {boolean} asked made because the command line asked for it, not by the board
 * @property {boolean} brief given back soon: made only to be looked at, or failed
 */

/** Functions inside of which a device is made because the command line asked for it. */
const ASKED = new Set(["qdev_device_add_from_qdict", "pci_nic_init_nofail"]);
const PCI_BASE_CLASS_NETWORK = 0x02;

/** @type {WeakMap<Run, {length: number, cards: Card[]}>} */
const kept = new WeakMap();

/**
 * All PCI functions of a run: network cards first, asked for before built in, lasting before brief, then by creation.
 * @param {Run} run
 * @returns {Card[]}
 */
export function cardsOf(run) {
  const held = kept.get(run);
  if (held && held.length === run.length) return held.cards;
  const facts = factsOf(run);
  /** @type {Card[]} */
  const cards = [];
  for (const id of facts.type("pci-device") ? facts.instancesOf("pci-device") : []) {
    const type = run.names.get(id)?.type ?? "";
    const classId = facts.finally(facts.classOf(type), "PCIDeviceClass.class_id");
    cards.push({
      id,
      type,
      network: typeof classId === "number" && classId >> 8 === PCI_BASE_CLASS_NETWORK,
      asked: inside(run, facts.madeAt(id), ASKED),
      brief: facts.isFreed(id),
    });
  }
  const rank = (/** @type {Card} */ card) => (card.network ? 0 : 4) + (card.asked ? 0 : 2) + (card.brief ? 1 : 0);
  cards.sort((a, b) => rank(a) - rank(b) || a.id - b.id);
  kept.set(run, { length: run.length, cards });
  return cards;
}

/**
 * Whether event `seq` happened inside a call of one of the functions.
 * @param {Run} run
 * @param {number} seq
 * @param {ReadonlySet<string>} names
 */
function inside(run, seq, names) {
  for (let row = run.calls.row(run.columns.call.data[seq]); row !== -1; row = run.calls.parent.data[row]) {
    if (names.has(run.functionName(run.calls.fn.data[row]))) return true;
  }
  return false;
}

/**
 * The card that the reader looks at: the one picked, else the one that the selection belongs to, else the first.
 * @param {Frame} frame
 * @param {string} [token] views that share a token look at the same card
 * @returns {Card | null}
 */
export function cardOf(frame, token = "card") {
  const cards = cardsOf(frame.run);
  const picked = chosen(frame.toggled, token);
  if (picked) {
    const id = frame.run.names.find(picked);
    const found = cards.find((card) => card.id === id);
    if (found) return found;
  }
  const { selection } = frame;
  if (selection && "id" in selection) {
    const owner = ownerAmong(frame, selection.id, cards);
    if (owner) return owner;
  }
  return cards[0] ?? null;
}

/**
 * The card that an object is, or is a part of (by QOM's composition).
 * @param {Frame} frame
 * @param {number} id
 * @param {readonly Card[]} cards
 */
function ownerAmong({ state }, id, cards) {
  for (let step = 0, at = id; at && step < 16; step++) {
    const found = cards.find((card) => card.id === at);
    if (found) return found;
    const parent = state.get(at)?.fields.get("Object.parent");
    at = parent && typeof parent === "object" && "id" in parent ? /** @type {number} */ (parent.id) : 0;
  }
  return null;
}
