/**
 * The fields of one object with their values, by struct, for the view "objects".
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { Fn, Ref, show } from "../core/values.js";
import { line, surface } from "./draw.js";
import { changed, fit, label, picked, textWidth } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("../core/values.js").Value} Value */

const ROW = 19;
const COLUMN = 330;

/**
 * @typedef {object} FieldLine
 * @property {string} field "" for the heading of a struct
 * @property {string} text
 * @property {Value} [value]
 */

/**
 * The lines: each struct with the fields of it that were written.
 * @param {Frame} frame
 * @param {number} id
 * @returns {FieldLine[]}
 */
export function fieldLines({ state }, id) {
  const object = state.get(id);
  if (!object) return [];
  /** @type {FieldLine[]} */
  const lines = [];
  const qualified = object.structs[0] === "Object" || object.structs[0] === "ObjectClass" || object.structs.length > 1;
  for (const struct of [...object.structs].reverse()) {
    const fields = [...object.fields].filter(([name]) => !qualified || name.startsWith(`${struct}.`));
    lines.push({ field: "", text: struct });
    for (const [field, value] of fields) lines.push({ field, text: field.slice(field.indexOf(".") + 1), value });
  }
  return lines;
}

/** @param {number} width */
function columns(width) {
  return Math.max(1, Math.min(4, Math.floor(width / COLUMN)));
}

/**
 * @param {readonly FieldLine[]} lines
 * @param {number} width
 */
export function fieldsHeight(lines, width) {
  return Math.ceil(lines.length / columns(width)) * ROW + 10;
}

/**
 * The fields, with the left upper corner at (0, 0).
 * @param {Frame} frame
 * @param {number} id
 * @param {readonly FieldLine[]} lines
 * @param {number} width
 */
export function drawFields(frame, id, lines, width) {
  const { run, changes, selection } = frame;
  const count = columns(width);
  const rows = Math.ceil(lines.length / count);
  const own = Math.floor(width / count) - 14;
  return svg`${lines.map(({ field, text, value }, i) => {
    const x = Math.floor(i / rows) * (own + 14);
    const y = (i % rows) * ROW;
    if (!field) return svg`${label(x + 2, y + 14, text, { cls: "m b obj", size: 12 })}<path d="M${x} ${y + ROW - 1}h${own}" class="guide-path soft"></path>`;
    const on = selection?.kind === "field" && selection.id === id && selection.field === field;
    const shown = show(/** @type {Value} */ (value), (each) => run.names.label(each));
    const select = value instanceof Ref ? `object:${value.id}` : value instanceof Fn ? `function:${value.name}` : `field:${id}:${field}`;
    return svg`<g>${changes.field(id, field) ? changed(x - 2, y + 1, own + 4, ROW - 2) : nothing}
      ${surface(x - 2, y, own + 4, ROW, { select: `field:${id}:${field}` })}
      ${on ? picked(x - 2, y + 1, own + 4, ROW - 2) : nothing}
      ${line(x + 4, y + 14, [
        { text: `${text} `, cls: "m ink2" },
        { text: fit(shown, own - textWidth(`${text} `, 11.5) - 8, 11.5), cls: `m ${value instanceof Ref ? "obj" : value instanceof Fn ? "fn" : ""}`, select },
      ], 11.5)}</g>`;
  })}`;
}
