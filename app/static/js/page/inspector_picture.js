/**
 * The pane "selection" as a drawing, for saving: what the inspector shows, as a table of texts.
 * @module
 */

import { svg } from "../../vendor/lit-html/lit-html.js";
import { whereOf } from "../core/log.js";
import { explainField, explainFunction, zeroOf } from "../core/sentence.js";
import { ABSENT, show } from "../core/values.js";
import { wrap } from "../views/draw.js";
import { fit, label, textWidth } from "../views/kit.js";
import { argumentsOf } from "../views/stack.js";
import { changesAt, measured } from "./frame.js";
import { around, brief, newest, writer } from "./inspector.js";
import { saveMenu } from "./savemenu.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../core/run.js").Run} Run */
/** @typedef {import("../views/view.js").Drawing} Drawing */
/** @typedef {{cells: string[], changed?: boolean, dim?: boolean}} Row */
/** @typedef {{title: string, about: string, why: string, parts: {head: string, rows: Row[]}[]}} Content */

const [PAD, ROW, SIZE] = [16, 19, 12];

/**
 * The pane's menu for saving.
 * @param {App} app
 */
export function inspectorMenu(app) {
  return saveMenu(app, "inspector", () => inspectorPicture(app, /** @type {Run} */ (app.run), measured("inspector").width));
}

/**
 * @param {App} app
 * @param {Run} run
 * @param {number} width
 * @returns {Drawing}
 */
function inspectorPicture(app, run, width) {
  const { messages } = app;
  const content = contentOf(app, run);
  const wide = Math.max(560, width);
  const lines = wrap(content.why, wide - 2 * PAD, 12.5);
  let y = PAD + 16;
  const drawn = [label(PAD, y, content.title, { cls: "b", size: 16, width: wide - 2 * PAD })];
  if (content.about) drawn.push(label(PAD, (y += 18), content.about, { cls: "m ink2", size: SIZE, width: wide - 2 * PAD }));
  for (const text of lines) drawn.push(label(PAD, (y += 18), text, { cls: "ink2", size: 12.5 }));
  for (const { head, rows } of content.parts) {
    y += 12;
    if (head) drawn.push(label(PAD, (y += ROW), head, { cls: "b ink2", size: SIZE }));
    const columns = widths(rows, wide - 2 * PAD);
    for (const { cells, changed, dim } of rows) {
      y += ROW;
      if (changed) drawn.push(svg`<rect x=${PAD - 6} y=${y - 14} width=${wide - 2 * PAD + 12} height=${ROW} class="changed-tint"></rect>`);
      let x = PAD;
      cells.forEach((cell, i) => {
        drawn.push(label(x, y, fit(cell, columns[i] - 10, SIZE), { cls: `m ${dim ? "ink3" : i === 0 ? "ink2" : ""}`, size: SIZE }));
        x += columns[i];
      });
    }
  }
  return {
    width: wide,
    height: y + PAD,
    label: `${content.title} ${content.about}`,
    svg: drawn,
    table: () => ({
      caption: `${messages.t("view-inspector")}: ${content.title}`,
      head: [],
      rows: content.parts.flatMap(({ head, rows }) => [...(head ? [{ level: 1, cells: [head] }] : []), ...rows.map(({ cells, changed }) => ({ level: head ? 2 : 1, cells: cells.map((text, i) => ({ text, changed: i === 0 && changed === true })) }))]),
    }),
  };
}

/**
 * The widths of columns: as their texts need, the last one takes what is left.
 * @param {readonly Row[]} rows
 * @param {number} room
 */
function widths(rows, room) {
  const count = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const wanted = Array.from({ length: count }, (_, i) => Math.max(...rows.map(({ cells }) => textWidth(cells[i] ?? "", SIZE))) + 14);
  const most = room / Math.max(1, count - 0.4);
  const own = wanted.map((each, i) => (i === count - 1 ? each : Math.min(each, most)));
  own[count - 1] = room - own.slice(0, -1).reduce((total, each) => total + each, 0);
  return own;
}

/**
 * @param {App} app
 * @param {Run} run
 * @returns {Content}
 */
function contentOf(app, run) {
  const { messages, selection, at } = app;
  const state = run.timeline.seek(at);
  const changes = changesAt(run, at, app.level);
  const name = (/** @type {number} */ id) => run.names.label(id);
  const value = (/** @type {import("../core/values.js").Value} */ of) => show(of, name);
  /** @type {(title: string, about?: string, why?: string, rows?: Row[]) => Content} */
  const made = (title, about = "", why = "", rows = []) => ({ title, about, why, parts: [...(rows.length ? [{ head: "", rows }] : []), ...(selection ? [written(app, run)] : [])] });
  switch (selection?.kind) {
    case "object": {
      const object = state.get(selection.id);
      const rows = [...(object?.fields ?? [])].map(([field, of]) => ({ cells: [field, value(of)], changed: changes.field(selection.id, field) }));
      return made(name(selection.id), `${run.names.get(selection.id)?.type ?? ""} · #${selection.id}${object?.freed ? ` · ${messages.t("freed")}` : ""}`, "", rows);
    }
    case "field": {
      const written = state.get(selection.id)?.field(selection.field) ?? ABSENT;
      const shown = written === ABSENT ? zeroOf(run, selection.id, selection.field) : written;
      return made(selection.field, `${messages.t("of")} ${name(selection.id)}`, explainField(messages, selection.field), [{ cells: [value(shown) + (written === ABSENT ? ` ${messages.t("never-written")}` : "")] }]);
    }
    case "byte": {
      const bytes = state.get(selection.id)?.field(selection.field);
      const shown = bytes instanceof Uint8Array ? [...bytes.slice(selection.at, selection.at + selection.size)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ") : "–";
      return made(`${selection.field} 0x${selection.at.toString(16)}`, `${messages.t("of")} ${name(selection.id)}`, "", [{ cells: [shown] }]);
    }
    case "call": {
      const info = run.header.functions[run.calls.fn.data[run.calls.row(selection.seq)]];
      return made(info?.name ?? "", whereOf(info), explainFunction(messages, info?.name ?? ""), [{ cells: [messages.t("arguments"), argumentsOf(run, selection.seq)] }]);
    }
    case "function":
      return made(selection.name, whereOf(run.header.functions.find((each) => each.name === selection.name)), explainFunction(messages, selection.name));
    case "type":
      return made(selection.name, messages.t("selected-type"));
    default: {
      const { seqs, count } = newest(run, changes.from, at);
      const rows = seqs.map((seq) => {
        const event = run.log.at(seq);
        const field = event[0] === "N" || event[0] === "F" ? "" : event[4];
        return { cells: [messages.number(seq), `${name(event[3])} ${field}`, brief(run, seq)] };
      });
      return { ...made(messages.t("view-step"), "", rows.length ? "" : messages.t("step-none"), rows), about: count > rows.length ? messages.t("step-more", { count: messages.number(count - rows.length) }) : "" };
    }
  }
}

/**
 * @param {App} app
 * @param {Run} run
 */
function written(app, run) {
  const { messages, at, selection } = app;
  const seqs = selection?.kind === "object" ? run.history.object(selection.id) : app.selectionWrites();
  const { first, now, shown } = around(seqs, at);
  const calls = selection?.kind === "call" || selection?.kind === "function";
  return {
    head: messages.t(calls ? "calls-of" : "written-by", { count: seqs.length }),
    rows: shown.map((seq, i) => ({ cells: [messages.number(seq), writer(run, seq), brief(run, seq)], changed: first + i === now, dim: seq >= at })),
  };
}
