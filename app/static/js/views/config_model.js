/**
 * What the view "config" shows of a PCI function: its configuration space now and at the end of the run, and the memory regions behind
 * its base addresses.
 * @module
 */

import { ABSENT, Ref, decode } from "../core/values.js";
import { chosen } from "../core/picks.js";
import { decodeConfig } from "../qemu/config_space.js";
import { cardOf } from "./cards.js";
import { factsOf } from "./facts.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("../core/run.js").Run} Run */
/** @typedef {import("../qemu/config_space.js").ConfigSpace} ConfigSpace */

/** The buffers of a PCIDevice that have a byte for each byte of its configuration space. */
export const BUFFERS = /** @type {const} */ (["config", "wmask", "cmask", "w1cmask", "used"]);
/** @typedef {typeof BUFFERS[number]} BufferName */

/**
 * A memory region as it will stand, and how far it has come.
 * @typedef {object} Region
 * @property {number} id
 * @property {string} name
 * @property {number} addr within its container
 * @property {number} size
 * @property {"ahead" | "made" | "mapped"} how
 * @property {boolean} changed in this step
 * @property {Region[]} parts in order of address
 */
/**
 * A base address register and what is behind it.
 * @typedef {object} Bar
 * @property {number} number 6: the ROM
 * @property {number} id of its PCIIORegion
 * @property {number} type as registered: PCI_BASE_ADDRESS_*
 * @property {number} size
 * @property {boolean} registered
 * @property {boolean} changed in this step
 * @property {Region} region
 */
/**
 * @typedef {object} Model
 * @property {number} id of the device
 * @property {string} type
 * @property {Uint8Array | null} config null: not allocated yet
 * @property {Partial<Record<BufferName, Uint8Array>>} buffers
 * @property {ConfigSpace} space now
 * @property {ConfigSpace} finally at the end of the run
 * @property {number} size 256 or 4096
 * @property {Bar[]} bars
 * @property {BufferName} shown which buffer the bytes are of
 */

/** @type {WeakMap<Run, Map<number, {length: number, size: number, space: ConfigSpace}>>} */
const kept = new WeakMap();

/**
 * @param {Frame} frame
 * @returns {Model | null} null where the run has no PCI function
 */
export function modelOf(frame) {
  const card = cardOf(frame);
  if (!card) return null;
  const { id, type } = card;
  const object = frame.state.get(id);
  /** @type {Model["buffers"]} */
  const buffers = {};
  for (const name of BUFFERS) {
    const value = object?.field(`PCIDevice.${name}`);
    if (value instanceof Uint8Array) buffers[name] = value;
  }
  const last = finalSpace(frame.run, id);
  const config = buffers.config ?? null;
  const shown = /** @type {BufferName} */ (chosen(frame.toggled, "config-bytes"));
  return {
    id,
    type,
    config,
    buffers,
    space: decodeConfig(config ?? new Uint8Array(last.size)),
    finally: last.space,
    size: last.size,
    bars: barsOf(frame, id),
    shown: BUFFERS.includes(shown) ? shown : "config",
  };
}

/**
 * The configuration space as the run leaves it.
 * @param {Run} run
 * @param {number} id
 */
function finalSpace(run, id) {
  let held = kept.get(run);
  if (!held) kept.set(run, (held = new Map()));
  const known = held.get(id);
  if (known?.length === run.length) return known;
  let bytes = new Uint8Array(256);
  for (const seq of run.history.field(id, "PCIDevice.config")) {
    const event = run.log.at(seq);
    const value = decode(event[0] === "P" ? event[7] : event[6]);
    if (!(value instanceof Uint8Array)) continue;
    if (event[0] === "P") bytes.set(value, event[5]);
    else bytes = value.slice();
  }
  const made = { length: run.length, size: bytes.length, space: decodeConfig(bytes) };
  held.set(id, made);
  return made;
}

/**
 * The base addresses that are registered at any time of the run.
 * @param {Frame} frame
 * @param {number} id
 * @returns {Bar[]}
 */
function barsOf(frame, id) {
  const facts = factsOf(frame.run);
  /** @type {Bar[]} */
  const bars = [];
  for (const [number, io] of facts.everReferred(id, "PCIDevice.io_regions").entries()) {
    const memory = facts.everReferred(io, "memory").at(-1);
    if (memory === undefined || number > 6) continue;
    const now = frame.state.get(io)?.field("memory");
    bars.push({
      number,
      id: io,
      type: Number(numberOf(facts.finally(io, "type"))),
      size: numberOf(facts.finally(io, "size")),
      registered: now instanceof Ref && now.id === memory,
      changed: frame.changes.field(io, "memory"),
      region: regionOf(frame, memory, 0, 0),
    });
  }
  return bars;
}

/**
 * @param {Frame} frame
 * @param {number} id
 * @param {number} container 0 for a region behind a base address itself
 * @param {number} depth
 * @returns {Region}
 */
function regionOf(frame, id, container, depth) {
  const facts = factsOf(frame.run);
  const name = facts.finally(id, "MemoryRegion.name");
  const object = frame.state.get(id);
  const within = object?.field("MemoryRegion.container");
  const mapped = container === 0 ? object !== undefined : within instanceof Ref && within.id === container;
  const parts = depth > 3 ? [] : facts.everReferred(id, "MemoryRegion.subregions").map((part) => regionOf(frame, part, id, depth + 1));
  return {
    id,
    name: typeof name === "string" ? name : "",
    addr: numberOf(facts.finally(id, "MemoryRegion.addr")),
    size: numberOf(facts.finally(id, "MemoryRegion.size")),
    how: !object ? "ahead" : mapped ? "mapped" : "made",
    changed: frame.changes.created.has(id) || frame.changes.field(id, "MemoryRegion.container"),
    parts: parts.sort((a, b) => a.addr - b.addr),
  };
}

/** @param {unknown} value */
function numberOf(value) {
  return value === ABSENT || (typeof value !== "number" && typeof value !== "bigint") ? 0 : Number(value);
}

/**
 * A size in words: 4 KiB, 64 B.
 * @param {number} bytes
 */
export function sizeText(bytes) {
  for (const [unit, name] of /** @type {[number, string][]} */ ([
    [2 ** 30, "GiB"],
    [2 ** 20, "MiB"],
    [2 ** 10, "KiB"],
  ])) {
    if (bytes >= unit && bytes % unit === 0) return `${bytes / unit} ${name}`;
  }
  return `${bytes} B`;
}

/**
 * What kind of space a base address register asks for.
 * @param {Bar} bar
 */
export function barKind({ number, type }) {
  if (number === 6) return "mem 32";
  if (type & 1) return "I/O";
  return `mem ${(type & 6) === 4 ? "64" : "32"}${type & 8 ? " prefetch" : ""}`;
}
