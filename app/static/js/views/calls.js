/**
 * View "calls": the tree of calls round the present step. What is open is unfolded; the rest folds. A run of the same call is one row.
 * @module
 */

import { whereOf } from "../core/log.js";
import { ROW, callsList } from "./calls_list.js";
import { listSvg } from "./listing.js";
import { graphForms } from "./textforms.js";
import { topFor } from "./view.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Drawing} Drawing */
/** @typedef {import("../core/run.js").Run} Run */
/**
 * A line of the tree: one call, or a run of calls of the same leaf function.
 * @typedef {object} Line
 * @property {number} row
 * @property {number} count
 * @property {boolean} folded it has calls inside that are not shown
 * @property {boolean} open its calls are shown
 */

/** How much deeper a call is drawn than its caller, where there is room. */
const INDENT = 13;
/** A run of so many equal leaf calls becomes one line. */
const RUN_LENGTH = 4;

/** @type {import("./view.js").View} */
export const calls = { id: "calls", draw };

/**
 * The lines of the tree with the path to `current` unfolded.
 * @param {Run} run
 * @param {number[]} path rows that are open
 * @param {ReadonlySet<string>} toggled
 * @returns {Line[]}
 */
export function lines(run, path, toggled) {
  const { calls } = run;
  const onPath = new Set(path);
  /** @type {Line[]} */
  const found = [];
  /** @param {number} first */
  const walk = (first) => {
    for (let row = first; row !== -1; row = calls.next.data[row]) {
      const inner = calls.firstChild(row);
      if (inner === -1) {
        let count = 1;
        let last = row;
        if (!toggled.has(`run:${calls.enter.data[row]}`)) {
          for (let next = calls.next.data[row]; next !== -1 && alike(run, row, next) && !onPath.has(next) && !onPath.has(row); next = calls.next.data[next]) {
            count++;
            last = next;
          }
        }
        if (count >= RUN_LENGTH) {
          found.push({ row, count, folded: true, open: false });
          row = last;
        } else found.push({ row, count: 1, folded: false, open: false });
        continue;
      }
      const open = onPath.has(row) !== toggled.has(`call:${calls.enter.data[row]}`);
      found.push({ row, count: 1, folded: !open, open });
      if (open) walk(inner);
    }
  };
  if (calls.length) walk(0);
  return found;
}

/**
 * Whether `next` is a leaf call of the same function as `row`.
 * @param {Run} run
 * @param {number} row
 * @param {number} next
 */
function alike({ calls }, row, next) {
  return calls.fn.data[row] === calls.fn.data[next] && calls.firstChild(next) === -1 && calls.failed.data[row] === calls.failed.data[next];
}

/**
 * @param {Frame} frame
 * @returns {Drawing}
 */
function draw(frame) {
  const { run, at, messages, box, toggled } = frame;
  const { calls } = run;
  const current = at > 0 ? run.callOf(at - 1) : -1;
  const path = calls.path(current);
  const unfolded = lines(run, path, toggled);
  const base = box.width < 360 ? 4 : box.width < 520 ? 8 : INDENT;
  const place = unfolded.findIndex(({ row }) => row === current);
  const follow = place === -1 ? undefined : 4 + place * ROW + ROW / 2;
  const height = unfolded.length * ROW + 8;
  const first = Math.max(0, Math.floor(topFor(frame, follow, height) / ROW) - 2);
  const seen = unfolded.slice(first, first + Math.ceil(box.height / ROW) + 4);
  // Deep trees are drawn from the left edge of what is in sight, so that names keep their room; what lies further out says how far.
  const shallowest = Math.max(0, Math.min(...seen.map(({ row }) => calls.depth.data[row])) - 1);
  const deep = current === -1 ? 0 : calls.depth.data[current] - Math.floor((box.width * 0.36) / base);
  // In jumps of four: a step should not move every name.
  const edge = Math.max(Math.min(shallowest, deep), Math.ceil(Math.max(shallowest, deep) / 4) * 4 - 3, 0);

  const list = callsList(frame, { seen, first, current, open: new Set(path), base, edge });
  return {
    width: box.width,
    height,
    follow,
    label: messages.t("calls-label", {
      depth: path.length,
      fn: current === -1 ? "–" : run.functionName(calls.fn.data[current]),
    }),
    list,
    get svg() {
      return listSvg(list);
    },
    table: () => {
      const from = Math.max(0, place - 60);
      return {
        caption: messages.t("view-calls"),
        head: [messages.t("head-function"), messages.t("head-calls"), messages.t("head-qemu")],
        rows: unfolded.slice(from, from + 120).map(({ row, count }) => lineRow(frame, row, count, row === current)),
      };
    },
    texts: {
      tree: () => fullTree(run, at),
      markdown: () => fullTree(run, at).replace(/^( *)/gm, "$1- ").replace(/- $/m, ""),
      ...graphForms(() => graph(run, path)),
    },
  };
}

/**
 * @param {Frame} frame
 * @param {number} row
 * @param {number} count
 * @param {boolean} changed
 */
function lineRow({ run }, row, count, changed) {
  const { calls } = run;
  const info = run.header.functions[calls.fn.data[row]];
  return {
    level: calls.depth.data[row] + 1,
    cells: [
      { text: info.name, select: `call:${calls.enter.data[row]}`, changed },
      count > 1 ? `×${count}` : run.argumentOf(row),
      whereOf(info),
    ],
  };
}

/**
 * The whole tree up to the present step, two spaces a level.
 * @param {Run} run
 * @param {number} at
 */
function fullTree({ calls, header }, at) {
  const found = [];
  for (let row = 0; row < calls.length && calls.enter.data[row] < at; row++) {
    found.push(`${"  ".repeat(calls.depth.data[row])}${header.functions[calls.fn.data[row]].name}`);
  }
  return found.concat("").join("\n");
}

/**
 * The open calls as a graph, outermost first.
 * @param {Run} run
 * @param {number[]} path
 * @returns {import("./textforms.js").Graph}
 */
function graph(run, path) {
  return {
    nodes: path.map((row) => ({ id: `c${row}`, text: run.functionName(run.calls.fn.data[row]) })),
    edges: path.slice(1).map((row, i) => ({ from: `c${path[i]}`, to: `c${row}` })),
  };
}
