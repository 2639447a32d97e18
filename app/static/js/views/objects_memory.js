/**
 * An object as it lies in memory, for the view "objects": structs within structs from left to right, addresses from top to bottom.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { LAYOUT } from "../qemu/layout.js";
import { factsOf } from "./facts.js";
import { line, surface } from "./draw.js";
import { changed, label, picked } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */

/**
 * A stretch of memory.
 * @typedef {object} Cell
 * @property {string} struct "" for members that are not shown one by one
 * @property {string} member name of the member, "" for the whole
 * @property {number} offset from the beginning of the whole
 * @property {number} size
 * @property {number} count of an array, else 0
 * @property {number} id the QOM object that it belongs to
 * @property {boolean} root it is the outermost struct of a QOM object
 * @property {boolean} part it is a part of its object (a struct of its chain)
 * @property {Cell[]} inside
 */

const LEAF = 31;
const OFFSETS = 52;

/**
 * The memory of an object: what will be embedded in it at any time of the run stands in it from the beginning.
 * @param {Frame} frame
 * @param {number} id
 * @param {boolean} all every larger member, not only the objects within the object
 * @returns {Cell | null} null where the struct is not known
 */
export function memoryOf(frame, id, all) {
  const structs = structsOf(frame, id);
  const outer = structs.at(-1);
  if (!outer || !sizeOf(frame, outer)) return null;
  return cellOf(frame, id, structs, structs.length - 1, "", 0, all);
}

/**
 * @param {Frame} frame
 * @param {number} id
 */
function structsOf(frame, id) {
  return factsOf(frame.run).created(id).structs;
}

/**
 * @param {Frame} frame
 * @param {string} struct
 */
function sizeOf({ run }, struct) {
  return run.header.structs[struct]?.size || LAYOUT[struct]?.size || 0;
}

/**
 * @param {Frame} frame
 * @param {number} id
 * @param {readonly string[]} structs
 * @param {number} which of the structs
 * @param {string} member
 * @param {number} offset
 * @param {boolean} all
 * @returns {Cell}
 */
function cellOf(frame, id, structs, which, member, offset, all) {
  const struct = structs[which];
  const size = sizeOf(frame, struct);
  /** @type {Cell[]} */
  const inside = [];
  if (which > 0) {
    const parent = LAYOUT[struct]?.members.find(([, type, at]) => at === 0 && type === structs[which - 1]);
    inside.push(cellOf(frame, id, structs, which - 1, parent?.[0] ?? "", offset, all));
  }
  let end = offset + (inside[0]?.size ?? 0);
  for (const [name, type, at, bytes, count = 0] of LAYOUT[struct]?.members ?? []) {
    if (offset + at < end) continue;
    const object = embeddedIn(frame, id, `${struct}.${name}`);
    if (!object && !all) continue;
    rest(inside, id, end, offset + at);
    inside.push(object ? cellOf(frame, object, structsOf(frame, object), structsOf(frame, object).length - 1, name, offset + at, all) : { struct: type, member: name, offset: offset + at, size: bytes, count, id, root: false, part: false, inside: [] });
    end = offset + at + bytes;
  }
  if (inside.length) rest(inside, id, end, offset + size);
  return { struct, member, offset, size, count: 0, id, root: which === structs.length - 1, part: true, inside };
}

/**
 * The members between two places, in one.
 * @param {Cell[]} inside
 * @param {number} id
 * @param {number} from
 * @param {number} to
 */
function rest(inside, id, from, to) {
  if (to > from) inside.push({ struct: "", member: "", offset: from, size: to - from, count: 0, id, root: false, part: false, inside: [] });
}

/**
 * The device or bus that a member will hold, 0 for other members. (Memory regions are many and shown where they are used.)
 * @param {Frame} frame
 * @param {number} id
 * @param {string} field
 */
function embeddedIn({ run }, id, field) {
  const facts = factsOf(run);
  const object = facts.everReferred(id, field).at(-1);
  if (object === undefined || run.names.get(object)?.struct !== "Object") return 0;
  const { structs } = facts.created(object);
  return structs.includes("DeviceState") || structs.includes("BusState") ? object : 0;
}

/** @param {Cell} cell @returns {number} */
function depthOf(cell) {
  return 1 + Math.max(0, ...cell.inside.filter(({ part }) => part).map(depthOf));
}

/** @param {Cell} cell @returns {number} */
function leaves(cell) {
  return cell.inside.length ? cell.inside.reduce((sum, inner) => sum + leaves(inner), 0) : 1;
}

/**
 * @param {Cell} memory
 */
export function memoryHeight(memory) {
  return 26 + leaves(memory) * LEAF + 22;
}

/**
 * The memory, with its left upper corner at (0, 0).
 * @param {Frame} frame
 * @param {Cell} memory
 * @param {number} width
 */
export function drawMemory(frame, memory, width) {
  const columns = depthOf(memory);
  const own = Math.min(190, Math.max(118, (width - OFFSETS) / columns));
  const parts = /** @type {unknown[]} */ ([]);
  const offsets = /** @type {Map<number, number>} */ (new Map());
  place(frame, memory, OFFSETS, 0, own, OFFSETS + columns * own, parts, offsets);
  const bottom = leaves(memory) * LEAF;
  offsets.set(memory.offset + memory.size, bottom);
  return svg`${[...offsets].map(([offset, y]) => svg`<path d="M${OFFSETS - 5} ${y}h5" class="guide-path"></path>${label(OFFSETS - 8, y + 4, String(offset), { cls: "m ink3", size: 11, anchor: "end" })}`)}${parts}`;
}

/**
 * Draw a cell and what is inside of it; a part reaches to the right edge of the picture unless something is inside of it.
 * @param {Frame} frame
 * @param {Cell} cell
 * @param {number} x
 * @param {number} y
 * @param {number} own width of a column
 * @param {number} right
 * @param {unknown[]} parts
 * @param {Map<number, number>} offsets
 */
function place(frame, cell, x, y, own, right, parts, offsets) {
  const height = leaves(cell) * LEAF;
  const inner = cell.inside.length > 0;
  if (!offsets.has(cell.offset)) offsets.set(cell.offset, y);
  parts.push(drawCell(frame, cell, x, y, inner ? own : right - x, height));
  let top = y;
  for (const each of cell.inside) {
    place(frame, each, x + own, top, own, right, parts, offsets);
    top += leaves(each) * LEAF;
  }
  if (cell.root) parts.push(outline(frame, cell, x, y, right - x, height));
}

/**
 * The line around a whole QOM object.
 * @param {Frame} frame
 * @param {Cell} cell
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function outline({ state, changes, selection }, { id }, x, y, width, height) {
  const here = state.get(id) !== undefined;
  const on = selection && "id" in selection && selection.id === id;
  return svg`<rect x=${x} y=${y} width=${width} height=${height} rx="3" class="whole ${here ? "" : "ahead"} ${changes.created.has(id) ? "fresh" : ""}"></rect>
    ${on ? picked(x - 2, y - 2, width + 4, height + 4) : nothing}`;
}

/**
 * @param {Frame} frame
 * @param {Cell} cell
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function drawCell({ state, changes, messages, run }, cell, x, y, width, height) {
  const here = state.get(cell.id) !== undefined;
  const fresh = cell.part && here && fieldsChanged(changes, state, cell);
  const cls = cell.part ? "mem part" : cell.struct ? "mem" : "mem rest";
  const size = `${cell.size} B`;
  const roomy = height > 44;
  return svg`<g><rect x=${x} y=${y} width=${width} height=${height} class="${cls} ${here ? "" : "ahead"}"></rect>
    ${fresh ? changed(x + 1, y + 1, width - 2, Math.min(height, roomy ? 56 : LEAF) - 2) : nothing}
    ${surface(x, y, width, height, { select: `object:${cell.id}`, title: `${cell.struct || messages.t("ob-rest")} ${cell.member} ${size}` })}
    ${cell.struct
      ? svg`${label(x + 8, y + 19, cell.struct + (cell.count ? `[${cell.count}]` : ""), { cls: `m ${cell.part ? "b" : ""} ${here ? (cell.part ? "obj" : "") : "ink3"}`, size: 12, width: width - (roomy ? 12 : 74), select: `object:${cell.id}` })}
        ${roomy
          ? line(x + 8, y + 36, [{ text: size, cls: "m ink2" }, { text: cell.member && width > 130 ? `  .${cell.member}` : "", cls: "m ink3" }], 11.5)
          : label(x + width - 7, y + 19, size, { cls: "m ink3", size: 11, anchor: "end" })}
        ${roomy && cell.root && height > 60 ? label(x + 8, y + 53, run.names.label(cell.id), { cls: here ? "obj" : "ink3", size: 12, width: width - 12, select: `object:${cell.id}` }) : nothing}`
      : label(x + 8, y + 19, `${messages.t("ob-rest")}`, { cls: "ink3", size: 11.5, width: width - 74 })}
    ${cell.struct ? nothing : label(x + width - 7, y + 19, size, { cls: "m ink3", size: 11, anchor: "end" })}</g>`;
}

/**
 * Whether this step wrote a field of the part, or made the object.
 * @param {Frame["changes"]} changes
 * @param {Frame["state"]} state
 * @param {Cell} cell
 */
function fieldsChanged(changes, state, { id, struct }) {
  if (!changes.object(id) || changes.created.has(id)) return false;
  for (const field of state.get(id)?.fields.keys() ?? []) if (field.startsWith(`${struct}.`) && changes.field(id, field)) return true;
  return false;
}

/**
 * Rows of the table: the cells, outermost first.
 * @param {Frame} frame
 * @param {Cell} memory
 * @returns {import("./view.js").Row[]}
 */
export function memoryRows({ messages, run, state }, memory) {
  /** @type {import("./view.js").Row[]} */
  const rows = [];
  const visit = (/** @type {Cell} */ cell, /** @type {number} */ level) => {
    rows.push({
      level,
      cells: [
        cell.struct ? { text: cell.struct + (cell.count ? `[${cell.count}]` : ""), select: `object:${cell.id}` } : messages.t("ob-rest"),
        cell.member,
        `${cell.offset} + ${cell.size}`,
        cell.root ? `${run.names.label(cell.id)}${state.get(cell.id) ? "" : ` (${messages.t("ob-ahead")})`}` : "",
      ],
    });
    for (const inner of cell.inside) visit(inner, level + 1);
  };
  visit(memory, 2);
  return rows;
}
