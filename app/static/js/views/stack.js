/**
 * View "stack": the open calls with their arguments and QEMU's file and line, the innermost on top.
 * @module
 */

import { svg } from "../../vendor/lit-html/lit-html.js";
import { whereOf } from "../core/log.js";
import { decode, show } from "../core/values.js";
import { fit, picked, textWidth } from "./kit.js";
import { INSET, ground, listSvg } from "./listing.js";
import { topFor } from "./view.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Drawing} Drawing */
/** @typedef {import("../core/run.js").Run} Run */

const ROW = 34;

/** @type {import("./view.js").View} */
export const stack = { id: "stack", draw };

/** Arguments as text, by the Enter's seq: asked for at every step. @type {WeakMap<Run, Map<number, string>>} */
const kept = new WeakMap();

/**
 * The arguments of a call: `dev=nic0, name="realized"`.
 * @param {Run} run
 * @param {number} seq
 */
export function argumentsOf(run, seq) {
  let texts = kept.get(run);
  if (!texts) kept.set(run, (texts = new Map()));
  let text = texts.get(seq);
  if (text === undefined) {
    const event = run.log.at(seq);
    const { params } = run.header.functions[event[3]];
    text = event[4]
      .map((/** @type {any} */ wire, /** @type {number} */ i) => {
        const value = show(decode(wire), (id) => run.names.label(id));
        return params[i] ? `${params[i]}=${value}` : value;
      })
      .join(", ");
    texts.set(seq, /** @type {string} */ (text));
  }
  return /** @type {string} */ (text);
}

/**
 * @param {Frame} frame
 * @returns {Drawing}
 */
function draw(frame) {
  const { run, at, messages, box, selection } = frame;
  const { calls, header } = run;
  const rows = at > 0 ? calls.path(run.callOf(at - 1)).reverse() : [];
  const selected = selection?.kind === "call" ? selection.seq : -1;
  const describe = (/** @type {number} */ row) => {
    const info = header.functions[calls.fn.data[row]];
    return { info, enter: calls.enter.data[row], where: whereOf(info) };
  };
  const height = rows.length * ROW + 8;
  const first = Math.max(0, Math.floor(topFor(frame, 0, height) / ROW) - 1);
  const seen = rows.slice(first, first + Math.ceil(box.height / ROW) + 2);
  /** @type {(row: number, i: number) => import("./listing.js").Row} */
  const rowOf = (row, i) => {
    const { info, enter, where } = describe(row);
    const number = String(rows.length - first - i);
    const name = fit(info.name, box.width - 50, 12.5);
    const room = box.width - textWidth(name, 12.5) - 64;
    const file = room > 60 ? fit(where, room, 10.5) : "";
    const given = argumentsOf(run, enter);
    const shown = fit(given, box.width - 54, 10.5);
    return {
      key: row,
      y: 4 + (first + i) * ROW,
      cls: `call ${first + i === 0 ? "now" : "open"}`,
      select: `call:${enter}`,
      go: enter + 1,
      lines: [
        [
          { x: 30 - textWidth(number, 11), text: number, cls: "ink3", size: 11 },
          { x: 40, text: name, cls: "name", size: 12.5, title: name === info.name ? "" : info.name },
          { x: box.width - 12 - textWidth(file, 10.5), text: file, cls: "ink3 where", size: 10.5 },
        ],
        [{ x: 40, text: shown, cls: "ink2", size: 10.5, title: shown === given ? "" : given }],
      ],
    };
  };
  const list = {
    name: "stack",
    rows: seen.map(rowOf),
    line: 14,
    base: 14,
    under: svg`${rows.length && first === 0 ? ground(4, box.width, ROW) : ""}${seen.map((row, i) =>
      calls.enter.data[row] === selected ? picked(INSET, 4.5 + (first + i) * ROW, box.width - 2 * INSET, ROW - 1) : "",
    )}`,
  };
  return {
    width: box.width,
    height,
    follow: 0,
    label: messages.t("stack-label", { depth: rows.length }),
    list,
    get svg() {
      return listSvg(list);
    },
    table: () => ({
      caption: messages.t("view-stack"),
      head: [messages.t("head-function"), messages.t("head-arguments"), messages.t("head-qemu")],
      rows: rows.map((row, i) => {
        const { info, enter, where } = describe(row);
        return { cells: [{ text: info.name, select: `call:${enter}`, changed: i === 0 }, argumentsOf(run, enter), where] };
      }),
    }),
    texts: {
      tree: () =>
        rows
          .toReversed()
          .map((row, i) => `${"  ".repeat(i)}${describe(row).info.name}(${argumentsOf(run, calls.enter.data[row])})  ${describe(row).where}`)
          .concat("")
          .join("\n"),
      mermaid: () =>
        ["sequenceDiagram", ...rows.toReversed().slice(1).map((row, i) => `  ${describe(rows.toReversed()[i]).info.name}->>${describe(row).info.name}: `), ""].join(
          "\n",
        ),
    },
  };
}
