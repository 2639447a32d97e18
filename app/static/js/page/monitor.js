/**
 * The monitor: a line for commands to the ready machine, and what they printed.
 * @module
 */

import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { ref } from "../../vendor/lit-html/directives/ref.js";
import { cardsOf } from "../views/cards.js";
import { button } from "./button.js";
import { icon } from "./icons.js";
import { held } from "./resources.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../core/run.js").Run} Run */

/** Place in the history of typed commands, counted from its end; 0 is the line itself. */
let back = 0;
/** The line as it was before the history was looked through. */
let draft = "";
/** Commands that the shown end of the transcript was scrolled to. */
let scrolled = -1;

/**
 * Everything that the monitor's look depends on.
 * @param {App} app
 */
export function monitorParts({ messages, run, monitorOpen, commands, at }) {
  return [messages, run, run?.length, run?.ending, monitorOpen, commands.length, run?.commands.findLastIndex(({ seq }) => seq < at)];
}

/** @param {App} app */
export function monitor(app) {
  const { run, messages } = app;
  if (!run || (!run.commands.length && (held || (run.ending && !run.ending.ready)))) return nothing;
  const { commands } = run;
  const busy = run.ending === null;
  const gone = run.ending !== null && !app.ready;
  return html`<section class="monitor" aria-label=${messages.t("monitor")}>
    ${app.monitorOpen && commands.length ? transcript(app, run) : nothing}
    <div class="monitor-line">
      <button type="button" class="tool small" aria-expanded=${String(app.monitorOpen && commands.length > 0)} title=${messages.t("command-monitor-log")}
        ?disabled=${!commands.length} @click=${() => {
          app.monitorOpen = !app.monitorOpen;
          app.changed();
        }}>${icon("terminal")}${commands.length ? html`<span class="num">${commands.length}</span>` : nothing}</button>
      <label for="monitor" class="mono prompt">(qemu)</label>
      <input id="monitor" class="mono" autocomplete="off" autocapitalize="off" spellcheck="false" aria-label=${messages.t("monitor-line")}
        placeholder=${messages.t(gone ? "monitor-gone" : held ? "notice-file" : busy ? "monitor-busy" : "monitor-hint")}
        ?disabled=${held !== null} @keydown=${(/** @type {KeyboardEvent} */ event) => key(app, event)} />
      ${held ? nothing : html`${offers(app, run)}${button(app, "undo-command", { icon: "undo", cls: "tool small" })}`}
    </div>
  </section>`;
}

/**
 * Every command with what it printed; those ahead of the present step are dim.
 * @param {App} app
 * @param {Run} run
 */
function transcript({ at, messages }, run) {
  const { commands } = run;
  const now = commands.findLastIndex(({ seq }) => seq < at);
  return html`<div class="transcript" tabindex="0" role="log" aria-label=${messages.t("monitor-printed")}
    ${ref((element) => {
      if (!element || scrolled === commands.length) return;
      scrolled = commands.length;
      requestAnimationFrame(() => element.scrollTo({ top: element.scrollHeight }));
    })}>
    <ol>${commands.map(({ seq, text }, i) => {
      const said = run.printed(i).trimEnd();
      return html`<li class=${i === now ? "now" : seq < at ? "past" : "ahead"} aria-current=${i === now ? "step" : nothing}>
        <button data-go=${seq + 1}><span class="dim">(qemu)</span> ${text}</button>${said ? html`<pre>${said}</pre>` : nothing}</li>`;
    })}</ol></div>`;
}

/**
 * Ready commands, with the names of this very machine.
 * @param {App} app
 * @param {Run} run
 */
function offers(app, run) {
  const { messages } = app;
  return html`<details class="save offers">
    <summary class="tool small" title=${messages.t("monitor-examples")} aria-label=${messages.t("monitor-examples")}>${icon("list")}</summary>
    <div class="menu">${examples(run).map(
      (command) => html`<button type="button" @click=${(/** @type {Event} */ event) => {
        /** @type {HTMLElement} */ (event.currentTarget).closest("details")?.removeAttribute("open");
        app.perform(command);
      }}><code>${command}</code></button>`,
    )}</div>
  </details>`;
}

/** @type {WeakMap<Run, {length: number, list: string[]}>} */
const made = new WeakMap();

/**
 * @param {Run} run
 * @returns {string[]}
 */
function examples(run) {
  const kept = made.get(run);
  if (kept?.length === run.length) return kept.list;
  const cards = cardsOf(run).filter(({ network, asked }) => network || asked);
  const names = cards.map(({ id }) => run.names.get(id)).filter((each) => each !== undefined);
  const card = names.find(({ name, type }) => name && type.includes("net"))?.name || "nic0";
  const port = names.find(({ name, type }) => name && /root-port|ioh3420|downstream|bridge/.test(type))?.name;
  const backend = run.header.argv.join(" ").match(/-netdev \S*?\bid=([\w.-]+)/)?.[1] ?? "n0";
  const taken = new Set([...names.map(({ name }) => name), ...run.commands.flatMap(({ text }) => text.match(/\bid=([\w.-]+)/)?.[1] ?? [])]);
  const free = (/** @type {string} */ stem) => Array.from({ length: 99 }, (_, i) => `${stem}${i + 1}`).find((name) => !taken.has(name)) ?? stem;
  const list = [
    `device_add virtio-net-pci,id=${free("nic")}${port ? `,bus=${port}` : ""}`,
    `device_del ${card}`,
    `netdev_add user,id=${free("net")}`,
    `set_link ${backend} off`,
    `host send ${backend} 64`,
    "system_reset",
    "info network",
    "info pci",
    "info qtree",
  ];
  made.set(run, { length: run.length, list });
  return list;
}

/**
 * Enter gives the command; the arrow keys go through what was typed.
 * @param {App} app
 * @param {KeyboardEvent} event
 */
function key(app, event) {
  const field = /** @type {HTMLInputElement} */ (event.currentTarget);
  if (event.key === "Enter" && !event.isComposing && field.value.trim() && app.run?.ending) {
    app.perform(field.value);
    field.value = "";
    back = 0;
  }
  const move = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!move) return;
  event.preventDefault();
  if (back === 0) draft = field.value;
  back = Math.max(0, Math.min(app.typed.length, back + move));
  field.value = back === 0 ? draft : app.typed[app.typed.length - back];
}
