/**
 * The lines of the call tree that are in sight, as a list.
 * @module
 */

import { svg } from "../../vendor/lit-html/lit-html.js";
import { whereOf } from "../core/log.js";
import { fit, picked, textWidth } from "./kit.js";
import { INSET, ground } from "./listing.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./calls.js").Line} Line */
/** @typedef {import("./listing.js").Row} Row */

/** Height of a row, and where the names of the outermost calls begin. */
export const [ROW, LEFT] = [19, 22];

/**
 * What is in sight.
 * @typedef {object} Sight
 * @property {Line[]} seen
 * @property {number} first index of the first of them
 * @property {number} current row of the present call, -1 for none
 * @property {ReadonlySet<number>} open rows of calls that are open
 * @property {number} base how much deeper a call is drawn than its caller, in pixels
 * @property {number} edge the depth that is drawn outermost
 */

/**
 * @param {Frame} frame
 * @param {Sight} sight
 * @returns {import("./listing.js").Listing}
 */
export function callsList(frame, sight) {
  const { run, box, selection } = frame;
  const { calls } = run;
  const { seen, first, current, base } = sight;
  const isPicked = (/** @type {number} */ row) =>
    selection?.kind === "call" ? calls.enter.data[row] === selection.seq : selection?.kind === "function" && run.functionName(calls.fn.data[row]) === selection.name;
  const grounds = seen.map(({ row }, i) => [
    row === current ? ground(topOf(first + i), box.width, ROW) : "",
    isPicked(row) ? picked(INSET, topOf(first + i) + 0.5, box.width - 2 * INSET, ROW - 1) : "",
  ]);
  const triangles = seen.map(({ row, folded, open }, i) => {
    const [x, y] = [leftOf(frame, sight, row) - 9, topOf(first + i) + ROW / 2];
    return open ? `M${x - 4} ${y - 2.5}h8l-4 5z` : folded ? `M${x - 2.5} ${y - 4}v8l5 -4z` : "";
  });
  return {
    name: "calls",
    stops: { first: LEFT - base, every: base },
    rows: seen.map((line, i) => rowOf(frame, sight, line, topOf(first + i))),
    line: ROW,
    base: 13.5,
    under: svg`${guideLines(frame, sight)}${grounds}<path d=${triangles.join("")} class="fold"></path>`,
  };
}

/** @param {number} i */
function topOf(i) {
  return 4 + i * ROW;
}

/**
 * Where the name of a call begins.
 * @param {Frame} frame
 * @param {Sight} sight
 * @param {number} row
 */
function leftOf({ run }, { edge, base }, row) {
  const depth = run.calls.depth.data[row];
  return edge > depth ? LEFT + base : LEFT + (depth - edge) * base;
}

/**
 * @param {Frame} frame
 * @param {Sight} sight
 * @param {Line} line
 * @param {number} y
 * @returns {Row}
 */
function rowOf(frame, sight, { row, count, folded, open }, y) {
  const { run, at, box } = frame;
  const { calls } = run;
  const { base } = sight;
  const enter = calls.enter.data[row];
  const exit = calls.exit.data[row];
  const outside = sight.edge - calls.depth.data[row];
  const x = leftOf(frame, sight, row);
  const info = run.header.functions[calls.fn.data[row]];
  const when = enter >= at ? "ahead" : row === sight.current ? "now" : sight.open.has(row) ? "open" : exit === -1 || exit >= at ? "open" : "past";
  const where = whereOf(info);
  const failed = calls.failed.data[row] === 1 && exit < at;
  const name = count > 1 ? `${info.name} ×${count}` : info.name;
  const nameWidth = textWidth(name, 12);
  const after = x + nameWidth + (failed ? 28 : 13);
  const about = count > 1 ? "" : fit(run.argumentOf(row), Math.min(180, box.width - after - 18), 10.5);
  const room = box.width - after - (about ? textWidth(about, 10.5) + 10 : 0) - 26;
  const shown = fit(name, box.width - x - 10);
  const file = room > 70 ? tail(where, room) : "";
  const out = outside > 0 ? `‹${outside}` : "";
  // The same pieces in every row, empty ones too: a row takes the elements of another.
  const pieces = [
    { x: LEFT - base, text: out, cls: "ink3", size: 9.5 },
    { x: x - base, text: folded || open ? " " : "", toggle: folded || open ? (count > 1 ? `run:${enter}` : `call:${enter}`) : "" },
    { x, text: shown, cls: info.modelled ? "name" : "name unmodelled", title: shown === name ? "" : name },
    { text: failed ? " ×" : "", cls: "err b" },
    { text: about && `  ${about}`, cls: "ink3 about", size: 10.5 },
    { x: box.width - 12 - textWidth(file, 10.5), text: file, cls: "ink3 where", size: 10.5 },
  ];
  return {
    key: row,
    y,
    cls: `call ${when} ${failed ? "failed" : ""}`,
    select: `call:${enter}`,
    go: enter + 1,
    lines: [pieces],
  };
}

/**
 * One line from the first to the last row of each stretch of a depth.
 * @param {Frame} frame
 * @param {Sight} sight
 */
function guideLines({ run }, { seen, first, base, edge }) {
  /** @type {Map<number, number>} */
  const begun = new Map();
  let drawn = "";
  for (let i = 0; i <= seen.length; i++) {
    const depth = i < seen.length ? Math.max(0, run.calls.depth.data[seen[i].row] - edge) : 0;
    for (const [level, start] of begun) {
      if (level >= depth) {
        const x = LEFT + level * base - 9;
        drawn += `M${x} ${topOf(first + start)}V${topOf(first + i)}`;
        begun.delete(level);
      }
    }
    for (let level = 0; level < depth; level++) if (!begun.has(level)) begun.set(level, i);
  }
  return svg`<path d=${drawn} class="guide"></path>`;
}

/**
 * The end of a path that fits.
 * @param {string} where
 * @param {number} room
 */
function tail(where, room) {
  const chars = Math.floor(room / (10.5 * 0.6));
  return where.length <= chars ? where : `…${where.slice(1 - chars)}`;
}
