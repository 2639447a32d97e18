/**
 * What is selected: its value now, what it is for, and every event that wrote it.
 * @module
 */

import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { NEW, POKE } from "../core/columns.js";
import { whereOf } from "../core/log.js";
import { explainField, explainFunction, zeroOf } from "../core/sentence.js";
import { ABSENT, decode, hex, show } from "../core/values.js";
import { argumentsOf } from "../views/stack.js";
import { button } from "./button.js";
import { changesAt } from "./frame.js";
import { historyList } from "./history.js";
import { writesOf } from "./selected.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../core/run.js").Run} Run */
/** @typedef {import("../core/selection.js").Selection} Selection */

/** Rows of a history that are told of at most, round the present place. */
const SHOWN = 60;

/** @param {App} app */
export function inspector(app) {
  const { run, selection, messages } = app;
  if (!run) return html`<div class="inspector empty"><p>${messages.t("nothing-selected")}</p></div>`;
  if (!selection) return stepChanges(app, run);
  run.timeline.seek(app.at);
  return html`<div class="inspector">${BY_KIND[selection.kind](app, run, /** @type {any} */ (selection))}</div>`;
}

/**
 * The newest changes of a step, the last of them last, and how many there are.
 * @param {Run} run
 * @param {number} from
 * @param {number} at
 */
export function newest(run, from, at) {
  const seqs = [];
  let count = 0;
  for (let seq = at - 1; seq >= from; seq--) {
    const kind = run.columns.kind.data[seq];
    if (kind < NEW || kind > POKE) continue;
    if (count++ < SHOWN) seqs.push(seq);
  }
  return { seqs: seqs.reverse(), count };
}

/**
 * The part of a history that is shown: round the present place.
 * @param {readonly number[]} seqs
 * @param {number} at
 * @param {number} [most] rows
 */
export function around(seqs, at, most = SHOWN) {
  const now = seqs.findLastIndex((seq) => seq < at);
  const first = Math.max(0, Math.min(now - Math.floor(most / 2), seqs.length - most));
  return { first, now, shown: seqs.slice(first, first + most) };
}

/**
 * Nothing is selected: what this step changed, the newest last.
 * @param {App} app
 * @param {Run} run
 */
function stepChanges(app, run) {
  const { messages, at } = app;
  const { from } = changesAt(run, at, app.level);
  const { seqs, count } = newest(run, from, at);
  return html`<div class="inspector">
    ${seqs.length ? historyList(app, seqs.map((seq) => changeOf(app, run, seq))) : html`<p class="dim">${messages.t("step-none")}</p>`}
    ${count > SHOWN ? html`<p class="dim">${messages.t("step-more", { count: messages.number(count - SHOWN) })}</p>` : nothing}
    <p class="dim hint">${messages.t("nothing-selected")}</p>
  </div>`;
}

/**
 * @param {App} app
 * @param {Run} run
 * @param {number} seq
 * @returns {import("./history.js").Entry}
 */
function changeOf({ messages }, run, seq) {
  const event = run.log.at(seq);
  const field = event[0] === "N" || event[0] === "F" ? "" : event[4];
  return {
    seq: messages.number(seq),
    who: [{ text: run.names.label(event[3]), cls: "obj" }, { text: field && ` ${field}`, cls: "field" }],
    change: brief(run, seq),
    select: field ? `field:${event[3]}:${field}` : `object:${event[3]}`,
  };
}

/**
 * @param {App} app
 * @param {string} kind
 * @param {unknown} name
 * @param {unknown} [more]
 */
function heading(app, kind, name, more = nothing) {
  return html`<header class="chosen"><span class="kind">${app.messages.t(`selected-${kind}`)}</span><h3>${name}</h3>${more}</header>`;
}

/** @type {Record<Selection["kind"], (app: App, run: Run, selection: any) => unknown>} */
const BY_KIND = {
  object(app, run, { id }) {
    const object = run.timeline.state.get(id);
    const changes = changesAt(run, app.at, app.level);
    return html`${heading(app, object?.isClass ? "class" : "object", run.names.label(id), html`<p>${run.names.get(id)?.type} · #${id}${object?.freed ? ` · ${app.messages.t("freed")}` : ""}</p>`)}
      ${object
        ? object.structs.map((struct) => {
            const fields = [...object.fields].filter(([name]) => (name.includes(".") ? name.startsWith(`${struct}.`) : true));
            return html`<h4>${struct}</h4>
              ${fields.length
                ? html`<table class="fields"><tbody>${fields.map(
                    ([name, value]) => html`<tr class=${changes.field(id, name) ? "changed" : ""}>
                      <th scope="row"><button class="name field" data-select="field:${id}:${name}">${name.slice(name.indexOf(".") + 1)}</button></th>
                      <td>${valueOf(run, value)}</td></tr>`,
                  )}</tbody></table>`
                : html`<p class="dim">${app.messages.t("all-zero")}</p>`}`;
          })
        : html`<p class="dim">${app.messages.t("not-yet")}</p>`}
      ${history(app, run, run.history.object(id))}`;
  },
  field(app, run, { id, field }) {
    const value = run.timeline.state.get(id)?.field(field) ?? ABSENT;
    const shown = value === ABSENT ? zeroOf(run, id, field) : value;
    return html`${heading(app, "field", field.replace(/_$/, ""), html`<p>${app.messages.t("of")} <button class="name obj" data-select="object:${id}">${run.names.label(id)}</button></p>`)}
      <p class="value">${valueOf(run, shown)}${value === ABSENT ? html` <span class="dim">${app.messages.t("never-written")}</span>` : nothing}</p>
      ${explanation(explainField(app.messages, field))}
      ${history(app, run, run.history.field(id, field))}`;
  },
  byte(app, run, { id, field, at, size }) {
    const value = run.timeline.state.get(id)?.field(field);
    const bytes = value instanceof Uint8Array ? value.slice(at, at + size) : null;
    const offset = `0x${at.toString(16).padStart(2, "0")}${size > 1 ? `–0x${(at + size - 1).toString(16).padStart(2, "0")}` : ""}`;
    return html`${heading(app, "byte", offset, html`<p><button class="name field" data-select="field:${id}:${field}">${field}</button> ${app.messages.t("of")} <button class="name obj" data-select="object:${id}">${run.names.label(id)}</button></p>`)}
      <p class="value">${bytes ? hex(bytes).replace(/..(?=.)/g, "$& ") : "–"}</p>
      ${history(app, run, run.history.field(id, field, at))}`;
  },
  call(app, run, { seq }) {
    const row = run.calls.row(seq);
    if (row === -1) return nothing;
    const info = run.header.functions[run.calls.fn.data[row]];
    const exit = run.calls.exit.data[row];
    const parent = run.calls.parent.data[row];
    const left = exit === -1 ? null : run.log.at(exit);
    return html`${heading(app, "call", info.name, html`<p>${whereOf(info)}</p>`)}
      ${explanation(explainFunction(app.messages, info.name))}
      <table class="fields"><tbody>
        <tr><th scope="row">${app.messages.t("arguments")}</th><td class="mono">${argumentsOf(run, seq) || "–"}</td></tr>
        <tr><th scope="row">${app.messages.t("result")}</th><td class="mono">${left ? (left[4] ?? valueOf(run, decode(left[3]))) : "–"}</td></tr>
        ${parent === -1
          ? nothing
          : html`<tr><th scope="row">${app.messages.t("caller")}</th><td><button class="name fn" data-select="call:${run.calls.enter.data[parent]}">${run.functionName(run.calls.fn.data[parent])}</button></td></tr>`}
        <tr><th scope="row">${app.messages.t("head-events")}</th><td><button class="link" data-go=${seq + 1}>${app.messages.number(seq)}</button> – <button class="link" data-go=${exit + 1}>${exit === -1 ? "…" : app.messages.number(exit)}</button></td></tr>
      </tbody></table>
      ${history(app, run, writesOf(run, { kind: "function", name: info.name }), "calls-of")}`;
  },
  function(app, run, { name }) {
    const info = run.header.functions.find((each) => each.name === name);
    return html`${heading(app, "function", name, html`<p>${whereOf(info)}</p>`)}
      ${explanation(explainFunction(app.messages, name))}
      ${history(app, run, app.selectionWrites(), "calls-of")}`;
  },
  type(app, run, { name }) {
    const ids = [...run.names.ofType(name, "ObjectClass"), ...run.names.ofType(name)];
    const id = `type-${name}`;
    return html`${heading(app, "type", name)}
      ${explanation(app.messages.has(id) ? app.messages.t(id) : "")}
      <ul>${ids.slice(0, SHOWN).map((each) => html`<li><button class="name obj" data-select="object:${each}">${run.names.label(each)}</button></li>`)}</ul>
      ${history(app, run, app.selectionWrites())}`;
  },
};

/** @param {string} text */
function explanation(text) {
  return text ? html`<p class="why">${text}</p>` : nothing;
}

/**
 * @param {Run} run
 * @param {import("../core/values.js").Value} value
 * @returns {unknown}
 */
function valueOf(run, value) {
  const text = show(value, (id) => run.names.label(id));
  if (typeof value === "object" && value !== null && "id" in value) {
    return html`<button class="name obj" data-select="object:${value.id}">${text}</button>`;
  }
  if (typeof value === "object" && value !== null && "name" in value) {
    return html`<button class="name fn" data-select="function:${value.name}">${text}</button>`;
  }
  return html`<span class="mono">${text}</span>`;
}

/**
 * @param {App} app
 * @param {Run} run
 * @param {readonly number[]} seqs
 * @param {string} [title]
 */
function history(app, run, seqs, title = "written-by") {
  const { messages, at } = app;
  const { first, now, shown } = around(seqs, at);
  return html`<div class="history">
    <h4>${messages.t(title, { count: seqs.length })}
      <span>${button(app, "previous-change", { icon: "back" })}${button(app, "next-change", { icon: "forward" })}${button(app, "break-here", { icon: "dot" })}</span></h4>
    ${historyList(
      app,
      shown.map((seq, i) => ({
        seq: messages.number(seq),
        who: [{ text: writer(run, seq), cls: "fn" }],
        change: brief(run, seq),
        cls: seq === at - 1 ? "now" : seq < at ? "past" : "ahead",
        current: first + i === now,
        go: seq + 1,
      })),
    )}
    ${seqs.length > shown.length ? html`<p class="dim">${messages.t("shown-of", { shown: shown.length, count: messages.number(seqs.length) })}</p>` : nothing}
  </div>`;
}

/**
 * The function that an event happened in; of an Enter: the caller.
 * @param {Run} run
 * @param {number} seq
 */
export function writer(run, seq) {
  const row = run.calls.row(run.columns.call.data[seq]);
  return row === -1 ? "–" : run.functionName(run.calls.fn.data[row]);
}

/**
 * Before and after, in a few characters.
 * @param {Run} run
 * @param {number} seq
 */
export function brief(run, seq) {
  const event = run.log.at(seq);
  const text = (/** @type {any} */ wire) => show(decode(wire), (id) => run.names.label(id));
  switch (event[0]) {
    case "S":
      return `${event[5]?.a ? "" : `${text(event[5])} `}→ ${text(event[6])}`;
    case "P":
      return `[${event[7]?.b === undefined ? event[5] : `0x${event[5].toString(16).padStart(2, "0")}`}] ${text(event[6])} → ${text(event[7])}`;
    case "I":
      return `+ ${typeof event[5] === "string" ? `${event[5]}: ` : ""}${text(event[6])}`;
    case "R":
      return `− ${typeof event[5] === "string" ? event[5] : text(event[6])}`;
    case "N":
      return `✚ ${event[4]}`;
    case "F":
      return "✕";
    default:
      return "";
  }
}
