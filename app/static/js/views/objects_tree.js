/**
 * Two trees of objects, for the view "objects": buses with the devices on them, and QOM's own tree of children.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { Ref } from "../core/values.js";
import { line, surface } from "./draw.js";
import { changed, picked } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("../core/fold.js").ObjectState} ObjectState */

/**
 * A line of a tree.
 * @typedef {object} Node
 * @property {number} id 0 for "more"
 * @property {number} level
 * @property {"device" | "bus" | "object" | "more"} kind
 * @property {string} name
 * @property {string} type
 * @property {string} note
 * @property {boolean} realized
 * @property {boolean} focus it is the object that the view is about, or inside of it
 * @property {boolean} changed
 * @property {string} [behind] what is behind a device that is not unfolded
 * @property {string} [toggle]
 */

const ROW = 22;
const INDENT = 17;
/** Children of an object that is not in focus are counted, not shown, from this many on. */
const FEW = 8;

/**
 * @param {ObjectState | undefined} object
 * @param {string} field
 */
function refOf(object, field) {
  const value = object?.fields.get(field);
  return value instanceof Ref ? value.id : 0;
}

/**
 * @param {ObjectState | undefined} object
 * @param {string} field
 * @returns {number[]}
 */
function refsOf(object, field) {
  const value = object?.fields.get(field);
  return Array.isArray(value) ? value.flatMap((item) => (item instanceof Ref ? [item.id] : [])) : [];
}

/**
 * The buses and devices from the outermost bus down to the device, with what hangs beside and under it.
 * @param {Frame} frame
 * @param {number} device
 * @returns {Node[]}
 */
export function busTree(frame, device) {
  const { state, run, changes, messages, toggled } = frame;
  const path = new Set([device]);
  let top = device;
  for (let i = 0; i < 32; i++) {
    const object = state.get(top);
    const next = refOf(object, "DeviceState.parent_bus") || refOf(object, "BusState.parent");
    if (!next || path.has(next)) break;
    path.add(next);
    top = next;
  }
  /** @type {Node[]} */
  const nodes = [];
  const visit = (/** @type {number} */ id, /** @type {number} */ level, /** @type {boolean} */ inside) => {
    const object = state.get(id);
    if (!object || nodes.length > 120) return;
    const isBus = object.structs.includes("BusState");
    const realized = object.fields.get(isBus ? "BusState.realized" : "DeviceState.realized") === true;
    const devfn = object.fields.get("PCIDevice.devfn");
    const placed = object.fields.get("PCIDevice.config") instanceof Uint8Array && typeof devfn === "number";
    nodes.push({
      id,
      level,
      kind: isBus ? "bus" : "device",
      name: run.names.label(id),
      type: object.type,
      note: placed ? `${(devfn >> 3).toString(16).padStart(2, "0")}.${devfn & 7}` : "",
      realized,
      focus: inside || id === device,
      changed: changes.created.has(id) || changes.field(id, "DeviceState.parent_bus") || changes.field(id, "DeviceState.realized") || changes.field(id, "BusState.realized"),
    });
    const below = isBus
      ? refsOf(object, "BusState.children").map((kid) => refOf(state.get(kid), "child")).filter(Boolean).reverse()
      : refsOf(object, "DeviceState.child_bus").reverse();
    const deep = inside || id === device;
    const open = path.has(id) || deep;
    const shown = open ? below : [];
    const some = shown.length > FEW && !deep && !toggled.has(`objects-bus:${run.names.stable(id)}`) ? shown.filter((kid) => path.has(kid) || state.get(kid)?.structs.includes("PCIDevice")).slice(0, FEW) : shown;
    for (const kid of some) visit(kid, level + 1, deep);
    if (some.length < below.length && open) nodes.push(more(level + 1, below.length - some.length, `objects-bus:${run.names.stable(id)}`));
    else if (!open && below.length && !isBus) {
      const buses = below.reduce((sum, bus) => sum + refsOf(state.get(bus), "BusState.children").length, 0);
      nodes[nodes.length - 1].behind = messages.t("ob-behind", { devices: buses, buses: below.length });
    }
  };
  visit(top, 0, false);
  return nodes;
}

/**
 * @param {number} level
 * @param {number} count
 * @param {string} toggle
 * @returns {Node}
 */
function more(level, count, toggle) {
  return { id: 0, level, kind: "more", name: `+ ${count}`, type: "", note: "", realized: false, focus: false, changed: false, toggle };
}

/**
 * The children of an object: name of the property, and the child.
 * @param {Frame} frame
 * @param {number} id
 * @returns {[string, number][]}
 */
function childrenOf({ state }, id) {
  const properties = state.get(id)?.fields.get("Object.properties");
  if (!(properties instanceof Map)) return [];
  /** @type {[string, number][]} */
  const children = [];
  for (const [name, value] of properties) {
    if (!(value instanceof Ref)) continue;
    const property = state.get(value.id);
    const type = property?.fields.get("type");
    const child = refOf(property, "opaque");
    if (typeof type === "string" && type.startsWith("child<") && child) children.push([name, child]);
  }
  return children;
}

/**
 * QOM's tree: from the root down to the object, and all its children.
 * @param {Frame} frame
 * @param {number} object
 * @returns {Node[]}
 */
export function qomTree(frame, object) {
  const { state, run, changes, toggled } = frame;
  const path = [object];
  for (let i = 0; i < 32; i++) {
    const parent = refOf(state.get(path[0]), "Object.parent");
    if (!parent || path.includes(parent)) break;
    path.unshift(parent);
  }
  /** @type {Node[]} */
  const nodes = [];
  const visit = (/** @type {number} */ id, /** @type {string} */ name, /** @type {number} */ level, /** @type {boolean} */ inside) => {
    const of = state.get(id);
    if (!of || nodes.length > 160) return;
    const kids = childrenOf(frame, id);
    const deep = inside || id === object;
    const key = `objects-qom:${run.names.stable(id)}`;
    nodes.push({
      id,
      level,
      kind: "object",
      name,
      type: of.type,
      note: "",
      realized: true,
      focus: deep,
      changed: changes.created.has(id) || changes.field(id, "Object.parent"),
    });
    const shown = deep || toggled.has(key) ? kids : kids.filter(([, kid]) => path.includes(kid));
    for (const [kidName, kid] of shown) visit(kid, kidName, level + 1, deep);
    if (shown.length < kids.length) nodes.push(more(level + 1, kids.length - shown.length, key));
  };
  visit(path[0], path.length > 1 || !state.get(object) ? "/" : run.names.label(path[0]), 0, path[0] === object);
  return nodes;
}

/** @param {readonly Node[]} nodes */
export function treeHeight(nodes) {
  return nodes.length * ROW + 8;
}

/**
 * A tree, with its left upper corner at (0, 0).
 * @param {Frame} frame
 * @param {readonly Node[]} nodes
 * @param {number} width
 */
export function drawTree({ selection, messages }, nodes, width) {
  return svg`${nodes.map((node, i) => {
    const x = node.level * INDENT;
    const y = i * ROW;
    if (node.kind === "more") {
      return svg`${branch(nodes, i)}<g class="tab"><rect x=${x + 2} y=${y + 3} width="44" height="17" rx="8.5" class="pick" data-toggle=${node.toggle ?? nothing}></rect>
        <text x=${x + 24} y=${y + 15.5} class="t" font-size="11.5" text-anchor="middle">${node.name}</text></g>`;
    }
    const on = selection && "id" in selection && selection.id === node.id;
    const cls = node.focus ? "" : "ink2";
    return svg`<g>${branch(nodes, i)}
      ${node.changed ? changed(x - 4, y + 1, width - x, ROW - 2) : nothing}
      ${surface(x - 4, y, width - x, ROW, { select: `object:${node.id}`, title: node.type })}
      ${on ? picked(x - 4, y + 1, width - x, ROW - 2) : nothing}
      ${mark(node, x + 7, y + ROW / 2)}
      ${line(x + 20, y + 15.5, [
        { text: node.name, cls: `${node.focus ? "b" : ""} ${cls}`, size: 12.5, select: `object:${node.id}` },
        node.type && node.type !== node.name ? { text: `  ${node.type}`, cls: "m ink3", size: 11.5 } : null,
        node.note ? { text: `  ${node.note}`, cls: "m ink2", size: 11.5 } : null,
        node.behind ? { text: `  ${node.behind}`, cls: "ink3", size: 11.5 } : null,
        node.kind === "device" && !node.realized ? { text: `  ${messages.t("ob-unrealized")}`, cls: "ink3", size: 11.5 } : null,
      ])}</g>`;
  })}`;
}

/**
 * The shape of a line: a bus is a bar, a device a box (full when realized), any other object a disc.
 * @param {Node} node
 * @param {number} x
 * @param {number} y
 */
function mark({ kind, realized }, x, y) {
  if (kind === "bus") return svg`<path d="M${x - 7} ${y - 2.5}h14v5h-14z" class="mark bus ${realized ? "" : "hollow"}"></path>`;
  if (kind === "device") return svg`<rect x=${x - 5} y=${y - 5} width="10" height="10" rx="2" class="mark device ${realized ? "" : "hollow"}"></rect>`;
  return svg`<circle cx=${x} cy=${y} r="4" class="mark"></circle>`;
}

/**
 * The lines that join a node to its parent.
 * @param {readonly Node[]} nodes
 * @param {number} i
 */
function branch(nodes, i) {
  const { level } = nodes[i];
  if (!level) return nothing;
  let parent = i - 1;
  while (parent >= 0 && nodes[parent].level >= level) parent--;
  if (parent < 0) return nothing;
  const x = (level - 1) * INDENT + 7;
  return svg`<path d="M${x} ${parent * ROW + 17}V${i * ROW + ROW / 2}h${INDENT - 8}" class="guide-path soft"></path>`;
}
