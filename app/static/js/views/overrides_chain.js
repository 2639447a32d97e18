/**
 * A chain of classes with its slots side by side, for the view "overrides": one block a class, the slots of its structs in the order of
 * memory, and under the last class the way that realizing takes through them.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { Fn } from "../core/values.js";
import { badge, line, surface } from "./draw.js";
import { factsOf } from "./facts.js";
import { arrow, box, changed, label, picked, textWidth } from "./kit.js";
import { writersOf } from "./slots.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./slots.js").Slot} Slot */
/** @typedef {import("./slots.js").SlotState} SlotState */
/** @typedef {import("./slots.js").ClassRow} ClassRow */
/** @typedef {import("./fx.js").Marks} Marks */

/**
 * A place on the way through the slots.
 * @typedef {object} Stop
 * @property {number} number
 * @property {string} slot key, "" for the call of device_set_realized itself
 * @property {string} name
 * @property {"ahead" | "open" | "done" | "would"} how
 * @property {boolean} [current] the innermost call that runs now
 * @property {string} [select]
 */
/**
 * A chain of the drawing.
 * @typedef {object} Chain
 * @property {string} type
 * @property {"card" | "inner" | "other"} part
 * @property {Slot[]} slots
 * @property {ClassRow[]} rows
 * @property {Stop[]} stops
 */
/**
 * A chain, measured: what it takes depends on the whole run, not on the step.
 * @typedef {object} Measured
 * @property {number} width
 * @property {number} height
 * @property {number[]} tops of the classes' blocks
 * @property {number[]} heights of the classes' blocks
 * @property {number[]} lefts of the slots
 * @property {number[]} widths
 * @property {number} size of the functions' names
 */

const HEADER = 48;
const LABEL = 22;
const ROW_LOW = 38;
const ROW_HIGH = 66;
const GAP = 22;
const ARCS = 78;
/** Size of what is said of a function. */
export const SMALL = 11.5;

/**
 * @param {Frame} frame
 * @param {Chain} chain
 * @param {number} size
 * @returns {Measured}
 */
export function measureChain(frame, { slots, rows }, size) {
  const facts = factsOf(frame.run);
  const widths = slots.map((slot) => {
    const names = rows.map(({ id }) => facts.finally(id, slot.key)).map((value) => (value instanceof Fn ? value.name : ""));
    const first = slots.find(({ struct }) => struct === slot.struct) === slot;
    return Math.ceil(
      Math.max(
        110,
        textWidth(`.${slot.field}`, size) + 16,
        first ? textWidth(slot.struct, 12) + 12 : 0,
        ...names.map((name) => textWidth(name, size) + 34),
        ...rows.flatMap(({ id }) => writersOf(frame.run, id, slot.key)).map((by) => textWidth(`← ${by}`, SMALL) + 14),
      ),
    );
  });
  const lefts = widths.map((_, i) => widths.slice(0, i).reduce((sum, own) => sum + own, 0));
  const heights = rows.map((row) => (row.slots.some((slot) => slot.writes) ? ROW_HIGH : ROW_LOW));
  let y = HEADER;
  const tops = heights.map((height) => {
    const top = y + LABEL;
    y = top + height + GAP;
    return top;
  });
  const width = Math.max(widths.reduce((sum, own) => sum + own, 0), ...rows.map((row, i) => labelWidth(frame, row, rows[i - 1])));
  return { width, height: y - GAP + ARCS, tops, heights, lefts, widths, size };
}

/**
 * Draw a chain with its left upper corner at (0, 0).
 * @param {Frame} frame
 * @param {Chain} chain
 * @param {Measured} measured
 * @param {Marks} marks
 */
export function drawChain(frame, { slots, rows, stops }, measured, marks) {
  const { tops, heights } = measured;
  return svg`${headers(slots, measured)}
    ${rows.map(
      (row, i) => svg`${i > 0 ? memcpyArrow(tops[i - 1] + heights[i - 1], tops[i], row) : nothing}
        ${classLabel(frame, row, rows[i - 1], 0, tops[i] - LABEL)}
        ${block(frame, row, measured, tops[i], heights[i], marks)}
        ${row.saves.map((save) => saveArrow(frame, save, slots, measured, tops[i] + heights[i]))}`,
    )}
    ${way(slots, measured, (tops.at(-1) ?? 0) + (heights.at(-1) ?? 0), stops)}`;
}

/**
 * The structs' names over their slots.
 * @param {Slot[]} slots
 * @param {Measured} measured
 */
function headers(slots, { lefts, widths, size }) {
  return slots.map((slot, i) => {
    const first = i === 0 || slots[i - 1].struct !== slot.struct;
    const count = slots.filter(({ struct }) => struct === slot.struct).length;
    const span = widths.slice(i, i + count).reduce((sum, own) => sum + own, 0);
    return svg`${first
      ? svg`${label(lefts[i] + 8, 13, slot.struct, { cls: "m cls" })}<path d="M${lefts[i] + 2} 24v-5h${span - 4}v5" class="guide-path"></path>`
      : nothing}
      ${label(lefts[i] + 8, 39, `.${slot.field}`, { cls: "m b", size })}`;
  });
}

/**
 * @param {Frame} frame
 * @param {ClassRow} row
 * @param {ClassRow | undefined} above
 */
function origin({ messages }, row, above) {
  return above ? `${messages.t(row.classInit ? "ov-copied-then" : "ov-copied-only", { size: above.size, parent: above.type })} ` : "";
}

/**
 * @param {Frame} frame
 * @param {ClassRow} row
 * @param {ClassRow | undefined} above
 */
function labelWidth(frame, row, above) {
  return Math.ceil(textWidth(`${row.type} ${row.classInit}`, 12.5) + textWidth(origin(frame, row, above), 12, false) + 6);
}

/**
 * A class's name, and where its contents come from.
 * @param {Frame} frame
 * @param {ClassRow} row
 * @param {ClassRow | undefined} above
 * @param {number} x
 * @param {number} y top
 * @param {number} [room]
 */
export function classLabel(frame, row, above, x, y, room = Infinity) {
  const { messages, selection } = frame;
  const on = selection?.kind === "type" && selection.name === row.type;
  const how = !row.here ? messages.t("ov-no-class") : labelWidth(frame, row, above) > room ? "" : origin(frame, row, above);
  return svg`${on ? picked(x - 4, y, textWidth(row.type, 13) + 8, 19) : nothing}${line(x, y + 14, [
    { text: row.type, cls: row.here ? "m b" : "m b ink3", size: 13, select: `type:${row.type}` },
    { text: " ", cls: "m" },
    how ? { text: how, cls: "ink3" } : null,
    row.here && row.classInit ? { text: row.classInit, cls: "m fn", select: `function:${row.classInit}` } : null,
    row.modelled ? null : { text: ` · ${messages.t("not-modelled")}`, cls: "err" },
  ])}`;
}

/**
 * The class of the parent copied into this one.
 * @param {number} from
 * @param {number} to
 * @param {ClassRow} row
 */
function memcpyArrow(from, to, row) {
  const x = -3;
  return arrow(`M${x} ${from - 10}c-9 0 -10 5 -10 12V${to + 4}c0 7 2 10 8 10`, x, to + 14, 0, row.here ? (row.created ? "chg" : "") : "faint");
}

/**
 * @param {Frame} frame
 * @param {ClassRow} row
 * @param {Measured} measured
 * @param {number} y
 * @param {number} height
 * @param {Marks} marks
 */
function block(frame, row, measured, y, height, marks) {
  const { lefts, widths } = measured;
  const present = row.slots.filter((slot) => slot.has !== "none").length;
  const span = present ? lefts[present - 1] + widths[present - 1] : 0;
  return svg`${box(0, y, span, height, { cls: row.here ? "paper" : "ghost", radius: 5 })}
    ${row.slots.map((slot, i) => {
      if (slot.has === "none") return nothing;
      const divider = i ? svg`<path d="M${lefts[i]} ${y}v${height}" class=${row.here ? "guide-path soft" : "guide-path soft ghost"}></path>` : nothing;
      return svg`${divider}${slot.has === "here" ? cell(frame, row, slot, lefts[i], y, widths[i], height, marks, measured.size) : nothing}`;
    })}
    ${row.created ? svg`<rect x="0" y=${y} width=${span} height=${height} rx="5" class="changed-frame"></rect>` : nothing}`;
}

/**
 * @param {Frame} frame
 * @param {ClassRow} row
 * @param {SlotState} state
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {Marks} marks
 * @param {number} size
 */
function cell({ messages, selection }, row, state, x, y, width, height, marks, size) {
  const { slot, name, write } = state;
  return svg`<g>${state.changed && !row.created ? changed(x + 1, y + 1, width - 2, height - 2) : nothing}
    ${surface(x, y, width, height, { select: `field:${row.id}:${slot.key}`, title: `${row.type} · ${slot.key}` })}
    ${isChosen(selection, row.id, state) ? picked(x + 2, y + 2, width - 4, height - 4) : nothing}
    ${name === null
      ? label(x + 10, y + 21, "NULL", { cls: "m ink3", size })
      : svg`${marks.draw(x + 15, y + 16, name)}${label(x + 27, y + 21, name, { cls: write ? "m b" : "m ink2", size, select: `function:${name}`, width: width - 30 })}`}
    ${write
      ? svg`${line(x + 9, y + 39, [
          { text: "← ", cls: "m ink3" },
          { text: write.by, cls: "m fn", select: `call:${write.byCall}` },
        ], SMALL)}
        ${line(x + 9, y + 56, [
          { text: `${messages.t("ov-was")} `, cls: "ink3" },
          { text: write.old ?? "NULL", cls: `m ink3 ${write.old ? "struck" : ""}`, ...(write.old ? { select: `function:${write.old}` } : {}) },
        ], SMALL)}`
      : name !== null && height > ROW_LOW
        ? label(x + 27, y + 39, messages.t("ov-copied"), { cls: "ink3" })
        : nothing}</g>`;
}

/**
 * Whether a slot is selected: itself, or by the function in it.
 * @param {Frame["selection"]} selection
 * @param {number} id of the class
 * @param {SlotState} state
 */
export function isChosen(selection, id, { slot, name }) {
  if (selection?.kind === "field") return selection.id === id && selection.field === slot.key;
  return selection?.kind === "function" && name !== null && selection.name === name;
}

/**
 * The arrow from a slot to the slot of the same class that keeps its old value.
 * @param {Frame} frame
 * @param {import("./slots.js").Save} save
 * @param {Slot[]} slots
 * @param {Measured} measured
 * @param {number} y bottom of the class
 */
function saveArrow({ messages }, save, slots, { lefts }, y) {
  const from = slots.findIndex(({ key }) => key === save.from);
  const to = slots.findIndex(({ key }) => key === save.to);
  if (from === -1 || to === -1) return nothing;
  const x1 = lefts[from] + 9 + textWidth(`${messages.t("ov-was")} `, SMALL, false) + textWidth(save.name, SMALL) / 2;
  const x2 = lefts[to] + 15;
  const cls = save.changed ? "chg" : "save";
  const text = `${save.by}()`;
  const middle = (x1 + x2) / 2 - textWidth(text, 12) / 2;
  const [start, turn] = x2 > x1 ? [x2 - 7, 7] : [x2 + 7, -7];
  return svg`${arrow(`M${x1} ${y - 5}V${y + 6}q0 7 ${turn} 7H${start}q${turn} 0 ${turn} -7V${y + 4}`, x2, y + 1, -90, cls)}
    <rect x=${middle - 5} y=${y + 5} width=${textWidth(text, 12) + 10} height="16" class="halo"></rect>
    ${line(middle, y + 17, [{ text, cls: "m fn", select: `call:${save.call}` }])}`;
}

/**
 * The way through the slots of the last class.
 * @param {Slot[]} slots
 * @param {Measured} measured
 * @param {number} y bottom of that class
 * @param {Stop[]} stops
 */
function way(slots, { lefts, widths }, y, stops) {
  const places = stops.map((stop) => {
    const column = slots.findIndex(({ key }) => key === stop.slot);
    return { stop, entry: column === -1, x: column === -1 ? 18 : lefts[column] + widths[column] - 22 };
  });
  return [
    ...places.map(({ stop, entry, x }, i) => {
      const before = places[i - 1];
      if (entry || !before) return nothing;
      const how = stop.current ? "chg" : stop.how === "open" || stop.how === "done" ? "taken" : "would";
      if (before.entry) return arrow(`M${before.x + 1} ${y + 45}C${before.x + 4} ${y + 22} ${x - 4} ${y + 40} ${x - 4} ${y + 15}`, x - 4, y + 11, -90, how);
      const deep = y + Math.min(70, 30 + Math.abs(x - before.x) / 9);
      return arrow(`M${before.x + 4} ${y + 9}C${before.x + 6} ${deep} ${x - 6} ${deep} ${x - 4} ${y + 15}`, x - 4, y + 11, -90, how);
    }),
    ...places.map(({ stop, entry, x }) =>
      entry
        ? svg`${badge(x, y + 56, stop.number, stop.how, stop.select)}
          ${label(x + 16, y + 60, stop.name, { cls: stop.how === "ahead" || stop.how === "would" ? "m ink3" : "m", ...(stop.select ? { select: stop.select } : {}) })}`
        : badge(x, y, stop.number, stop.how, stop.select),
    ),
  ];
}
