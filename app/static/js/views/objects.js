/**
 * View "objects": a device as it lies in memory with the objects inside of it, the buses and QOM's tree around it, the ends of its
 * network links, and the fields of the object chosen.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { choice } from "../core/picks.js";
import { cardOf, cardsOf } from "./cards.js";
import { at as moved, heading, tabs } from "./draw.js";
import { factsOf } from "./facts.js";
import { label, textWidth } from "./kit.js";
import { drawFields, fieldLines, fieldsHeight } from "./objects_fields.js";
import { drawMemory, memoryHeight, memoryOf } from "./objects_memory.js";
import { drawLinks, linksHeight, linksOf } from "./objects_net.js";
import { objectsTable, objectsTexts } from "./objects_text.js";
import { busTree, drawTree, qomTree, treeHeight } from "./objects_tree.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Drawing} Drawing */

/**
 * All that the view shows.
 * @typedef {object} Model
 * @property {number} device
 * @property {import("./objects_memory.js").Cell | null} memory
 * @property {import("./objects_tree.js").Node[]} buses
 * @property {import("./objects_tree.js").Node[]} qom
 * @property {import("./objects_net.js").Link[]} links
 * @property {number} chosen the object whose fields are shown
 * @property {import("./objects_fields.js").FieldLine[]} fields
 */

const PAD = 14;
const HEAD = 26;
const BETWEEN = 30;

/** @type {import("./view.js").View} */
export const objects = { id: "objects", draw };

/**
 * @param {Frame} frame
 * @returns {Drawing}
 */
function draw(frame) {
  const { box, messages } = frame;
  const model = modelOf(frame);
  const picker = tabs(PAD, 12, Math.max(300, box.width - 2 * PAD), cardTabs(frame, model));
  const top = 12 + picker.height + (picker.height ? 8 : 0);
  const parts = layOut(frame, model, top);
  return {
    width: Math.max(box.width, parts.width),
    height: parts.height + PAD,
    label: messages.t("ob-label", { name: model.device ? frame.run.names.label(model.device) : "–", clients: model.links.flatMap(({ ends }) => ends).filter(({ place }) => place >= 0).length }),
    svg: svg`${picker.svg}${parts.svg}`,
    table: () => objectsTable(frame, model),
    texts: objectsTexts(frame, model),
    ...(parts.follow === undefined ? {} : { follow: parts.follow }),
  };
}

/**
 * @param {Frame} frame
 * @returns {Model}
 */
function modelOf(frame) {
  const { run, selection, state, toggled } = frame;
  const device = cardOf(frame)?.id ?? 0;
  const chosen = selection && "id" in selection && state.get(selection.id) ? selection.id : device;
  return {
    device,
    memory: device && factsOf(run).madeAt(device) !== -1 ? memoryOf(frame, device, toggled.has("objects-members")) : null,
    buses: device && state.get(device) ? busTree(frame, device) : [],
    qom: device && state.get(device) ? qomTree(frame, device) : [],
    links: linksOf(frame),
    chosen,
    fields: chosen ? fieldLines(frame, chosen) : [],
  };
}

/**
 * @param {Frame} frame
 * @param {Model} model
 * @param {number} top
 */
function layOut(frame, model, top) {
  const { box, messages, run, state, toggled } = frame;
  const room = box.width - 2 * PAD;
  const split = room >= 1080;
  const trees = split || room >= 640;
  const left = split ? Math.floor(room * 0.58) : Math.max(room, 400);
  const side = room - left - 36;
  /** @type {{x: number, y: number, width: number, title: string, part: unknown, tool?: {text: string, toggle: string}}[]} */
  const parts = [];
  let y = top;
  if (model.memory) {
    parts.push({ x: 0, y, width: left, title: (state.get(model.device)?.freed ? `${messages.t("ob-freed")} ` : "") + messages.t("ob-memory", { type: run.names.get(model.device)?.type ?? "", size: model.memory.size }), part: state.get(model.device)?.freed ? svg`<g class="gone">${drawMemory(frame, model.memory, left - 4)}</g>` : drawMemory(frame, model.memory, left - 4), tool: { text: messages.t(toggled.has("objects-members") ? "ob-fewer" : "ob-members"), toggle: "objects-members" } });
    y += HEAD + memoryHeight(model.memory);
  } else {
    parts.push({ x: 0, y, width: left, title: messages.t("ob-none"), part: nothing });
    y += HEAD;
  }
  parts.push({ x: 0, y, width: left, title: messages.t("ob-net"), part: drawLinks(frame, model.links, Math.min(left, 800)) });
  y += HEAD + linksHeight(model.links) + 12;
  let right = top;
  const half = split ? side : trees ? Math.floor((room - 30) / 2) : left;
  if (!split) right = y;
  const place = (/** @type {string} */ id, /** @type {import("./objects_tree.js").Node[]} */ nodes, /** @type {number} */ x, /** @type {number} */ at) =>
    parts.push({ x, y: at, width: half, title: messages.t(id), part: nodes.length ? drawTree(frame, nodes, half) : label(0, 20, messages.t("ob-ahead"), { cls: "ink3" }) });
  const heights = [model.buses, model.qom].map((nodes) => HEAD + Math.max(26, treeHeight(nodes)) + BETWEEN);
  if (split) {
    place("ob-buses", model.buses, left + 36, right);
    place("ob-qom", model.qom, left + 36, right + heights[0]);
    right += heights[0] + heights[1];
  } else if (trees) {
    place("ob-buses", model.buses, 0, right);
    place("ob-qom", model.qom, half + 30, right);
    right += Math.max(...heights);
  } else {
    place("ob-buses", model.buses, 0, right);
    place("ob-qom", model.qom, 0, right + heights[0]);
    right += heights[0] + heights[1];
  }
  const fieldsWidth = split ? left : Math.max(room, 400);
  const fieldsY = split ? y + 8 : right;
  if (model.chosen && model.fields.length) {
    parts.push({ x: 0, y: fieldsY, width: fieldsWidth, title: messages.t("ob-fields", { name: run.names.label(model.chosen) }), part: drawFields(frame, model.chosen, model.fields, fieldsWidth) });
    y = fieldsY + HEAD + fieldsHeight(model.fields, fieldsWidth);
  }
  const drawn = parts.map(({ x, y: at, width, title, part, tool }) =>
    moved(PAD + x, at, svg`${heading(0, 14, title)}${tool ? tabs(Math.max(0, width - textWidth(tool.text, 12) - 26), -2, width, [{ text: tool.text, on: false, toggle: tool.toggle }]).svg : nothing}
      ${moved(0, HEAD, /** @type {any} */ (part))}`),
  );
  return { svg: drawn, width: PAD * 2 + Math.max(left, 400), height: Math.max(y, right), follow: undefined };
}

/**
 * @param {Frame} frame
 * @param {Model} model
 */
function cardTabs({ run, toggled }, { device }) {
  const all = cardsOf(run);
  const cards = all.filter(({ network, asked }) => network || asked);
  const shown = toggled.has("config-others") ? [...cards, ...all.filter((card) => !cards.includes(card))] : cards;
  /** @type {{text: string, on: boolean, toggle?: string}[]} */
  const made = shown.map(({ id }) => ({ text: run.names.label(id), on: id === device, ...(id === device ? {} : { toggle: choice(toggled, "card", run.names.stable(id)) }) }));
  if (all.length > cards.length) made.push({ text: toggled.has("config-others") ? "−" : `+ ${all.length - cards.length}`, on: false, toggle: "config-others" });
  return made.length > 1 ? made : [];
}
