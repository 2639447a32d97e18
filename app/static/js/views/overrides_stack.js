/**
 * A chain of classes for narrow panes, for the view "overrides": the slots under each other, of each class those that it writes, of the
 * last class all, with the way that realizing takes through them at the right.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { badge, line, surface } from "./draw.js";
import { arrow, box, changed, label, picked, textWidth } from "./kit.js";
import { SMALL, classLabel, isChosen } from "./overrides_chain.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./slots.js").SlotState} SlotState */
/** @typedef {import("./slots.js").ClassRow} ClassRow */
/** @typedef {import("./fx.js").Marks} Marks */
/** @typedef {import("./overrides_chain.js").Chain} Chain */
/** @typedef {import("./overrides_chain.js").Measured} Measured */

const LABEL = 22;
const ENTRY = 40;
const STRIP = 26;
const GAP = 16;
const MARGIN = 66;

/**
 * The slots that a class shows: those that it writes at any time of the run; the last class all.
 * @param {ClassRow} row
 * @param {boolean} last
 */
function shown(row, last) {
  return row.slots.filter((slot) => slot.has !== "none" && (last || slot.writes));
}

/**
 * @param {Chain} chain
 * @param {number} width
 * @returns {Measured}
 */
export function measureStack({ rows, stops }, width) {
  let y = 0;
  const heights = rows.map((row, i) => {
    const last = i === rows.length - 1;
    const entries = shown(row, last).length;
    const rest = row.slots.filter((slot) => slot.has !== "none").length - entries;
    return entries * ENTRY + (rest ? STRIP : 0) + (last && stops.some(({ slot }) => !slot) ? STRIP : 0);
  });
  const tops = heights.map((height) => {
    const top = y + LABEL;
    y = top + height + GAP;
    return top;
  });
  return { width, height: y, tops, heights, lefts: [], widths: [], size: 13 };
}

/**
 * Draw a chain with its left upper corner at (0, 0).
 * @param {Frame} frame
 * @param {Chain} chain
 * @param {Measured} measured
 * @param {Marks} marks
 */
export function drawStack(frame, { rows, stops }, { tops, heights, width }, marks) {
  return svg`${rows.map((row, i) => {
    const last = i === rows.length - 1;
    const top = tops[i];
    const entries = shown(row, last);
    const entry = last ? stops.find(({ slot }) => !slot) : undefined;
    const first = top + (entry ? STRIP : 0);
    const strip = row.slots.filter((slot) => slot.has === "here" && !entries.includes(slot));
    return svg`${i > 0 ? memcpyArrow(tops[i - 1] + heights[i - 1], top, row) : nothing}
      ${classLabel(frame, row, rows[i - 1], 0, top - LABEL, width)}
      ${box(0, top, width, heights[i], { cls: row.here ? "paper" : "ghost", radius: 5 })}
      ${row.created ? svg`<rect x="0" y=${top} width=${width} height=${heights[i]} rx="5" class="changed-frame"></rect>` : nothing}
      ${row.here ? entries.map((state, k) => slotEntry(frame, row, state, first + k * ENTRY, width - (last && stops.length ? MARGIN : 0), k, marks)) : nothing}
      ${row.saves.map((save) => saveNote(save, entries, first, width - (last && stops.length ? MARGIN : 8)))}
      ${strip.length ? others(frame, strip, top + heights[i] - STRIP, marks) : nothing}
      ${last ? way(entries, stops, first, top, width) : nothing}`;
  })}`;
}

/**
 * @param {number} from
 * @param {number} to
 * @param {ClassRow} row
 */
function memcpyArrow(from, to, row) {
  return arrow(`M-3 ${from - 8}c-8 0 -10 4 -10 10V${to + 4}c0 6 2 8 8 8`, -3, to + 12, 0, row.here ? (row.created ? "chg" : "") : "faint");
}

/**
 * @param {Frame} frame
 * @param {ClassRow} row
 * @param {SlotState} state
 * @param {number} y
 * @param {number} width
 * @param {number} index
 * @param {Marks} marks
 */
function slotEntry({ messages, selection }, row, state, y, width, index, marks) {
  const { slot, name, write } = state;
  const was = write?.old ? ` ${messages.t("ov-was")} ` : "";
  const used = 27 + textWidth(name ?? "NULL", 13);
  const roomy = write?.old && used + textWidth(was, SMALL, false) + textWidth(write.old, SMALL) + 8 < width;
  return svg`<g>${index ? svg`<path d="M0 ${y}h${width}" class="guide-path soft"></path>` : nothing}
    ${state.changed && !row.created ? changed(1, y + 1, width - 2, ENTRY - 2) : nothing}
    ${surface(0, y, width, ENTRY, { select: `field:${row.id}:${slot.key}`, title: `${row.type} · ${slot.key}` })}
    ${isChosen(selection, row.id, state) ? picked(2, y + 2, width - 4, ENTRY - 4) : nothing}
    ${name === null
      ? label(10, y + 17, "NULL", { cls: "m ink3", size: 13 })
      : svg`${marks.draw(15, y + 13, name)}${label(27, y + 17, name, { cls: write ? "m b" : "m ink2", size: 13, select: `function:${name}` })}`}
    ${roomy && write
      ? line(used, y + 17, [
          { text: was, cls: "ink3" },
          { text: write.old ?? "", cls: "m ink3 struck", select: `function:${write.old}` },
        ], SMALL)
      : nothing}
    ${line(10, y + 33, [
      { text: slot.key, cls: "m cls" },
      write ? { text: " ← ", cls: "m ink3" } : null,
      write ? { text: write.by, cls: "m fn", select: `call:${write.byCall}` } : null,
    ], SMALL)}</g>`;
}

/**
 * The other slots of a class in one line: those that came with the copy of the parent's class as their functions' marks, and those
 * that hold nothing.
 * @param {Frame} frame
 * @param {SlotState[]} slots
 * @param {number} y
 * @param {Marks} marks
 */
function others({ messages }, slots, y, marks) {
  const filled = slots.filter(({ name }) => name !== null);
  const empty = slots.filter(({ name }) => name === null);
  const text = `${messages.t("ov-copied")}:`;
  const x = filled.length ? 26 + textWidth(text, SMALL, false) : 10;
  const next = x + filled.length * 22 + (filled.length ? 6 : 0);
  return svg`${filled.length ? label(10, y + 17, text, { cls: "ink3", size: SMALL }) : nothing}
    ${filled.map(({ slot, name }, i) => svg`<g><title>${slot.key} = ${name}</title>${marks.draw(x + i * 22, y + 13, name ?? "")}</g>`)}
    ${empty.length ? label(next, y + 17, `NULL: ${empty.map(({ slot }) => slot.key).join(", ")}`, { cls: "m ink3", size: SMALL }) : nothing}`;
}

/**
 * The old value of one slot kept in another: an arrow at the right edge.
 * @param {import("./slots.js").Save} save
 * @param {SlotState[]} entries
 * @param {number} first
 * @param {number} x
 */
function saveNote(save, entries, first, x) {
  const from = entries.findIndex(({ slot }) => slot.key === save.from);
  const to = entries.findIndex(({ slot }) => slot.key === save.to);
  if (from === -1 || to === -1) return nothing;
  const y1 = first + from * ENTRY + 13;
  const y2 = first + to * ENTRY + 13;
  return arrow(`M${x - 26} ${y1}h8q10 0 10 ${y2 > y1 ? 10 : -10}V${y2 > y1 ? y2 - 10 : y2 + 10}q0 ${y2 > y1 ? 10 : -10} -10 ${y2 > y1 ? 10 : -10}h-4`, x - 24, y2, 180, save.changed ? "chg" : "save");
}

/**
 * The way through the slots, at the right of the last class.
 * @param {SlotState[]} entries
 * @param {import("./overrides_chain.js").Stop[]} stops
 * @param {number} first
 * @param {number} top
 * @param {number} width
 */
function way(entries, stops, first, top, width) {
  const x = width - 46;
  const places = stops.map((stop) => {
    const at = entries.findIndex(({ slot }) => slot.key === stop.slot);
    return { stop, y: at === -1 ? top + STRIP / 2 : first + at * ENTRY + ENTRY / 2, entry: at === -1 };
  });
  return [
    ...places.map(({ stop, y }, i) => {
      const before = places[i - 1];
      if (!before) return nothing;
      const how = stop.current ? "chg" : stop.how === "open" || stop.how === "done" ? "taken" : "would";
      const bulge = x + Math.min(44, 20 + Math.abs(y - before.y) / 5);
      return arrow(`M${x + 10} ${before.y + 2}C${bulge} ${before.y} ${bulge} ${y} ${x + 15} ${y}`, x + 12, y, 180, how);
    }),
    ...places.map(({ stop, y, entry }) => [
      badge(x, y, stop.number, stop.how, stop.select),
      entry ? label(x - 16, y + 4, stop.name, { cls: "m ink2", size: SMALL, anchor: "end", ...(stop.select ? { select: stop.select } : {}) }) : nothing,
    ]),
  ];
}
