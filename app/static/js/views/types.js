/**
 * View "types": the types of a card's chains in four stages: TypeInfo in the source, TypeImpl in the type table, the class, the
 * instances. They fill in as registration, type_initialize with class_init, and object_new run.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { choice } from "../core/picks.js";
import { prose, tabs, wrap } from "./draw.js";
import { label } from "./kit.js";
import { groupOf, groupsOf, typeRows } from "./types_model.js";
import { drawRow, rowHeight } from "./types_row.js";
import { typesTable, typesTexts } from "./types_text.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Drawing} Drawing */
/** @typedef {import("./types_row.js").Columns} Columns */

const PAD = 12;
const GAP = 16;
const STAGES = ["info", "impl", "class", "instance"];

/** @type {import("./view.js").View} */
export const types = { id: "types", draw };

/**
 * @param {Frame} frame
 * @returns {Drawing}
 */
function draw(frame) {
  const { box, messages, toggled } = frame;
  const groups = groupsOf(frame);
  const group = groups.length ? groupOf(frame, groups) : null;
  if (!group) {
    return {
      width: box.width,
      height: 80,
      label: messages.t("ty-nothing"),
      svg: label(PAD, 40, messages.t("ty-nothing"), { cls: "ink3" }),
      table: () => ({ caption: messages.t("view-types"), head: [], rows: [] }),
    };
  }
  const rows = typeRows(frame, group);
  const columns = measure(Math.max(box.width, 560) - 2 * PAD);
  const picker = tabs(PAD, 12, Math.max(320, box.width - 2 * PAD), groups.map(({ id, text }) => ({ text, on: id === group.id, ...(id === group.id ? {} : { toggle: choice(toggled, "types", id) }) })));
  const heads = header(frame, columns, 12 + picker.height + 10);
  let y = heads.bottom + 6;
  let follow;
  const drawn = rows.map((row, i) => {
    const top = y;
    const height = rowHeight(row, columns);
    y += height + GAP;
    if (row.registeredNow || row.initializedNow || row.classChanged || row.instancesChanged || row.sizesChanged) follow = top + height / 2;
    return svg`${tree(rows, i, columns, top)}${drawRow(frame, row, columns, top)}`;
  });
  const registered = rows.filter((row) => row.registered).length;
  const initialized = rows.filter((row) => row.initialized).length;
  return {
    width: Math.max(box.width, 560),
    height: y + 4,
    label: messages.t("ty-label", { total: rows.length, registered, initialized }),
    svg: svg`${picker.svg}${heads.svg}${drawn}`,
    table: () => typesTable(frame, rows),
    texts: typesTexts(frame, rows),
    ...(follow === undefined ? {} : { follow }),
  };
}

/**
 * The columns: four beside each other, or two by two.
 * @param {number} room
 * @returns {Columns}
 */
function measure(room) {
  if (room < 860) {
    const link = 22;
    const left = Math.min((room - link) / 2, 420);
    const right = room - left - link;
    return { x: [PAD, PAD + left + link, PAD, PAD + left + link], width: [left, right, left, right], folded: true, size: 12, indent: 8 };
  }
  const roomy = room >= 1110;
  const link = roomy ? 24 : 16;
  const free = room - 3 * link;
  const info = roomy ? Math.min(300, Math.max(236, free * 0.24)) : Math.max(206, free * 0.235);
  const instance = roomy ? Math.min(290, Math.max(206, free * 0.21)) : 172;
  const rest = Math.min(880, free - info - instance);
  const impl = rest * (roomy ? 0.48 : 0.51);
  const klass = rest - impl;
  const x1 = PAD + info + link;
  const x2 = x1 + impl + link;
  return { x: [PAD, x1, x2, x2 + klass + link], width: [info, impl, klass, instance], folded: false, size: roomy ? 12 : 11.5, indent: roomy ? 10 : 7 };
}

/**
 * What the four stages are, over their columns.
 * @param {Frame} frame
 * @param {Columns} columns
 * @param {number} y
 */
function header({ messages }, { x, width, folded }, y) {
  let bottom = 0;
  let top = y;
  const drawn = STAGES.map((stage, i) => {
    const lines = wrap(messages.t(`ty-about-${stage}`), width[i] - 6, 12);
    if (folded && i === 2) top = bottom + 8;
    bottom = Math.max(bottom, top + 20 + lines.length * 16 + 8);
    return svg`${label(x[i], top + 12, messages.t(`ty-stage-${stage}`), { cls: "b", size: 13.5 })}${prose(x[i], top + 30, lines, { leading: 16 })}`;
  });
  return { svg: drawn, bottom };
}

/**
 * The line from a type's parent down to it.
 * @param {import("./types_model.js").TypeRow[]} rows
 * @param {number} i
 * @param {Columns} columns
 * @param {number} y
 */
function tree(rows, i, columns, y) {
  const row = rows[i];
  if (!row.level) return nothing;
  const outer = rows.findLastIndex((each, j) => j < i && each.type === row.parent);
  if (outer === -1) return nothing;
  let top = y;
  for (let j = i - 1; j >= outer; j--) top -= rowHeight(rows[j], columns) + GAP;
  const upper = rowHeight(rows[outer], columns);
  const x = columns.x[0] + row.level * columns.indent - 5;
  return svg`<path d="M${x} ${top + upper}V${y + 20}q0 4 3 4h2" class="guide-path"></path>`;
}
